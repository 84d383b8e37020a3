import { coreSession, type FlowContext, transact } from "@stateset/flow/app";
import type { CommandSigner, TransactionBuilder, TransactionId } from "@stateset/ledger";
import { receivableContract } from "../contract/index.ts";
import { addChange, type Held, ownerKey, type StatesOfType, type StateType } from "./held-state.ts";
import { agreementProtocol } from "./receivable-agreement.ts";
import { newsProtocol, partiesOf } from "./receivable-news.ts";

type Commands = typeof receivableContract.commands;

/**
 * Carries one state to the next by a command that the lender signs, and this party, too. Whoever
 * else it concerns is told.
 */
export async function changeState<T extends StateType>(
  flow: FlowContext,
  held: Held<T>,
  step: {
    command: keyof Commands & string;
    change: Partial<StatesOfType[T]>;
    /** Adds what else the transaction shows or changes. */
    add?: (builder: TransactionBuilder) => Promise<void>;
    /** A transaction that was begun already. */
    builder?: TransactionBuilder;
  },
): Promise<TransactionId> {
  const { command, change, add, builder = await flow.build() } = step;
  const owner = ownerKey(held);
  const isLender = held.state.lender.id === flow.self.id;
  const self: CommandSigner = { kind: "identity", identity: flow.self.id };
  await addChange(flow, builder, held, change);
  await add?.(builder);
  const signers = isLender ? [owner.signer] : [self, owner.signer];
  const governing = await flow.governing(receivableContract);
  builder.addCommand(governing, command, {}, signers);
  const others = isLender ? [] : [await flow.open(agreementProtocol, held.state.lender.id)];
  return await transact(flow, {
    transaction: builder.build(),
    keys: [isLender ? owner.ref : { kind: "identity" }],
    signers: others.map(coreSession),
    informed: { protocol: newsProtocol, parties: partiesOf({ ...held.state, ...change }) },
  });
}
