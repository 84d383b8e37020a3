import { LedgerError, type VerifiedTransaction } from "@stateset/ledger";
import type { TestTransaction } from "../test-transaction.ts";

export type TransactionOutcome = { verified: VerifiedTransaction } | { refusedBy: string };

/** What becomes of a transaction that may well be refused. Any other failure is thrown. */
export async function transactionOutcome(
  transaction: TestTransaction,
): Promise<TransactionOutcome> {
  try {
    return { verified: await transaction.verifies() };
  } catch (error) {
    if (error instanceof LedgerError) return { refusedBy: error.refusedBy };
    throw error;
  }
}
