import { dayOf } from "@stateset/ledger/contract";
import { TERMS } from "../lifecycle.ts";
import { dueDateOf } from "../lifecycle-facts.ts";
import { overdueDaysMax } from "../lifecycle-steps.ts";
import type { DrillDocument, DrillParty, DrillStage } from "./drill.ts";

/** An invoice that the buyer has approved and nobody financed yet. */
export type StagedInvoice = {
  linearId: string;
  number: string;
  currency: string;
  payable: bigint;
  dueDate: string | undefined;
};

export async function issueApproved(
  stage: DrillStage,
  { xml, ubl }: DrillDocument = stage.nextDocument(),
): Promise<StagedInvoice> {
  const { seller, buyer, bank } = stage.parties;
  const issued = await seller.run("invoice/issue", {
    document: Buffer.from(xml).toString("base64"),
    cashIssuers: [bank.legalName],
    buyer: buyer.legalName,
  });
  await buyer.holds(textOf(issued, "transactionId"));
  const linearId = textOf(issued, "linearId");
  const approved = await buyer.run("invoice/respond", { invoice: linearId, response: "AP" });
  await seller.holds(textOf(approved, "transactionId"));
  const { number, currency, totals, dueDate } = ubl;
  return { linearId, number, currency, payable: totals.payable, dueDate };
}

/** An offer of a lender's that the seller has accepted. @returns its linear id */
export async function acceptedOffer(
  { parties: { seller, bank } }: DrillStage,
  invoice: StagedInvoice,
  lender: DrillParty,
  change: { advanceRate?: string } = {},
): Promise<string> {
  const today = dayOf(Date.now());
  const dueDate = dueDateOf(invoice, today);
  const requested = await seller.run("receivable/request", {
    invoice: invoice.linearId,
    lender: lender.legalName,
    ...(invoice.dueDate === undefined && { dueDate }),
  });
  const offer = textOf(requested, "offer");
  await lender.holds(textOf(requested, "transactionId"));
  const quoted = await lender.run("receivable/quote", {
    ...{ offer, ...TERMS, ...change },
    cashIssuer: bank.legalName,
    overdueDaysMax: overdueDaysMax({ today, dueDate }),
  });
  await seller.holds(textOf(quoted, "transactionId"));
  const accepted = await seller.run("receivable/accept", { offer });
  await lender.holds(textOf(accepted, "transactionId"));
  return offer;
}

/** The buyer is given notice, and acknowledges it: only so does it hear of an assignment. */
export async function giveNotice(
  { parties: { buyer } }: DrillStage,
  lender: DrillParty,
  assigned: Record<string, unknown>,
): Promise<void> {
  const notice = textOf(assigned, "notice");
  const given = await lender.run("receivable/notify", { notice });
  await buyer.holds(textOf(given, "transactionId"));
  await buyer.run("receivable/acknowledge", { notice });
}

/** Gives a party cash of the bank's. */
export async function fund(
  { parties: { bank } }: DrillStage,
  to: DrillParty,
  amount: { minorUnits: bigint; currency: string },
): Promise<void> {
  const { minorUnits, currency } = amount;
  const issued = await bank.run("cash/issue", {
    to: to.legalName,
    amount: { minorUnits: String(minorUnits), currency },
  });
  await to.holds(textOf(issued, "transactionId"));
}

/** What a flow gave, as text. */
export function textOf(result: Record<string, unknown>, field: string): string {
  const value = result[field];
  if (typeof value === "string") return value;
  throw new Error(`a flow gave no ${field}`);
}
