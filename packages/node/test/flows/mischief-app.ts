import { cashContract } from "@stateset/cash/contract";
import { type Infer, record, text } from "@stateset/codec/schema";
import {
  type App,
  defineApp,
  defineFlow,
  defineProtocol,
  type FlowContext,
  finalityMessages,
  type OwnState,
} from "@stateset/flow/app";
import type { IdentityId } from "@stateset/ledger";
import {
  encodeSignedTransaction,
  type GoverningContract,
  type Holder,
  type Receipt,
  type SignedTransaction,
  type StateRef,
  TransactionBuilder,
  transactionId,
  transactionPayload,
  transactionSignature,
} from "@stateset/ledger";
import { amountSchema, holderSchema } from "@stateset/ledger/contract";
import type { MemoryNodes } from "./memory-nodes.ts";

const holder = {
  from: "responder",
  schema: record({ holder: holderSchema }),
  repeatable: true,
} as const;
const offer = {
  from: "initiator",
  schema: record({ amount: amountSchema }),
  repeatable: true,
} as const;
const messages = { offer, holder, ...finalityMessages };
/** The cash app's protocols, spoken by somebody who means no good. */
const payProtocol = defineProtocol({ name: "cash/pay", version: 1, messages });
const issueProtocol = defineProtocol({ name: "cash/issue", version: 1, messages });

type Amount = Infer<typeof amountSchema>;
type Coin = { issuer: { id: IdentityId; name: string }; owner: Holder; amount: Amount };
type Governing = GoverningContract<typeof cashContract>;

/** A payment in the making, for a kind of mischief to change. */
type Making = {
  flow: FlowContext;
  governing: Governing;
  coin: OwnState & { cash: Coin };
  payee: Holder;
  amount: Amount;
  builder: TransactionBuilder;
};

function stateRef(written: string): StateRef {
  const [txId, index] = written.split(":");
  return { txId: txId as StateRef["txId"], index: Number(index) };
}

const units = (minorUnits: bigint): Amount => ({ minorUnits, currency: "CHF" });

/** What a proper payer would build. */
async function build(making: Making, paid = making.amount.minorUnits): Promise<void> {
  const { flow, governing, coin, payee, builder, amount } = making;
  const { issuer, amount: had, owner } = coin.cash;
  builder.addInput(coin.ref, governing);
  builder.addOutput(governing, "cash", { issuer, owner: payee, amount: units(paid) } as never);
  const left = had.minorUnits - amount.minorUnits + (paid < amount.minorUnits ? 1n : 0n);
  const change = { issuer, owner: await flow.holder(), amount: units(left) };
  builder.addOutput(governing, "cash", change as never);
  const signer = { kind: "key" as const, key: owner.key as never };
  builder.addCommand(governing, "move", {}, [signer]);
}

const coinKey = ({ coin }: Making) =>
  ({ kind: "one-time", blinding: coin.cash.owner.blinding }) as const;

async function signed(making: Making): Promise<SignedTransaction> {
  const transaction = making.builder.build();
  return { transaction, signatures: await making.flow.sign(transaction, [coinKey(making)]) };
}

export type How = keyof ReturnType<typeof waysOf>;

function waysOf(nodes: MemoryNodes, self: () => string) {
  return {
    async properly(making: Making) {
      await build(making);
      return await signed(making);
    },
    async "with something private"(making: Making) {
      const content = new TextEncoder().encode("for the two of us");
      making.builder.addPrivate({ kind: "note", mediaType: "text/plain", content });
      await build(making);
      return await signed(making);
    },
    async "with signatures of another transaction"(making: Making) {
      await build(making);
      const before = await signed(making);
      const { flow, payee, governing, coin } = making;
      const builder = await flow.build();
      await build({ flow, payee, governing, coin, builder, amount: making.amount });
      return { transaction: builder.build(), signatures: before.signatures };
    },
    async "with another key"(making: Making) {
      await build(making);
      const transaction = making.builder.build();
      const signatures = await making.flow.sign(transaction, [{ kind: "identity" }]);
      return { transaction, signatures };
    },
    async unsigned(making: Making) {
      await build(making);
      return { ...(await signed(making)), signatures: [] };
    },
    async "under a bundle that nobody has"(making: Making) {
      const governing = { ...making.governing, bundle: "ee".repeat(32) as never };
      await build({ ...making, governing });
      return await signed(making);
    },
    async "more than there is"(making: Making) {
      await build(making, making.amount.minorUnits + 5n);
      return await signed(making);
    },
    async "less than offered"(making: Making) {
      await build(making, making.amount.minorUnits - 1n);
      return await signed(making);
    },
    async "after its window"(making: Making) {
      making.builder.setTimeWindow({ until: (await making.flow.now()) - 1000 });
      await build(making);
      return await signed(making);
    },
    async "in a window without an end"(making: Making) {
      making.builder.setTimeWindow({ from: 1 });
      await build(making);
      const transaction = making.builder.build();
      const payload = transactionPayload(nodes.map.network, transactionId(transaction));
      const signature = await nodes.node(self()).keys.sign(coinKey(making), payload);
      return { transaction, signatures: [transactionSignature(signature)] };
    },
    async "at another notary"(making: Making) {
      const [, other] = nodes.map.notaries();
      if (other === undefined) throw new Error("no second notary");
      const random = (count: number) => making.flow.random(count);
      const { current: parameters } = nodes.map;
      const builder = new TransactionBuilder({ parameters, notary: other.id, random });
      builder.setTimeWindow({ until: (await making.flow.now()) + 1000 });
      await build({ ...making, builder });
      return await signed({ ...making, builder });
    },
  };
}

/** What a payer may do with the receipt. */
type Final = "told" | "untold" | "bogus";

/** Flows of a node that does not keep to what the cash app does. */
export function mischiefApp(of: () => MemoryNodes, self: () => string): App {
  const pay = defineFlow({
    name: "mischief/pay",
    description: "Pays 100 CHF, or something like it",
    input: record({
      to: text({ max: 64 }),
      ref: text({ max: 80 }),
      how: text({ max: 64 }),
      final: text({ max: 8 }),
    }),
    async run(flow, { to, ref, how, final }) {
      const payee = await flow.party(to);
      const session = await flow.open(payProtocol, payee.id);
      await session.send("offer", { amount: units(100n) });
      const answer = await session.receive("holder");
      // Not claimed: another flow may have the very same coin.
      const [state] = await flow.states([stateRef(ref)]);
      if (state === undefined) throw new Error("no such coin");
      const making: Making = {
        flow,
        governing: await flow.governing(cashContract),
        coin: { ...state, cash: state.state as Coin },
        payee: answer.holder,
        amount: units(100n),
        builder: await flow.build(),
      };
      const made = await waysOf(of(), self)[how as How](making);
      const tickets = flow.tickets(made, payee.id);
      await session.send("transaction", { signed: encodeSignedTransaction(made), tickets });
      await session.receive("accepted");
      const id = transactionId(made.transaction);
      const receipt = await flow.notarise(made);
      if ((final as Final) === "told") await session.send("final", { receipt });
      if ((final as Final) === "bogus") {
        const height = receipt.block.height + 1;
        const bogus: Receipt = { ...receipt, block: { ...receipt.block, height } };
        await session.send("final", { receipt: bogus });
      }
      await flow.verify(made);
      await flow.record(id, receipt);
      return { id };
    },
  });
  const issue = defineFlow({
    name: "mischief/issue",
    description: "Issues cash of somebody else",
    input: record({ to: text({ max: 64 }), issuer: text({ max: 64 }) }),
    async run(flow, { to, issuer: named }) {
      const [payee, issuer] = [await flow.party(to), await flow.party(named)];
      const session = await flow.open(issueProtocol, payee.id);
      await session.send("offer", { amount: units(100n) });
      const { holder: owner } = await session.receive("holder");
      const governing = await flow.governing(cashContract);
      const builder = await flow.build();
      builder.addOutput(governing, "cash", { issuer, owner, amount: units(100n) } as never);
      builder.addCommand(governing, "issue", {}, [{ kind: "identity", identity: flow.self.id }]);
      const transaction = builder.build();
      const signatures = await flow.sign(transaction, [{ kind: "identity" }]);
      const made = { transaction, signatures };
      await session.send("transaction", { signed: encodeSignedTransaction(made), tickets: [] });
      await session.receive("accepted");
      return {};
    },
  });
  return defineApp({
    name: "mischief",
    version: 1,
    description: "Speaks the cash app's protocols, and breaks their rules",
    contract: { name: "mischief", version: 1, states: {} },
    flows: [pay, issue],
    responders: [],
    tables: [],
  });
}
