import { defineFlow, spendingKey, transact } from "@stateset/flow/app";
import { addInvoiceLeg, findInvoice } from "@stateset/invoice/leg";
import { receivableContract } from "../contract/index.ts";
import { addChange, assertLender, find, ownerKey } from "./held-state.ts";
import { receivableInput } from "./receivable-input.ts";
import { newsProtocol, partiesOf } from "./receivable-news.ts";

/** The lender gives up a receivable in default, and with it what the debtor still owes. */
export const writeOffReceivable = defineFlow({
  name: "receivable/write-off",
  description: "Give up a receivable in default, and what is still owed on its invoice",
  input: receivableInput,
  async run(flow, { receivable }) {
    const held = await find(flow, "receivable", receivable);
    assertLender(flow, held);
    const invoice = await findInvoice(flow, held.state.invoice);
    const [own, title] = [ownerKey(held), spendingKey(invoice.state.owner)];
    const builder = await flow.build();
    await addChange(flow, builder, held, { status: "written-off" });
    const governing = await flow.governing(receivableContract);
    builder.addCommand(governing, "write-off", {}, [own.signer]);
    await addInvoiceLeg(flow, builder, {
      held: invoice,
      change: { status: "written-off" },
      command: "write-off",
      signers: [title.signer],
    });
    const parties = [...partiesOf(held.state), held.state.debtor.id];
    const transactionId = await transact(flow, {
      transaction: builder.build(),
      keys: [own.ref, title.ref],
      informed: { protocol: newsProtocol, parties },
    });
    return { transactionId };
  },
});
