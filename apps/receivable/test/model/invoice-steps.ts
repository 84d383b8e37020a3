import { BANKS, type Knobs, pick } from "./model-cast.ts";
import {
  dayOf,
  isOpen,
  type ModelInvoice,
  owed,
  type ReceivableDraft,
} from "./receivable-draft.ts";

/** What is done with the invoice alone, and only while something is owed on it. */
export function invoiceStep(
  draft: ReceivableDraft,
  command: string,
  invoice: ModelInvoice,
  knobs: Knobs,
): ReceivableDraft | undefined {
  if (!isOpen(invoice)) return undefined;
  if (command === "pay") return withPayment(draft, invoice, knobs);
  return command === "credit" ? credited(draft, invoice, knobs) : withWriteOff(draft, invoice);
}

export function withPayment(
  draft: ReceivableDraft,
  before: ModelInvoice,
  { perMille, which }: Knobs,
): ReceivableDraft {
  const { buyer, owner, currency } = before;
  const amount = partOf(owed(before), perMille);
  const left = owed(before) - amount;
  const payments = [...before.payments, { on: dayOf(draft.window.from ?? 0), amount }];
  const status = left > 0n ? "partially-paid" : "paid";
  const after = { ...before, paid: before.paid + amount, payments, status };
  const issuer = pick(BANKS, which);
  return {
    ...{ ...draft, invoices: [{ before, after }] },
    ofInvoice: { command: "pay", signers: [owner] },
    cash: [...draft.cash, { from: buyer, to: owner, issuer, currency, amount }],
  };
}

/** By a credit note over just that amount. */
function credited(draft: ReceivableDraft, before: ModelInvoice, { perMille }: Knobs) {
  const { seller, buyer, owner } = before;
  const amount = partOf(owed(before), perMille);
  const ended = before.paid > 0n ? "paid" : "credited";
  const status = amount < owed(before) ? before.status : ended;
  const after = { ...before, credited: before.credited + amount, status };
  const signers = [...new Set([owner, seller, buyer])];
  return {
    ...{ ...draft, invoices: [{ before, after }] },
    ofInvoice: { command: "credit" as const, signers },
  };
}

export function withWriteOff(draft: ReceivableDraft, before: ModelInvoice): ReceivableDraft {
  return {
    ...{ ...draft, invoices: [{ before, after: { ...before, status: "written-off" } }] },
    ofInvoice: { command: "write-off", signers: [before.owner] },
  };
}

/** Rounded up: of little, still something. */
function partOf(amount: bigint, perMille: bigint): bigint {
  return (amount * perMille + 999n) / 1000n;
}
