export {
  type FlowDescription,
  FlowError,
  type FlowEvent,
  type FlowFault,
  type FlowService,
  type StartRequest,
} from "./flow-service.ts";
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
  type StoredFlow,
  type StoredTransaction,
  StoreError,
  type StoreFault,
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
