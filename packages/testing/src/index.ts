export { type ArbitraryCash, arbitraryCash } from "./arbitraries/arbitrary-cash.ts";
export {
  type ArbitraryInvoiceDocument,
  arbitraryInvoiceDocument,
} from "./arbitraries/arbitrary-invoice-document.ts";
export { type CommandRow, commandTable, declaredCommands } from "./command-table.ts";
export { seededRandom } from "./seeded-random.ts";
export { TestLedger } from "./test-ledger.ts";
export type { TestParty } from "./test-party.ts";
export { TestTransaction } from "./test-transaction.ts";
