import { defineFlow, type FlowContext } from "@stateset/flow/app";
import { invoiceContract } from "@stateset/invoice/contract";
import { findInvoice, type HeldInvoice } from "@stateset/invoice/leg";
import type { TransactionBuilder, TransactionId } from "@stateset/ledger";
import type { ReceivableState } from "../contract/receivable-state.ts";
import { changeState } from "./change-state.ts";
import { assertLender, find } from "./held-state.ts";
import { receivableInput } from "./receivable-input.ts";
import { clueOf } from "./title.ts";

/** The lender takes note of what the debtor has paid, and of what was credited. */
export const collectReceivable = defineFlow({
  name: "receivable/collect",
  description: "Take note of what has come in on a receivable",
  input: receivableInput,
  run: async (flow, { receivable }) =>
    await follow(flow, receivable, "collect", ({ state }, { state: invoice }) => ({
      status: state.status === "defaulted" ? "defaulted" : "collecting",
      collected: invoice.paidOnLedger - state.paidBefore,
      diluted: invoice.creditedOnLedger - state.creditedBefore,
    })),
});

export const markOverdue = defineFlow({
  name: "receivable/mark-overdue",
  description: "Mark a receivable overdue whose invoice was not paid by its due date",
  input: receivableInput,
  run: async (flow, { receivable }) =>
    await follow(flow, receivable, "mark-overdue", () => ({ status: "overdue" })),
});

/** The lender asks the assignor to buy the receivable back: `receivable/repurchase` answers it. */
export const callRecourse = defineFlow({
  name: "receivable/call-recourse",
  description: "Call recourse on an overdue receivable",
  input: receivableInput,
  run: async (flow, { receivable }) =>
    await follow(flow, receivable, "call-recourse", () => ({ status: "recourse-called" })),
});

export const defaultReceivable = defineFlow({
  name: "receivable/default",
  description: "Take note that neither debtor nor assignor has paid in time",
  input: receivableInput,
  run: async (flow, { receivable }) =>
    await follow(flow, receivable, "default", () => ({ status: "defaulted" })),
});

type Held = Awaited<ReturnType<typeof find<"receivable">>>;

async function follow(
  flow: FlowContext,
  named: string,
  command: "collect" | "mark-overdue" | "call-recourse" | "default",
  changeOf: (held: Held, invoice: HeldInvoice) => Partial<ReceivableState>,
): Promise<{ transactionId: TransactionId }> {
  const held = await find(flow, "receivable", named);
  assertLender(flow, held);
  const invoice = await findInvoice(flow, held.state.invoice, clueOf(held.state));
  const transactionId = await changeState(flow, held, {
    command,
    change: changeOf(held, invoice),
    builder: await flow.build({ isDated: true }),
    add: async (builder) => await addShownInvoice(flow, builder, invoice),
  });
  return { transactionId };
}

/** Shows what the invoice is at the moment, unspent. */
export async function addShownInvoice(
  flow: FlowContext,
  builder: TransactionBuilder,
  { ref }: HeldInvoice,
): Promise<void> {
  builder.addReference(ref, await flow.governing(invoiceContract));
}
