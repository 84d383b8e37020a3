import type { UblInvoice } from "@stateset/invoice";
import { dayNumber, dayOf, plusDays } from "@stateset/ledger/contract";

export type Role = "bank" | "seller" | "buyer" | "lender";

/** A party as its user sees it: it runs flows on its node, and gets their results. */
export type LifecycleParty = {
  /** As the network map has it, so that no other party can be meant. */
  legalName: string;
  /** Starts a flow and waits for its end. @throws where it does not complete */
  run(flow: string, input: object): Promise<Record<string, unknown>>;
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

export const TERMS: Terms = {
  advanceRate: "80",
  discountRate: "7.5",
  feeRate: "0.5",
  dayCount: "A004",
  recourseDays: 90,
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

/** A step that was done. */
export type LifecycleStep = {
  /** From 1 on. */
  step: number;
  of: number;
  name: StepName;
  party: Role;
  flow: string;
  txId: string;
  ms: number;
  facts: LifecycleFacts;
};

type PlannedStep = {
  name: StepName;
  party: Role;
  flow: string;
  input: (facts: LifecycleFacts) => object;
  isNeeded?: (facts: LifecycleFacts) => boolean;
};

/** Days until an invoice is due that does not say when. */
const AGREED_DUE_DAYS = 30;

/** The life of an invoice that is financed, each step as the user of a party would take it. */
const STEPS: readonly PlannedStep[] = [
  step("fund-buyer", "bank", "cash/issue", ({ parties, ubl }) => ({
    to: parties.buyer.legalName,
    amount: amountOf(ubl),
  })),
  step("fund-lender", "bank", "cash/issue", ({ parties, ubl }) => ({
    to: parties.lender.legalName,
    amount: amountOf(ubl),
  })),
  step("issue", "seller", "invoice/issue", ({ parties, xml }) => ({
    document: Buffer.from(xml).toString("base64"),
    cashIssuers: [parties.bank.legalName],
    buyer: parties.buyer.legalName,
  })),
  step("take-up", "buyer", "invoice/respond", ({ results }) => ({
    invoice: resultOf(results, "issue", "linearId"),
    response: "IP",
  })),
  step("approve", "buyer", "invoice/respond", ({ results }) => ({
    invoice: resultOf(results, "issue", "linearId"),
    response: "AP",
  })),
  step("request", "seller", "receivable/request", ({ parties, ubl, dueDate, results }) => ({
    invoice: resultOf(results, "issue", "linearId"),
    lender: parties.lender.legalName,
    ...(ubl.dueDate === undefined && { dueDate }),
  })),
  step("quote", "lender", "receivable/quote", (facts) => ({
    offer: resultOf(facts.results, "request", "offer"),
    ...facts.terms,
    cashIssuer: facts.parties.bank.legalName,
    overdueDaysMax: overdueDaysMax(facts),
  })),
  step("accept", "seller", "receivable/accept", ({ results }) => ({
    offer: resultOf(results, "request", "offer"),
  })),
  step("assign", "lender", "receivable/assign", ({ results }) => ({
    offer: resultOf(results, "request", "offer"),
  })),
  step("notify", "lender", "receivable/notify", ({ results }) => ({
    notice: resultOf(results, "assign", "notice"),
  })),
  step("acknowledge", "buyer", "receivable/acknowledge", ({ results }) => ({
    notice: resultOf(results, "assign", "notice"),
  })),
  step(
    "pay-part",
    "buyer",
    "invoice/pay",
    ({ parties, firstPayment, results }) => ({
      invoice: resultOf(results, "issue", "linearId"),
      amount: String(firstPayment),
      payee: parties.lender.legalName,
    }),
    ({ firstPayment }) => firstPayment > 0n,
  ),
  step("pay-rest", "buyer", "invoice/pay", ({ parties, results }) => ({
    invoice: resultOf(results, "issue", "linearId"),
    payee: parties.lender.legalName,
  })),
  step("settle", "lender", "receivable/settle", ({ results }) => ({
    receivable: resultOf(results, "assign", "receivable"),
  })),
];

export type LifecycleOptions = {
  parties: LifecycleParties;
  xml: Uint8Array;
  ubl: UblInvoice;
  /** Milliseconds since 1970; the machine's clock unless given. */
  now?: number;
  terms?: Terms;
  /** Told before each step. */
  onBegin?: (step: Omit<LifecycleStep, "txId" | "ms">) => void;
  /** Told after each step. */
  onStep?: (step: LifecycleStep) => void;
};

/**
 * Takes one invoice from issue to the release of its reserve, step by step.
 * @throws what a party's flow ended with
 */
export async function runLifecycle(options: LifecycleOptions): Promise<LifecycleStep[]> {
  const { parties, xml, ubl, now = Date.now(), terms = TERMS } = options;
  const today = dayOf(now);
  const results = new Map<StepName, Record<string, unknown>>();
  const facts: LifecycleFacts = {
    ...{ parties, xml, ubl, terms, today, results },
    dueDate: ubl.dueDate ?? plusDays(today, AGREED_DUE_DAYS),
    firstPayment: (ubl.totals.payable * 2n) / 5n,
  };
  const planned = STEPS.filter(({ isNeeded }) => isNeeded?.(facts) ?? true);
  const done: LifecycleStep[] = [];
  for (const [index, { name, party, flow, input }] of planned.entries()) {
    const place = { step: index + 1, of: planned.length, name, party, flow, facts };
    options.onBegin?.(place);
    const startedAt = performance.now();
    const result = await parties[party].run(flow, input(facts));
    const ms = Math.round(performance.now() - startedAt);
    results.set(name, result);
    const txId = resultOf(results, name, "transactionId");
    const last: LifecycleStep = { ...place, txId, ms };
    done.push(last);
    options.onStep?.(last);
  }
  return done;
}

/** How long the invoice is overdue, and a day more, as the day may end while the steps are taken. */
export function overdueDaysMax({ today, dueDate }: Pick<LifecycleFacts, "today" | "dueDate">) {
  const days = dayNumber(today) - dayNumber(dueDate);
  return days > 0 ? days + 1 : 0;
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

function amountOf({ totals, currency }: UblInvoice): object {
  return { minorUnits: String(totals.payable), currency };
}

function step(
  name: StepName,
  party: Role,
  flow: string,
  input: PlannedStep["input"],
  isNeeded?: PlannedStep["isNeeded"],
): PlannedStep {
  return { name, party, flow, input, ...(isNeeded !== undefined && { isNeeded }) };
}
