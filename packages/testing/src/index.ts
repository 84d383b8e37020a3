export { type ArbitraryCash, arbitraryCash } from "./arbitraries/arbitrary-cash.ts";
export {
  type ArbitraryInvoiceDocument,
  arbitraryInvoiceDocument,
} from "./arbitraries/arbitrary-invoice-document.ts";
export { type CommandRow, commandTable, declaredCommands } from "./command-table.ts";
export type { ComplianceCase, OpenStore, StoreSubject } from "./compliance/compliance-case.ts";
export { NETWORK_COMPLIANCE, type NetworkCase } from "./compliance/network-compliance.ts";
export { NetworkPeer, type NetworkUnderTest } from "./compliance/network-peer.ts";
export { NOTARY_COMPLIANCE, type NotaryCase } from "./compliance/notary-compliance.ts";
export {
  NotaryFixture,
  type NotaryUnderTest,
  type StartNotary,
} from "./compliance/notary-fixture.ts";
export { storeCompliance } from "./compliance/store-compliance.ts";
export { complianceTables, RECORDED_AT, storeFixture } from "./compliance/store-fixture.ts";
export { vaultCompliance } from "./compliance/vault-compliance.ts";
export { MemoryNetwork, type MemoryNetworkOptions } from "./memory-network.ts";
export { MemoryStore } from "./memory-store.ts";
export { checkModel } from "./model/check-model.ts";
export { type CoinKind, CoinPurses, sumBy } from "./model/coin-purses.ts";
export { type ModelRuns, modelRuns } from "./model/model-runs.ts";
export { ModelTally } from "./model/model-tally.ts";
export { type TransactionOutcome, transactionOutcome } from "./model/transaction-outcome.ts";
export { seededRandom } from "./seeded-random.ts";
export { TestLedger } from "./test-ledger.ts";
export type { TestParty } from "./test-party.ts";
export { TestTransaction } from "./test-transaction.ts";
