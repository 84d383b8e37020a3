export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./embedded/embedded-postgres.ts";
export { PostgresError, type PostgresFault } from "./embedded/postgres-error.ts";
export type { CommitStats } from "./group-commit.ts";
export { type OpenVault, openVault, type VaultOptions } from "./open-vault.ts";
export { stateTableName } from "./state-tables.ts";
export { VaultSetupError, type VaultSetupFault } from "./vault-setup-error.ts";
