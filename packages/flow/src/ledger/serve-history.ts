import { decode, encode } from "@stateset/codec";
import {
  bundleFileSchema,
  decodeSignedTransaction,
  encodeSignedTransaction,
  type IdentityId,
} from "@stateset/ledger";
import { RemoteFailure } from "../ports/network.ts";
import type { Store } from "../ports/store.ts";
import {
  BUNDLES_REQUEST,
  bundlesRequestSchema,
  bundlesResponseSchema,
  HISTORY_REQUEST,
  type HistoryResponse,
  historyRequestSchema,
  historyResponseSchema,
  RESPONSE_BYTES_MAX,
} from "./history-wire.ts";
import type { LedgerService } from "./ledger-service.ts";
import { withoutPrivate } from "./without-private.ts";

/** Transactions may be large: no request has all that it names in memory at once. */
const READ_AT_ONCE = 16;

/** Answers peers that check what this node sent them; undefined where the kind is another's. */
export async function serveHistory(
  peer: IdentityId,
  kind: string,
  body: Uint8Array,
  on: { ledger: LedgerService; store: Store },
): Promise<Uint8Array | undefined> {
  if (kind === HISTORY_REQUEST) return await serveTransactions(peer, body, on);
  if (kind === BUNDLES_REQUEST) return await serveBundles(body, on.store);
  return undefined;
}

/** A ticket is needed for each: a reference alone lets nobody read a transaction. */
async function serveTransactions(
  peer: IdentityId,
  body: Uint8Array,
  { ledger, store }: { ledger: LedgerService; store: Store },
): Promise<Uint8Array> {
  const { wanted } = decode(historyRequestSchema, body);
  if (!wanted.every((ticket) => ledger.holdsTicket(ticket, peer)))
    throw new RemoteFailure("history/not-allowed", "the ticket is not one of this node's");
  const transactions: HistoryResponse["transactions"] = [];
  let bytes = 0;
  for (let from = 0; from < wanted.length; from += READ_AT_ONCE) {
    const ids = wanted.slice(from, from + READ_AT_ONCE).map(({ id }) => id);
    for (const { signed, receipt } of await store.transactions(ids)) {
      const hidden = withoutPrivate(decodeSignedTransaction(signed));
      const shown = encodeSignedTransaction(hidden);
      bytes += shown.length + receipt.length;
      if (bytes > RESPONSE_BYTES_MAX && transactions.length > 0)
        return encode(historyResponseSchema, { transactions });
      const parents = ledger.tickets(hidden.transaction, peer);
      transactions.push({ signed: shown, receipt, parents });
    }
  }
  return encode(historyResponseSchema, { transactions });
}

async function serveBundles(body: Uint8Array, store: Store): Promise<Uint8Array> {
  const { wanted } = decode(bundlesRequestSchema, body);
  const found = await store.attachments(wanted);
  const bundles = found.filter(({ kind }) => kind === "bundle").map(({ content }) => content);
  const files = bundles.map((content) => decode(bundleFileSchema, content));
  return encode(bundlesResponseSchema, { bundles: files });
}
