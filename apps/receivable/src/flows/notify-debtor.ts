import { defineFlow } from "@stateset/flow/app";
import { changeState } from "./change-state.ts";
import { assertLender, assertRole, find } from "./held-state.ts";
import { noticeInput } from "./receivable-input.ts";

/**
 * The lender gives the debtor notice, with the assignment itself as its proof: from then on the
 * debtor's node knows whom to pay, and pays nobody else.
 */
export const notifyDebtor = defineFlow({
  name: "receivable/notify",
  description: "Give the debtor notice that the invoice was assigned",
  input: noticeInput,
  async run(flow, { notice }) {
    const held = await find(flow, "notice", notice);
    assertLender(flow, held);
    const change = { status: "given" } as const;
    return { transactionId: await changeState(flow, held, { command: "notify", change }) };
  },
});

export const acknowledgeNotice = defineFlow({
  name: "receivable/acknowledge",
  description: "Acknowledge, as debtor, a notice of assignment",
  input: noticeInput,
  async run(flow, { notice }) {
    const held = await find(flow, "notice", notice);
    assertRole(flow, held.state, "debtor");
    const change = { status: "acknowledged" } as const;
    return { transactionId: await changeState(flow, held, { command: "acknowledge", change }) };
  },
});
