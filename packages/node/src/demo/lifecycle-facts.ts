import type { UblInvoice } from "@stateset/invoice";
import { plusDays } from "@stateset/ledger/contract";

export type Role = "bank" | "seller" | "buyer" | "lender";

/** A party as its user sees it: it runs flows on its node, and gets their results. */
export type LifecycleParty = {
  /** As the network map has it, so that no other party can be meant. */
  legalName: string;
  /** Starts a flow and waits for its end. @throws where it does not complete */
  run(flow: string, input: object): Promise<Record<string, unknown>>;
  /** Resolves when the node has recorded a transaction: parties that need not sign are told of it. */
  holds(txId: string): Promise<void>;
};
export type LifecycleParties = Readonly<Record<Role, LifecycleParty>>;

/** What a lender asks for; see `receivable/quote`. Rates are percentages. */
export type Terms = {
  advanceRate: string;
  discountRate: string;
  feeRate: string;
  dayCount: string;
  recourseDays: number;
};

/** What is known of a lifecycle while it runs. */
export type LifecycleFacts = {
  parties: LifecycleParties;
  xml: Uint8Array;
  ubl: UblInvoice;
  terms: Terms;
  /** The day (UTC) that it began on. */
  today: string;
  /** The invoice's, or the one that seller and lender agree on. */
  dueDate: string;
  /** What the buyer pays first; nothing of an invoice that cannot be parted. */
  firstPayment: bigint;
  results: ReadonlyMap<StepName, Record<string, unknown>>;
};

export type StepName =
  | "fund-buyer"
  | "fund-lender"
  | "issue"
  | "take-up"
  | "approve"
  | "request"
  | "quote"
  | "accept"
  | "assign"
  | "notify"
  | "acknowledge"
  | "pay-part"
  | "pay-rest"
  | "settle";

/** Days until an invoice is due that does not say when. */
const AGREED_DUE_DAYS = 30;

/** An invoice's due date; where it names none, the one that the parties agree on today. */
export function dueDateOf({ dueDate }: { dueDate?: string | undefined }, today: string): string {
  return dueDate ?? plusDays(today, AGREED_DUE_DAYS);
}

/** What a step's flow gave, as text. */
export function resultOf(
  results: LifecycleFacts["results"],
  step: StepName,
  field: string,
): string {
  const value = results.get(step)?.[field];
  if (typeof value === "string") return value;
  throw new Error(`step ${step} gave no ${field}`);
}
