export {
  type AppBundle,
  type AppFile,
  decodeAppBundle,
  decodeAppFile,
  encodeAppBundle,
  encodeAppFile,
  hashApp,
  signApp,
} from "./app/app-bundle.ts";
export { AppError, type AppFault } from "./app/app-error.ts";
export { type AppManifest, manifestOf } from "./app/app-manifest.ts";
export { assertContractsOwned } from "./app/assert-contracts-owned.ts";
export { assertApp, assertExportedApp } from "./app/assert-exported-app.ts";
export type { InstalledApp } from "./app/installed-app.ts";
export { appSigners, openApp } from "./app/open-app.ts";
export { type ReadApp, readApp } from "./app/read-app.ts";
export {
  type EngineOptions,
  type EngineStats,
  type FlowEngine,
  startFlowEngine,
} from "./engine/flow-engine.ts";
export {
  type FlowContext,
  FlowFailure,
} from "./flow-context.ts";
export {
  type FlowDescription,
  FlowError,
  type FlowEvent,
  type FlowFault,
  type FlowService,
  type StartRequest,
} from "./flow-service.ts";
export { encryptionKeysOf } from "./ledger/encryption-keys.ts";
export {
  notarisationRequest,
  requestedTransaction,
  type SpenderKnowledge,
} from "./ledger/notarisation-request.ts";
export { verifyAbsence } from "./ledger/verify-absence.ts";
export type { Log } from "./log.ts";
export type { Clock, Random } from "./ports/clock.ts";
export type { KeyRef, Keys } from "./ports/keys.ts";
export {
  type Network,
  type NetworkHandlers,
  type PeerRun,
  RemoteFailure,
} from "./ports/network.ts";
export type { NetworkMap, NotaryEntry } from "./ports/network-map.ts";
export {
  type Absence,
  absencePayload,
  absenceSchema,
  type ConsumedBy,
  decodeNotarisationRequest,
  decodeNotaryAnswer,
  encodeNotarisationRequest,
  encodeNotaryAnswer,
  type NotarisationRequest,
  type Notary,
  type NotaryAnswer,
  type NotaryFault,
} from "./ports/notary.ts";
export {
  type Attachment,
  type FlowProblem,
  type FlowQuery,
  type FlowRecord,
  type FlowStatus,
  type JournalChunk,
  type OutgoingMessage,
  type RelevantState,
  type Store,
  type StoredContentKey,
  type StoredFlow,
  type StoredTransaction,
  StoreError,
  type StoreFault,
  type StoreRun,
  type Write,
} from "./ports/store.ts";
export {
  type CoinClaim,
  type StateColumn,
  type StateTable,
  type Vault,
  VaultError,
  type VaultFault,
  type VaultPage,
  type VaultQuery,
  type VaultState,
} from "./ports/vault.ts";
export { CoinPool, type Holdings, refuseClaim, SetAside } from "./vault/coin-pool.ts";
export { ENDED_STATUSES, isEnded } from "./vault/flow-status.ts";
export { formatCursor, parseCursor } from "./vault/page-cursor.ts";
export {
  type CoinValue,
  type ColumnValue,
  coinValue,
  columnValue,
  jsonOf,
} from "./vault/state-row.ts";
export { type Condition, meets, parseCondition } from "./vault/vault-condition.ts";
export { type ParsedQuery, parseQuery, tableOf } from "./vault/vault-query.ts";
