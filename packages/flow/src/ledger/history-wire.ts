import { bytes, HASH_BYTES, hex, type Infer, list, record } from "@stateset/codec";
import { bundleFileSchema, type TransactionId } from "@stateset/ledger";

/** Asks for transactions that a peer's transaction builds on. */
export const HISTORY_REQUEST = "ledger/transactions";
/** Asks for bundles by hash, with all signatures that the peer has of them. */
export const BUNDLES_REQUEST = "ledger/bundles";

/** Enough for a transaction of the largest size; more follow on the next request. */
export const RESPONSE_BYTES_MAX = 25 << 20;
export const REQUESTED_MAX = 256;
const TICKET_BYTES = 16;
const SIGNED_BYTES_MAX = 25 << 20;
const RECEIPT_BYTES_MAX = 1 << 20;

const transactionIdSchema = hex<TransactionId>({ length: HASH_BYTES });

/** See `HistoryTicket`. */
const ticketSchema = record({
  id: transactionIdSchema,
  ticket: hex({ length: TICKET_BYTES }),
});
export const ticketsSchema = list(ticketSchema, { max: 640 });

export const historyRequestSchema = record({
  wanted: list(ticketSchema, { min: 1, max: REQUESTED_MAX }),
});

/** Of those wanted, as many as fit; each with tickets for what it builds on in turn. */
export const historyResponseSchema = record({
  transactions: list(
    record({
      signed: bytes({ min: 1, max: SIGNED_BYTES_MAX }),
      receipt: bytes({ min: 1, max: RECEIPT_BYTES_MAX }),
      parents: ticketsSchema,
    }),
    { max: REQUESTED_MAX },
  ),
});
export type HistoryResponse = Infer<typeof historyResponseSchema>;

export const bundlesRequestSchema = record({
  wanted: list(hex({ length: HASH_BYTES }), { min: 1, max: 64 }),
});
export const bundlesResponseSchema = record({ bundles: list(bundleFileSchema, { max: 64 }) });
