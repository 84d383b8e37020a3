import type { UblInvoice } from "@stateset/invoice";
import { dayNumber } from "@stateset/ledger/contract";
import { type LifecycleFacts, type Role, resultOf, type StepName } from "./lifecycle-facts.ts";

export type PlannedStep = {
  name: StepName;
  party: Role;
  flow: string;
  input: (facts: LifecycleFacts) => object;
  /** The step of another party that the party must have heard of. */
  answers?: StepName;
  isNeeded?: (facts: LifecycleFacts) => boolean;
};

/** The life of an invoice that is financed, each step as the user of a party would take it. */
export const LIFECYCLE_STEPS: readonly PlannedStep[] = [
  {
    name: "fund-buyer",
    party: "bank",
    flow: "cash/issue",
    input: ({ parties, ubl }) => ({ to: parties.buyer.legalName, amount: amountOf(ubl) }),
  },
  {
    name: "fund-lender",
    party: "bank",
    flow: "cash/issue",
    input: ({ parties, ubl }) => ({ to: parties.lender.legalName, amount: amountOf(ubl) }),
  },
  {
    name: "issue",
    party: "seller",
    flow: "invoice/issue",
    input: ({ parties, xml }) => ({
      document: Buffer.from(xml).toString("base64"),
      cashIssuers: [parties.bank.legalName],
      buyer: parties.buyer.legalName,
    }),
  },
  {
    name: "take-up",
    party: "buyer",
    flow: "invoice/respond",
    answers: "issue",
    input: (facts) => ({ invoice: invoiceOf(facts), response: "IP" }),
  },
  {
    name: "approve",
    party: "buyer",
    flow: "invoice/respond",
    input: (facts) => ({ invoice: invoiceOf(facts), response: "AP" }),
  },
  {
    name: "request",
    party: "seller",
    flow: "receivable/request",
    answers: "approve",
    input: (facts) => ({
      invoice: invoiceOf(facts),
      lender: facts.parties.lender.legalName,
      ...(facts.ubl.dueDate === undefined && { dueDate: facts.dueDate }),
    }),
  },
  {
    name: "quote",
    party: "lender",
    flow: "receivable/quote",
    answers: "request",
    input: (facts) => ({
      offer: offerOf(facts),
      ...facts.terms,
      cashIssuer: facts.parties.bank.legalName,
      overdueDaysMax: overdueDaysMax(facts),
    }),
  },
  {
    name: "accept",
    party: "seller",
    flow: "receivable/accept",
    answers: "quote",
    input: (facts) => ({ offer: offerOf(facts) }),
  },
  {
    name: "assign",
    party: "lender",
    flow: "receivable/assign",
    answers: "accept",
    input: (facts) => ({ offer: offerOf(facts) }),
  },
  {
    name: "notify",
    party: "lender",
    flow: "receivable/notify",
    input: (facts) => ({ notice: noticeOf(facts) }),
  },
  {
    name: "acknowledge",
    party: "buyer",
    flow: "receivable/acknowledge",
    answers: "notify",
    input: (facts) => ({ notice: noticeOf(facts) }),
  },
  {
    name: "pay-part",
    party: "buyer",
    flow: "invoice/pay",
    answers: "assign",
    input: (facts) => ({
      invoice: invoiceOf(facts),
      amount: String(facts.firstPayment),
      payee: facts.parties.lender.legalName,
    }),
    isNeeded: ({ firstPayment }) => firstPayment > 0n,
  },
  {
    name: "pay-rest",
    party: "buyer",
    flow: "invoice/pay",
    answers: "assign",
    input: (facts) => ({ invoice: invoiceOf(facts), payee: facts.parties.lender.legalName }),
  },
  {
    name: "settle",
    party: "lender",
    flow: "receivable/settle",
    answers: "pay-rest",
    input: ({ results }) => ({ receivable: resultOf(results, "assign", "receivable") }),
  },
];

/** How long the invoice is overdue, and a day more, as the day may end while the steps are taken. */
export function overdueDaysMax({ today, dueDate }: Pick<LifecycleFacts, "today" | "dueDate">) {
  const days = dayNumber(today) - dayNumber(dueDate);
  return days > 0 ? days + 1 : 0;
}

function invoiceOf({ results }: LifecycleFacts): string {
  return resultOf(results, "issue", "linearId");
}

function offerOf({ results }: LifecycleFacts): string {
  return resultOf(results, "request", "offer");
}

function noticeOf({ results }: LifecycleFacts): string {
  return resultOf(results, "assign", "notice");
}

function amountOf({ totals, currency }: UblInvoice): object {
  return { minorUnits: String(totals.payable), currency };
}
