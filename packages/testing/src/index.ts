export { seededRandom } from "./seeded-random.ts";
export { TestLedger } from "./test-ledger.ts";
export type { TestParty } from "./test-party.ts";
export { TestTransaction } from "./test-transaction.ts";
