import { bytes, type Infer, record } from "@stateset/codec";
import {
  decodeSignedTransaction,
  encodeSignedTransaction,
  receiptSchema,
  type SignedTransaction,
} from "@stateset/ledger";
import type { FlowContext, HistoryTicket, Session } from "../flow-context.ts";
import { ticketsSchema } from "../ledger/history-wire.ts";
import type { Protocol } from "../protocol.ts";

const SIGNED_BYTES_MAX = 25 << 20;

/** A signed transaction with tickets for what it builds on. */
const transactionFields = {
  signed: bytes({ min: 1, max: SIGNED_BYTES_MAX }),
  tickets: ticketsSchema,
};
export const transactionMessageSchema = record(transactionFields);

export const finalMessageSchema = record({ receipt: receiptSchema });

/** A transaction that is final already. */
export const recordedMessageSchema = record({ ...transactionFields, receipt: receiptSchema });
export type RecordedMessage = Infer<typeof recordedMessageSchema>;

/** A session whatever its protocol, for core flows that only use the messages that they define. */
export type CoreSession = {
  readonly peer: Session["peer"];
  send(message: string, content: unknown): Promise<void>;
  receive(message: string, options?: { timeoutMs?: number }): Promise<unknown>;
};

/** The view of a session that core flows take. */
export function coreSession<P extends Protocol>(
  session: Session<P, "initiator"> | Session<P, "responder">,
): CoreSession {
  return session as unknown as CoreSession;
}

export function messageOf(
  flow: FlowContext,
  signed: SignedTransaction,
  to: CoreSession,
): { signed: Uint8Array; tickets: HistoryTicket[] } {
  return { signed: encodeSignedTransaction(signed), tickets: flow.tickets(signed, to.peer.id) };
}

export function readMessage(content: unknown): {
  signed: SignedTransaction;
  tickets: HistoryTicket[];
} {
  const { signed, tickets } = content as { signed: Uint8Array; tickets: HistoryTicket[] };
  return { signed: decodeSignedTransaction(signed), tickets };
}
