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
