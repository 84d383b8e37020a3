import { LedgerError } from "../ledger-error.ts";
import { type BlockHeader, type ReceiptTrust, verifyReceipt } from "../receipt/receipt.ts";
import { formatStateRef, type StateRef, type TransactionId } from "../transaction/ids.ts";
import {
  decodeSignedTransaction,
  type SignedTransaction,
} from "../transaction/signed-transaction.ts";
import { transactionId } from "../transaction/transaction.ts";
import { applyTransaction } from "../verify/apply-transaction.ts";
import type { ContractRunner, ResolvedState } from "../verify/verify-context.ts";
import { type VerifiedTransaction, verifyTransaction } from "../verify/verify-transaction.ts";
import type { Dossier } from "./dossier.ts";
import { dossierKnowledge } from "./dossier-knowledge.ts";

export type VerifiedDossier = {
  transaction: VerifiedTransaction;
  signed: SignedTransaction;
  /** What the transaction builds on, oldest first, each verified the same way. */
  history: VerifiedTransaction[];
  /** The transactions, of all these, that a checked receipt shows to be notarised. */
  notarised: ReadonlySet<TransactionId>;
  gas: bigint;
};

/**
 * Verifies a transaction with its whole history from what the dossier holds. Registrations prove
 * identity ids and first keys; that these are still the current keys, and that a transaction
 * without a receipt was notarised, is more than a dossier can show.
 * @throws LedgerError with the first fault
 */
export async function verifyDossier(
  dossier: Dossier,
  check: { contracts: ContractRunner; trust?: ReceiptTrust },
): Promise<VerifiedDossier> {
  const signed = decodeSignedTransaction(dossier.transaction);
  const states = new Map<string, ResolvedState>();
  const history: VerifiedTransaction[] = [];
  const notarised = new Set<TransactionId>();
  const known = {
    ...dossierKnowledge(dossier),
    contracts: check.contracts,
    resolve: (ref: StateRef) => states.get(formatStateRef(ref)),
  };
  const seen = new Set<TransactionId>();
  const verify = async (each: SignedTransaction): Promise<VerifiedTransaction> => {
    const id = transactionId(each.transaction);
    // Once more, and what it created would be there again after it was spent.
    if (seen.has(id)) throw new LedgerError({ code: "tx/malformed", reason: `${id} stands twice` });
    seen.add(id);
    const block = receiptBlock(dossier, id, check.trust);
    const context = block === undefined ? known : { ...known, blockTime: block.blockTime };
    const verified = await verifyTransaction(each, context);
    if (block !== undefined) assertNotary(verified, block);
    if (block !== undefined) notarised.add(id);
    // Without a receipt the latest that it can be: no delay has begun.
    const { until = Number.MAX_SAFE_INTEGER } = verified.contents.timeWindow;
    const createdAt = block?.blockTime ?? until;
    applyTransaction(verified, createdAt, states);
    return verified;
  };
  for (const encoded of dossier.history)
    history.push(await verify(decodeSignedTransaction(encoded)));
  const transaction = await verify(signed);
  const gas = [...history, transaction].reduce((sum, each) => sum + each.gas, 0n);
  return { transaction, signed, history, notarised, gas };
}

/** The block that notarised the transaction, if a receipt and somebody to believe show it. */
function receiptBlock(
  dossier: Dossier,
  id: TransactionId,
  trust: ReceiptTrust | undefined,
): BlockHeader | undefined {
  const found = dossier.receipts.find((each) => each.id === id);
  if (found === undefined || trust === undefined) return undefined;
  return verifyReceipt(found.receipt, id, trust);
}

function assertNotary({ contents: { meta } }: VerifiedTransaction, { cluster }: BlockHeader): void {
  if (cluster !== meta.notary)
    throw new LedgerError({ code: "receipt/wrong-chain", expected: meta.notary, found: cluster });
}
