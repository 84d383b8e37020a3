import { publicKeyOf, type SecretKey, sign, toHex } from "@stateset/codec";
import type { Clock, NetworkMap } from "@stateset/flow";
import type { MemberSet, NotaryId } from "@stateset/ledger";
import { EmbeddedNotary, type EmbeddedNotaryOptions, type NotaryStore } from "@stateset/notary";
import { type NotaryUnderTest, seededRandom } from "@stateset/testing";

/** Time that only moves when told to; what waits for it goes on at once. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000;

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = setImmediate(() => {
      this.#now += delayMs;
      callback();
    });
    return () => clearImmediate(timer);
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

const random = seededRandom("embedded notary");
const memberKey: SecretKey = { kind: "ed25519", secret: random(32) };

export const memberSet: MemberSet = {
  cluster: toHex(random(32)) as NotaryId,
  epoch: 0,
  quorum: 1,
  members: [publicKeyOf(memberKey)],
};

/** What an embedded notary is opened with, but for where it keeps what it knows. */
export function optionsOf(
  map: NetworkMap,
  store: NotaryStore,
  clock: Clock,
): EmbeddedNotaryOptions {
  return { memberSet, sign: async (payload) => sign(memberKey, payload), store, clock, map };
}

export async function embeddedSubject(
  map: NetworkMap,
  store: NotaryStore,
): Promise<NotaryUnderTest & { notary: EmbeddedNotary; clock: ManualClock }> {
  const clock = new ManualClock();
  return {
    notary: await EmbeddedNotary.open(optionsOf(map, store, clock)),
    memberSets: [memberSet],
    clock,
    now: () => clock.now(),
    advance: async (ms) => clock.advance(ms),
  };
}
