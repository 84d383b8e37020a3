import {
  awaitFinal,
  checkAndSign,
  coreSession,
  defineProtocol,
  defineResponder,
  type FlowContext,
  FlowFailure,
  ourKeys,
  signatureMessages,
} from "@stateset/flow/app";
import type { StateRef, VerifiedTransaction } from "@stateset/ledger";
import type { CreditNoteState, InvoiceState } from "../contract/invoice-state.ts";

/** Asks for signatures that a party gives without asking anybody. */
export const agreementProtocol = defineProtocol({
  name: "invoice/agree",
  version: 1,
  messages: signatureMessages,
});

/**
 * Signs what the other side has a right to: as owner, what the buyer says to an invoice; as seller
 * and as buyer, that a credit note counts against the very invoice that it was issued for.
 */
export const agreeToCommand = defineResponder(agreementProtocol, async (flow, session) => {
  const { id } = await checkAndSign(flow, coreSession(session), {
    keys: ({ transaction }) => ourKeys(flow, transaction, TYPES),
    agree: (verified) => agreedTo(flow, verified, session.peer.id),
  });
  await awaitFinal(flow, coreSession(session), id);
  return { transactionId: id };
});

const TYPES = [
  { contract: "invoice", type: "invoice" },
  { contract: "invoice", type: "credit-note" },
];

function agreedTo(
  flow: FlowContext,
  verified: VerifiedTransaction,
  peer: string,
): readonly StateRef[] {
  const { contents, inputs } = verified;
  const [only] = contents.commands;
  const isInvoices = contents.commands.length === 1 && only?.contract === "invoice";
  const of = (type: string) =>
    inputs.filter((each) => each.type === type).map(({ state }) => state);
  const invoices = of("invoice") as unknown as InvoiceState[];
  const notes = of("credit-note") as unknown as CreditNoteState[];
  if (isInvoices && only.name === "respond") {
    if (invoices.every(({ buyer }) => buyer.id === peer)) return contents.inputs;
  } else if (isInvoices && only.name === "credit") {
    const linearIds = invoices.map(({ linearId }) => linearId);
    const isOwners = invoices.every(({ owner }) => owner.identity === peer);
    const areMeant = notes.every(({ precedingInvoice = "" }) =>
      linearIds.includes(precedingInvoice),
    );
    if (isOwners && areMeant && !invoices.some(({ owner }) => owner.identity === flow.self.id))
      return contents.inputs;
  }
  throw new FlowFailure("invoice/not-agreed", "this is not for the asking party to do", {
    commands: contents.commands.map(({ contract, name }) => `${contract}/${name}`),
  });
}
