import { optional, record } from "@stateset/codec/schema";
import {
  awaitFinal,
  checkAndSign,
  collectSignatures,
  coreSession,
  defineFlow,
  defineProtocol,
  defineResponder,
  FlowFailure,
  notariseAndRecord,
  signatureMessages,
  spendingKey,
} from "@stateset/flow/app";
import { amountSchema } from "@stateset/ledger/contract";
import { cashContract } from "../contract/cash-contract.ts";
import { claimCoins } from "../leg/coins.ts";
import { assertAmount, partyName } from "./cash-input.ts";

const redeemProtocol = defineProtocol({
  name: "cash/redeem",
  version: 1,
  messages: signatureMessages,
});

/** Gives cash back to its issuer, which owes the holder money outside the ledger from then on. */
export const redeemCash = defineFlow({
  name: "cash/redeem",
  description: "Redeem cash with its issuer",
  input: record({ amount: amountSchema, issuer: optional(partyName) }),
  async run(flow, input) {
    const { amount } = input;
    assertAmount(amount);
    const of = input.issuer === undefined ? {} : { issuers: [(await flow.party(input.issuer)).id] };
    const { states, cash, issuer, change } = await claimCoins(flow, { amount, ...of });
    const governing = await flow.governing(cashContract);
    const builder = await flow.build();
    for (const { ref } of states) builder.addInput(ref, governing);
    if (change > 0n)
      builder.addOutput(governing, "cash", {
        issuer,
        owner: await flow.holder(),
        amount: { minorUnits: change, currency: amount.currency },
      });
    const keys = cash.map(({ owner }) => spendingKey(owner));
    const byIssuer = { kind: "identity", identity: issuer.id } as const;
    const signers = [...keys.map(({ signer }) => signer), byIssuer];
    builder.addCommand(governing, "redeem", { issuer: issuer.id, amount }, signers);
    const transaction = builder.build();
    const refs = keys.map(({ ref }) => ref);
    const isOwnIssue = issuer.id === flow.self.id;
    const signedBy = isOwnIssue ? [...refs, { kind: "identity" as const }] : refs;
    const ours = { transaction, signatures: await flow.sign(transaction, signedBy) };
    const sessions = isOwnIssue ? [] : [coreSession(await flow.open(redeemProtocol, issuer.id))];
    const signed = await collectSignatures(flow, ours, sessions);
    const { id } = await flow.verify(signed);
    await notariseAndRecord(flow, { id, signed }, sessions);
    return { transactionId: id };
  },
});

export const receiveRedemption = defineResponder(redeemProtocol, async (flow, session) => {
  const verified = await checkAndSign(flow, coreSession(session), {
    keys: [{ kind: "identity" }],
    agree({ contents: { commands } }) {
      const [only] = commands;
      if (commands.length !== 1 || only?.contract !== "cash" || only.name !== "redeem")
        throw new FlowFailure("cash/not-a-redemption", "the issuer signs redemptions only");
      return [];
    },
  });
  await awaitFinal(flow, coreSession(session), verified.id);
  return { transactionId: verified.id };
});
