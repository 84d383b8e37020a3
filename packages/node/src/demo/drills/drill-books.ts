import { setTimeout as sleep } from "node:timers/promises";
import type { DrillParty } from "./drill.ts";

const BECOMES_TRUE_MAX_MS = 60_000;
const LOOK_AGAIN_MS = 20;

/** What a party may spend of a currency, in minor units. */
export async function cashOf(party: DrillParty, currency: string): Promise<bigint> {
  const coins = await party.states("cash/cash", { status: "unconsumed", isOurs: true });
  let sum = 0n;
  for (const { state } of coins) {
    const amount = state.amount as { minorUnits: string; currency: string };
    if (amount.currency === currency) sum += BigInt(amount.minorUnits);
  }
  return sum;
}

/** The identities that parties' vaults name as owner of an invoice, without repetition. */
export async function ownersOf(
  linearId: string,
  parties: readonly DrillParty[],
): Promise<string[]> {
  const found = await Promise.all(
    parties.map(async (party) => {
      const invoices = await party.states("invoice/invoice", { status: "unconsumed" });
      return invoices
        .filter(({ state }) => state.linearId === linearId)
        .map(({ state }) => (state.owner as { identity: string }).identity);
    }),
  );
  return [...new Set(found.flat())];
}

/** How many different states of a type, of one invoice, a party has ever had. */
export async function statesOfInvoice(
  party: DrillParty,
  type: string,
  linearId: string,
): Promise<number> {
  const states = await party.states(type, { status: "all" });
  const ofThis = states.filter(({ state }) => state.invoice === linearId);
  return new Set(ofThis.map(({ state }) => state.linearId)).size;
}

/** Everything that a party's vault has of a type, so that nothing new is seen to be nothing new. */
export async function refsOf(party: DrillParty, type: string): Promise<string> {
  const states = await party.states(type, { status: "all" });
  return states
    .map(({ ref, status }) => `${ref.txId}:${ref.index} ${status}`)
    .sort()
    .join("\n");
}

/** Looks again and again, and gives up after a minute. */
export async function becomesTrue(holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + BECOMES_TRUE_MAX_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await sleep(LOOK_AGAIN_MS);
  }
  return true;
}
