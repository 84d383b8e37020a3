import { encodeNotarisationRequest } from "@stateset/flow";
import { transactionId } from "@stateset/ledger";
import type { ChainRequest, MemberChain } from "@stateset/notary";
import type { NotaryFixture } from "@stateset/testing";

const COINS_OF_ISSUANCE = 250;
/** Of issuances, which are large. */
const BATCH = 8;

/**
 * Requests that each spend one state with one signature, of states that the chain has notarised; so
 * each is to be notarised, once.
 */
export async function spends(
  fixture: NotaryFixture,
  chain: MemberChain,
  count: number,
): Promise<ChainRequest[]> {
  const issuances = Math.ceil(count / COINS_OF_ISSUANCE);
  const made: ChainRequest[] = [];
  for (let from = 0; from < issuances; from += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, issuances - from) }, () => issue(fixture));
    const { verdicts } = await chain.submit(some.map(({ request }) => request));
    const told = await verdicts;
    if (told.verdicts.some(({ kind }) => kind !== "notarised"))
      throw new Error(`an issuance is ${JSON.stringify(told.verdicts)}`);
    const { places } = await chain.places(some.map(({ id }) => id));
    for (const [i, { coins }] of some.entries())
      for (const coin of coins) made.push({ shown: spend(fixture, coin), created: [places[i]] });
  }
  return made.slice(0, count);
}

function issue(fixture: NotaryFixture) {
  const holders = Array.from({ length: COINS_OF_ISSUANCE }, () =>
    fixture.alice.holder({ oneTimeKey: true }),
  );
  const headers = holders.map((holder) => fixture.header(holder));
  const transaction = fixture.build({ headers });
  const txId = transactionId(transaction);
  return {
    id: txId,
    request: { shown: shown(fixture, fixture.sign(transaction)), created: [] },
    coins: holders.map((holder, index) => ({ ref: { txId, index }, holder })),
  };
}

type Coin = ReturnType<typeof issue>["coins"][number];

function spend(fixture: NotaryFixture, coin: Coin): Uint8Array {
  const until = Date.now() + 3_600_000;
  return shown(fixture, fixture.move(coin, { timeWindow: [{ until }] }));
}

function shown(fixture: NotaryFixture, signed: ReturnType<NotaryFixture["sign"]>): Uint8Array {
  return encodeNotarisationRequest(fixture.request(signed));
}
