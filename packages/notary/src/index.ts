export { ChainError, type ChainFault } from "./chain/chain-error.ts";
export { MemberChain, type MemberChainOptions } from "./chain/member-chain.ts";
export type { TransactionSigner } from "./chain/sign-transaction.ts";
export { EmbeddedNotary, type EmbeddedNotaryOptions } from "./embedded-notary.ts";
export { MemoryNotaryStore } from "./memory-notary-store.ts";
export { NotaryClient, type NotaryClientOptions } from "./notary-client.ts";
export type { NotaryService } from "./notary-service.ts";
export type {
  NotarisedAt,
  NotarisedTransaction,
  NotaryBlock,
  NotaryFacts,
  NotaryQuery,
  NotaryStore,
  NotaryTip,
  StoredBlock,
  TakenBy,
} from "./notary-store.ts";
export { openNotaryStore } from "./postgres/postgres-notary-store.ts";
export { serveNotary } from "./serve-notary.ts";
export type { Chain, ChainRequest } from "./worker/chain.ts";
export { ClusterWorker, type ClusterWorkerOptions } from "./worker/cluster-worker.ts";
export type { Peers } from "./worker/peers.ts";
export { serveWorker } from "./worker/serve-worker.ts";
export { FileSigningRecord, type SigningRecord } from "./worker/signing-record.ts";
export type { WorkerKey } from "./worker/worker-key.ts";
