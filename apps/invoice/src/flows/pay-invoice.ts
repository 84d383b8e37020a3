import { addCashLeg } from "@stateset/cash/leg";
import { hex, optional, record } from "@stateset/codec/schema";
import {
  awaitFinal,
  checkAndSign,
  coreSession,
  defineFlow,
  defineProtocol,
  defineResponder,
  type FlowContext,
  FlowFailure,
  signatureMessages,
  spendingKey,
  transact,
} from "@stateset/flow/app";
import type { VerifiedTransaction } from "@stateset/ledger";
import { dayOf, holderSchema, minorUnitsSchema } from "@stateset/ledger/contract";
import { type InvoiceState, outstandingOf } from "../contract/invoice-state.ts";
import { findInvoice, type HeldInvoice, unknownInvoice } from "../leg/held-invoice.ts";
import { addInvoiceLeg } from "../leg/invoice-leg.ts";
import { invoiceName, partyName } from "./invoice-input.ts";
import { newsProtocol, partiesOf } from "./invoice-news.ts";
import { assertBuyer, debtClue } from "./respond-to-invoice.ts";

const payProtocol = defineProtocol({
  name: "invoice/pay",
  version: 1,
  messages: {
    offer: {
      from: "initiator",
      schema: record({ invoice: hex({ length: 16 }), amount: minorUnitsSchema }),
      repeatable: true,
    },
    holder: { from: "responder", schema: record({ holder: holderSchema }), repeatable: true },
    ...signatureMessages,
  },
});

/** Pays an invoice, or a part of it, to whoever owns it now: cash and invoice in one transaction. */
export const payInvoice = defineFlow({
  name: "invoice/pay",
  description: "Pay an invoice, in full or in part, to its current owner",
  input: record({
    invoice: invoiceName,
    /** Whose invoice, where several sellers' are called alike. */
    seller: optional(partyName),
    /** In minor units; all that is outstanding, where absent. */
    amount: optional(minorUnitsSchema),
    /** Whose cash to pay with, of the issuers that the invoice names. */
    issuer: optional(partyName),
    /** Whom the payer means to pay: refused where that is not the owner any more. */
    payee: optional(partyName),
  }),
  async run(flow, input) {
    const held = await findInvoice(flow, input.invoice, await debtClue(flow, input.seller));
    const { state } = held;
    assertBuyer(flow, held);
    if (input.payee !== undefined) await assertPayee(flow, state, input.payee);
    const outstanding = outstandingOf(state);
    const { amount = outstanding } = input;
    assertAmount(amount, state);
    const session = await flow.open(payProtocol, state.owner.identity);
    await session.send("offer", { invoice: state.linearId, amount });
    const { holder } = await session.receive("holder");
    const builder = await flow.build({ isDated: true });
    const on = dayOf(builder.timeWindow.from as number);
    const paidOnLedger = state.paidOnLedger + amount;
    await addInvoiceLeg(flow, builder, {
      held,
      change: {
        paidOnLedger,
        payments: [...state.payments, { on, amount }],
        status: amount === outstanding ? "paid" : "partially-paid",
      },
      command: "pay",
      signers: [spendingKey(state.owner).signer],
    });
    const keys = await addCashLeg(flow, builder, {
      amount: { minorUnits: amount, currency: state.currency },
      issuers: await acceptedIssuers(flow, state, input.issuer),
      to: holder,
    });
    const transactionId = await transact(flow, {
      transaction: builder.build(),
      keys,
      signers: [coreSession(session)],
      informed: { protocol: newsProtocol, parties: partiesOf(state) },
    });
    return { transactionId, paid: amount, outstanding: outstanding - amount };
  },
});

async function assertPayee(flow: FlowContext, state: InvoiceState, named: string): Promise<void> {
  const payee = await flow.party(named);
  if (payee.id === state.owner.identity) return;
  const owner = await flow.party(state.owner.identity);
  throw new FlowFailure(
    "invoice/another-payee",
    `invoice ${state.number} is to be paid to ${owner.name}, not to ${payee.name}`,
    { invoice: state.number, named: payee.name, payee: owner.name },
  );
}

function assertAmount(amount: bigint, state: InvoiceState): void {
  if (amount > 0n && amount <= outstandingOf(state)) return;
  throw new FlowFailure(
    "invoice/bad-amount",
    `amount must be more than nothing and at most what is outstanding, ${outstandingOf(state)}`,
    { field: "amount", amount: `${amount}`, outstanding: `${outstandingOf(state)}` },
  );
}

async function acceptedIssuers(
  flow: FlowContext,
  { cashIssuers, number }: InvoiceState,
  named: string | undefined,
): Promise<readonly string[]> {
  if (named === undefined) return cashIssuers;
  const issuer = await flow.party(named);
  if (cashIssuers.includes(issuer.id)) return [issuer.id];
  throw new FlowFailure(
    "invoice/issuer-not-accepted",
    `invoice ${number} is not payable in cash of ${issuer.name}`,
    { field: "issuer", issuer: issuer.name },
  );
}

export const receivePayment = defineResponder(payProtocol, async (flow, session) => {
  const { invoice, amount } = await session.receive("offer");
  const held = await findInvoice(flow, invoice, { buyer: session.peer.id });
  if (held.state.buyer.id !== session.peer.id) throw unknownInvoice(invoice);
  assertPayable(flow, held);
  const holder = await flow.holder();
  await session.send("holder", { holder });
  const { id } = await checkAndSign(flow, coreSession(session), {
    keys: [spendingKey(held.state.owner).ref],
    agree(verified) {
      assertPaid(verified, { held, amount });
      return [held.ref];
    },
  });
  await awaitFinal(flow, coreSession(session), id);
  return { transactionId: id };
});

/** @throws FlowFailure `invoice/not-the-owner` */
export function assertOwner(flow: FlowContext, { state }: HeldInvoice): void {
  if (state.owner.identity === flow.self.id) return;
  throw new FlowFailure("invoice/not-the-owner", "another party owns the invoice", {
    invoice: state.number,
  });
}

/** A debtor may not have heard yet that the invoice was sold. */
function assertPayable(flow: FlowContext, { state }: HeldInvoice): void {
  if (state.owner.identity === flow.self.id) return;
  throw new FlowFailure(
    "invoice/not-the-payee",
    `${flow.self.name} has sold invoice ${state.number}: pay its new owner, whose notice is on its way`,
    { invoice: state.number },
  );
}

/** What the contract does not say: that it is this invoice alone, and that much. */
function assertPaid(
  { contents, outputs }: VerifiedTransaction,
  { held, amount }: { held: HeldInvoice; amount: bigint },
): void {
  const names = contents.commands.map(({ contract, name }) => `${contract}/${name}`);
  const invoices = outputs.filter(({ contract }) => contract === "invoice");
  const after = invoices[0]?.state as unknown as InvoiceState | undefined;
  const isExpected =
    names.sort().join() === "cash/move,invoice/pay" &&
    invoices.length === 1 &&
    after?.linearId === held.state.linearId &&
    after.paidOnLedger - held.state.paidOnLedger === amount;
  if (isExpected) return;
  throw new FlowFailure("invoice/not-as-offered", "the transaction is not the payment offered", {
    commands: names,
  });
}
