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
import { cashContract } from "../contract/cash-contract.ts";
import { assertAmount, type PaymentInput, paymentInput } from "./cash-input.ts";
import { claimCoins, spendingKeys } from "./coins.ts";
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
    const transactionId = await finalise(flow, signed, [coreSession(session)]);
    return { transactionId };
  },
});

async function payment(
  flow: FlowContext,
  { amount, issuer: named }: PaymentInput,
  payee: Awaited<ReturnType<FlowContext["holder"]>>,
) {
  const coins = await claimCoins(flow, {
    amount,
    ...(named === undefined ? {} : { issuer: named }),
  });
  const { issuer, change } = coins;
  const governing = await flow.governing(cashContract);
  const builder = await flow.build();
  for (const { ref } of coins.states) builder.addInput(ref, governing);
  builder.addOutput(governing, "cash", { issuer, owner: payee, amount });
  if (change > 0n)
    builder.addOutput(governing, "cash", {
      issuer,
      owner: await flow.holder(),
      amount: { minorUnits: change, currency: amount.currency },
    });
  const keys = spendingKeys(coins);
  builder.addCommand(
    governing,
    "move",
    {},
    keys.map(({ signer }) => signer),
  );
  const transaction = builder.build();
  const signatures = await flow.sign(
    transaction,
    keys.map(({ ref }) => ref),
  );
  return { transaction, signatures };
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
