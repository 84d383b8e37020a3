import { record } from "@stateset/codec/schema";
import {
  acceptAndRecord,
  coreSession,
  defineFlow,
  defineProtocol,
  defineResponder,
  type FlowContext,
  FlowFailure,
  finalise,
  finalityMessages,
  receiveTransaction,
} from "@stateset/flow/app";
import { amountSchema } from "@stateset/ledger/contract";
import { addCashLeg } from "../leg/cash-leg.ts";
import { assertAmount, type PaymentInput, paymentInput } from "./cash-input.ts";
import { holderMessage } from "./holder-message.ts";
import { received } from "./received-cash.ts";

const payProtocol = defineProtocol({
  name: "cash/pay",
  version: 1,
  messages: {
    offer: { from: "initiator", schema: record({ amount: amountSchema }), repeatable: true },
    holder: holderMessage,
    ...finalityMessages,
  },
});

/** Pays with coins of this node; what is left of them comes back as change. */
export const payCash = defineFlow({
  name: "cash/pay",
  description: "Pay cash to another party",
  input: paymentInput,
  async run(flow, input) {
    const { amount } = input;
    assertAmount(amount);
    const payee = await flow.party(input.to);
    if (payee.id === flow.self.id)
      throw new FlowFailure("cash/pay-to-self", "the payee is the payer", { field: "to" });
    const session = await flow.open(payProtocol, payee.id);
    await session.send("offer", { amount });
    const { holder } = await session.receive("holder");
    if (holder.identity !== payee.id)
      throw new FlowFailure("cash/wrong-holder", "the payee named somebody else's holder");
    const signed = await payment(flow, input, holder);
    const { id: transactionId } = await finalise(flow, signed, [coreSession(session)]);
    return { transactionId };
  },
});

async function payment(
  flow: FlowContext,
  { amount, issuer }: PaymentInput,
  to: Awaited<ReturnType<FlowContext["holder"]>>,
) {
  const of = issuer === undefined ? {} : { issuers: [(await flow.party(issuer)).id] };
  const builder = await flow.build();
  const keys = await addCashLeg(flow, builder, { amount, to, ...of });
  const transaction = builder.build();
  return { transaction, signatures: await flow.sign(transaction, keys) };
}

export const receivePayment = defineResponder(payProtocol, async (flow, session) => {
  const { amount } = await session.receive("offer");
  const holder = await flow.holder();
  await session.send("holder", { holder });
  const verified = await receiveTransaction(flow, coreSession(session));
  received(verified, { command: "move", holder, amount });
  await acceptAndRecord(flow, coreSession(session), verified);
  return { transactionId: verified.id };
});
