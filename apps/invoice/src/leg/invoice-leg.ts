import type { FlowContext } from "@stateset/flow/app";
import type { CommandSigner, TransactionBuilder } from "@stateset/ledger";
import { invoiceContract } from "../contract/invoice-contract.ts";
import type { InvoiceState } from "../contract/invoice-state.ts";
import type { HeldInvoice } from "./held-invoice.ts";

type Commands = typeof invoiceContract.commands;

/**
 * The invoice's part of a transaction: from the state that is held to the next, by a command that
 * the signers stand behind.
 */
export async function addInvoiceLeg<C extends keyof Commands & string>(
  flow: FlowContext,
  builder: TransactionBuilder,
  leg: {
    held: HeldInvoice;
    change: Partial<InvoiceState>;
    command: C;
    data?: object;
    signers: CommandSigner[];
  },
): Promise<void> {
  const { held, change, command, data = {}, signers } = leg;
  const governing = await flow.governing(invoiceContract);
  builder.addInput(held.ref, governing);
  builder.addOutput(governing, "invoice", { ...held.state, ...change });
  builder.addCommand(governing, command, data as never, signers);
}
