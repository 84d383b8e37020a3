import { compareBytes, encode, hex, record, text } from "@stateset/codec";
import {
  acceptAndRecord,
  coreSession,
  type FlowContext,
  FlowFailure,
  finalise,
  finalityMessages,
  informParties,
  receiveTransaction,
  type Session,
  type WrappedKey,
  wrappedKeysSchema,
} from "@stateset/flow/app";
import type {
  Holder,
  IdentityId,
  Leaf,
  Transaction,
  TransactionId,
  VerifiedTransaction,
} from "@stateset/ledger";
import { holderSchema } from "@stateset/ledger/contract";
import {
  type CreditNoteState,
  creditNoteSchema,
  type InvoiceState,
  invoiceSchema,
} from "../contract/invoice-state.ts";
import { creditNoteFromUbl, invoiceFromUbl } from "../document-from-ubl.ts";
import type { UblInvoice } from "../ubl/ubl-invoice.ts";
import { readDocument } from "./document-input.ts";
import { assertNamed } from "./document-parties.ts";
import { newsProtocol } from "./invoice-news.ts";

/** The messages by which a document and its sealed source reach the buyer. */
export const documentMessages = {
  announcement: {
    from: "initiator",
    schema: record({ number: text({ min: 1, max: 128 }) }),
    repeatable: true,
  },
  recipient: {
    from: "responder",
    schema: record({ encryptionKey: hex({ length: 32 }), holder: holderSchema }),
    repeatable: true,
  },
  /** They open the document, and so wait like the transaction until all is durable. */
  keys: { from: "initiator", schema: record({ wrapped: wrappedKeysSchema }) },
  ...finalityMessages,
} as const;

type DocumentProtocol = { name: string; version: number; messages: typeof documentMessages };

/** Who receives a document: the key to seal it for, and a holder for what the document is worth. */
export async function announceDocument(
  session: Session<DocumentProtocol, "initiator">,
  number: string,
): Promise<{ encryptionKey: string; holder: Holder }> {
  await session.send("announcement", { number });
  return await session.receive("recipient");
}

/** Seals the document for the buyer, has it checked there, notarised and recorded. */
export async function sendDocument(
  flow: FlowContext,
  session: Session<DocumentProtocol, "initiator">,
  issue: { transaction: Transaction; encryptionKey: string; informed?: readonly IdentityId[] },
): Promise<TransactionId> {
  const to = [{ party: session.peer.id, encryptionKey: issue.encryptionKey }];
  const sealed = await flow.sealPrivate(issue.transaction, to);
  const { transaction } = sealed;
  const signatures = await flow.sign(transaction, [{ kind: "identity" }]);
  await session.send("keys", { wrapped: sealed.wrapped[0] as WrappedKey[] });
  const signed = { transaction, signatures };
  const { id, receipt } = await finalise(flow, signed, [coreSession(session)]);
  const parties = (issue.informed ?? []).filter((party) => party !== session.peer.id);
  await informParties(flow, { signed, receipt }, { protocol: newsProtocol, parties });
  return id;
}

/** Takes a document in that says of itself what its state says, and records it. */
export async function receiveDocument(
  flow: FlowContext,
  session: Session<DocumentProtocol, "responder">,
  kind: UblInvoice["kind"],
): Promise<TransactionId> {
  await session.receive("announcement");
  const encryptionKey = flow.encryptionKey();
  await session.send("recipient", { encryptionKey, holder: await flow.holder() });
  const { wrapped } = await session.receive("keys");
  const { signed, ...verified } = await receiveTransaction(flow, coreSession(session));
  const state = issuedState(verified, kind);
  if (state.seller.id !== session.peer.id || state.buyer.id !== flow.self.id)
    throw notAsDocumented("seller and buyer are not the parties of the session");
  const components = await flow.openPrivate(signed.transaction, wrapped);
  const source = components.find(({ leaf }) => leaf === state.source);
  if (source === undefined) throw notAsDocumented("its source cannot be read");
  const ubl = readDocument(source.content, kind);
  assertNamed("buyer", ubl.buyer, flow.self);
  assertDocumented(ubl, state);
  await acceptAndRecord(flow, coreSession(session), verified);
  return verified.id;
}

/** What the one command of the transaction has issued. */
function issuedState(
  { contents: { commands }, outputs }: VerifiedTransaction,
  kind: UblInvoice["kind"],
): InvoiceState | CreditNoteState {
  const command = kind === "invoice" ? "issue" : "issue-credit-note";
  const [only] = commands;
  if (commands.length !== 1 || only?.contract !== "invoice" || only.name !== command)
    throw notAsDocumented(`the one command is not invoice/${command}`);
  return outputs[0]?.state as unknown as InvoiceState | CreditNoteState;
}

/** The state is made anew from the document, with what a document does not say, and must be equal. */
function assertDocumented(ubl: UblInvoice, state: InvoiceState | CreditNoteState): void {
  const { linearId, seller, buyer, owner, ordinal } = state;
  const source = state.source as Leaf;
  const terms = { linearId, seller, buyer, owner, ordinal, source };
  const [issued, read] =
    "cashIssuers" in state
      ? [
          encode(invoiceSchema, state),
          encode(invoiceSchema, invoiceFromUbl(ubl, { ...terms, cashIssuers: state.cashIssuers })),
        ]
      : [
          encode(creditNoteSchema, state),
          encode(creditNoteSchema, creditNoteFromUbl(ubl, { ...terms, ...linksOf(state) })),
        ];
  if (compareBytes(issued, read) !== 0)
    throw notAsDocumented("the state differs from the document");
}

function linksOf({ precedingInvoice, payee }: CreditNoteState) {
  return {
    ...(precedingInvoice !== undefined && { precedingInvoice }),
    ...(payee !== undefined && { payee }),
  };
}

function notAsDocumented(reason: string): FlowFailure {
  return new FlowFailure("invoice/not-as-documented", `the document is not what came: ${reason}`, {
    reason,
  });
}
