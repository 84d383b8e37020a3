import type { IdentityId } from "@stateset/ledger";
import fc from "fast-check";
import { test } from "vitest";
import type { Network } from "../ports/network.ts";
import type { FlowRecord } from "../ports/store.ts";
import { FlowSession, type Outgoing } from "./flow-session.ts";
import { SessionHub } from "./session-hub.ts";

const SESSION = "5e".repeat(16);
const protocol = { name: "test/talk", version: 1 };
const identity = { initiator: "a1".repeat(32), responder: "b2".repeat(32) } as {
  [S in "initiator" | "responder"]: IdentityId;
};
const LINES = 6;

/** A node with one flow, which says its lines and hears the other's; it may die at any time. */
class Talker {
  readonly side: "initiator" | "responder";
  hub!: SessionHub;
  session: FlowSession | undefined;
  wire: Uint8Array[] = [];
  isUp = false;
  heard: string[] = [];
  #said = 0;
  /** What survives: as the journal and the outbox have it. */
  #durable = { exists: false, said: 0, heard: [] as string[], outbox: [] as Outgoing[] };

  constructor(side: "initiator" | "responder") {
    this.side = side;
    this.restart();
  }

  get peer(): IdentityId {
    return identity[this.side === "initiator" ? "responder" : "initiator"];
  }

  get isDone(): boolean {
    return this.heard.length === LINES && this.#said === LINES;
  }

  restart(): void {
    const network = {
      connect() {},
      send: (_: IdentityId, frame: Uint8Array) => {
        if (this.isUp) this.wire.push(frame);
        return this.isUp;
      },
    } as unknown as Network;
    const host = {
      responder: (session: FlowSession) => {
        this.session = session;
        return undefined;
      },
      storedFlow: async () =>
        this.#durable.exists ? ({ initiator: this.peer } as FlowRecord) : undefined,
      delivered: (_: FlowSession, upTo: number) => {
        const { outbox } = this.#durable;
        this.#durable.outbox = outbox.filter(({ sequence }) => sequence >= upTo);
      },
    };
    this.hub = new SessionHub({ network, host, log() {} });
    const { exists, said, heard, outbox } = this.#durable;
    this.#said = said;
    this.heard = [...heard];
    this.session = undefined;
    if (!exists && this.side === "responder") return;
    this.session = new FlowSession({ id: SESSION, side: this.side, peer: this.peer, protocol });
    for (const message of outbox) this.session.restore(message);
    if (said > 0) this.session.replaySend(said - 1);
    this.session.consumed = heard.length;
    this.session.consumedDurably = heard.length;
    this.hub.add(this.session);
  }

  say(isCommitted: boolean): void {
    const { session } = this;
    if (session === undefined || this.#said === LINES) return;
    session.enqueue("line", new TextEncoder().encode(`${this.side} ${this.#said++}`));
    if (isCommitted) this.commit();
    // A repeatable message leaves before it is durable.
    session.released = session.nextSequence;
    this.hub.transmit(session);
  }

  commit(): void {
    const { session } = this;
    if (session === undefined) return;
    session.stored = session.nextSequence;
    const outbox = [...session.outgoing];
    this.#durable = { exists: true, said: this.#said, heard: [...this.heard], outbox };
    session.consumedDurably = session.consumed;
    this.hub.tellProgress(session);
  }

  async hear(): Promise<void> {
    const { session } = this;
    if (session === undefined || session.expected <= session.consumed) return;
    const { body } = await session.take();
    this.heard.push(new TextDecoder().decode(body));
  }
}

type Step =
  | readonly [what: "say" | "sayDurably" | "hear" | "commit" | "die", by: 0 | 1]
  | "cut"
  | "deliver";

const by = fc.constantFrom(0 as const, 1 as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant("deliver" as const) },
  { weight: 1, arbitrary: fc.constant("cut" as const) },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom("say", "sayDurably", "hear"), by) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("commit" as const), by) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("die" as const), by) },
) as fc.Arbitrary<Step>;

class Talk {
  readonly talkers = [new Talker("initiator"), new Talker("responder")] as const;

  async do(step: Step): Promise<void> {
    if (step === "cut") this.cut();
    else if (step === "deliver") await this.deliver();
    else {
      const talker = this.talkers[step[1]];
      if (step[0] === "die") {
        this.cut();
        talker.restart();
      } else if (step[0] === "hear") await talker.hear();
      else if (step[0] === "commit") talker.commit();
      else talker.say(step[0] === "sayDurably");
    }
    this.connect();
  }

  cut(): void {
    for (const talker of this.talkers) {
      if (talker.isUp) talker.hub.peerDown(talker.peer);
      talker.isUp = false;
      talker.wire = [];
    }
  }

  connect(): void {
    if (this.talkers.every(({ isUp }) => isUp)) return;
    for (const talker of this.talkers) talker.isUp = true;
    for (const talker of this.talkers)
      talker.hub.peerUp(talker.peer, { incarnation: "one", run: 1 });
  }

  async deliver(): Promise<void> {
    const [one, other] = this.talkers;
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const frame = from.wire.shift();
      if (frame !== undefined) to.hub.frame(to.peer, frame);
    }
    await new Promise(setImmediate);
  }

  /** Both go on undisturbed until they are done. */
  async finish(): Promise<void> {
    for (let turn = 0; turn < 400 && !this.talkers.every(({ isDone }) => isDone); turn++)
      for (const talker of this.talkers) {
        talker.say(true);
        await talker.hear();
        talker.commit();
        await this.deliver();
      }
  }
}

test("whatever is cut and whoever dies, both hear every line once and in order", async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
    const talk = new Talk();
    talk.connect();
    for (const each of steps) await talk.do(each);
    await talk.finish();
    for (const talker of talk.talkers) {
      const other = talker.side === "initiator" ? "responder" : "initiator";
      const expected = Array.from({ length: LINES }, (_, i) => `${other} ${i}`);
      if (talker.heard.join() !== expected.join())
        throw new Error(`${talker.side} heard ${JSON.stringify(talker.heard)}`);
    }
  });
  await fc.assert(property, { numRuns: 200 });
});
