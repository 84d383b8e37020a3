import { RequestError } from "../../request-error.ts";
import type { Drill, DrillNotes, DrillParty, DrillStage } from "./drill.ts";
import { cashOf, ownersOf, statesOfInvoice } from "./drill-books.ts";
import {
  acceptedOffer,
  fund,
  giveNotice,
  issueApproved,
  type StagedInvoice,
  textOf,
} from "./staged-invoice.ts";

/**
 * Whichever of the two is later by how much: the notary has seen the invoice spent, or the assignor
 * already shows it as another's.
 */
const CONFLICTS = ["notary/conflict", "receivable/no-title"];

type Runner = { party: DrillParty; offer: string; before: bigint };

/** Title moves to one lender, and no money moves with the other. */
export const racingLenders: Drill = {
  name: "racing-lenders",
  title: "Two lenders take over one invoice at the same moment",
  async run(stage, notes) {
    const { lender, rival } = stage.parties;
    const invoice = await issueApproved(stage);
    const runners: Runner[] = [];
    for (const party of [lender, rival]) {
      const { currency, payable: minorUnits } = invoice;
      await fund(stage, party, { minorUnits, currency });
      const offer = await acceptedOffer(stage, invoice, party);
      runners.push({ party, offer, before: await cashOf(party, currency) });
    }
    const results = await Promise.all(runners.map((runner) => assign(runner, notes)));
    const winners = runners.filter((_, i) => results[i] !== undefined);
    notes.check(winners.length === 1, "exactly one of the two has the title");
    if (notes.met.includes("notary/conflict"))
      notes.leavesWaiting(
        { party: stage.parties.seller.name, flow: "receivable/assign" },
        "the seller, who had signed for both, waits until nobody can bring the other again",
      );
    const [winner] = winners;
    const result = results.find((each) => each !== undefined);
    if (winner === undefined || result === undefined) return;
    await checkBooks(stage, notes, { invoice, runners, winner, result });
  },
};

/** @returns what the flow gave, where it was the first */
async function assign(
  { party, offer }: Runner,
  notes: DrillNotes,
): Promise<Record<string, unknown> | undefined> {
  const attempt = `${party.name} starts receivable/assign`;
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  try {
    const result = await party.run("receivable/assign", { offer });
    notes.attempt({ attempt, outcome: "completed", ms: ms() }, true, "");
    return result;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { code } = error;
    const isAsItMust = CONFLICTS.includes(code);
    const expected = `refused by ${CONFLICTS.join(" or ")}`;
    notes.attempt({ attempt, outcome: "refused", refusedBy: code, ms: ms() }, isAsItMust, expected);
    return undefined;
  }
}

async function checkBooks(
  stage: DrillStage,
  notes: DrillNotes,
  race: {
    invoice: StagedInvoice;
    runners: readonly Runner[];
    winner: Runner;
    result: Record<string, unknown>;
  },
): Promise<void> {
  const { seller, buyer } = stage.parties;
  const { invoice, runners, winner, result } = race;
  const { name, identity } = winner.party;
  await giveNotice(stage, winner.party, result);
  const owners = await ownersOf(invoice.linearId, [seller, buyer, winner.party]);
  notes.check(owners.join() === identity, `seller, buyer and ${name} name ${name} as the owner`);
  for (const { party, before } of runners) {
    const paid = before - (await cashOf(party, invoice.currency));
    const advance = party === winner.party ? BigInt(textOf(result, "advance")) : 0n;
    const said = party === winner.party ? "paid the advance once" : "kept its money";
    notes.check(paid === advance, `${party.name} ${said}`);
    const bought = await statesOfInvoice(party, "receivable/receivable", invoice.linearId);
    if (party !== winner.party)
      notes.check(bought === 0, `${party.name} has no receivable of the invoice`);
  }
}
