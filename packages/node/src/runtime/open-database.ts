import type { Log } from "@stateset/flow";
import { startEmbeddedPostgres } from "@stateset/vault";
import type { LoadedConfig } from "../config/read-config.ts";

export type Database = { connectionString: string; close(): Promise<void> };

/** The database that the configuration names, or that of a server of the node's own, started. */
export async function openDatabase(loaded: LoadedConfig, log: Log): Promise<Database> {
  const { config, secrets } = loaded;
  if (secrets.databaseUrl !== undefined)
    return { connectionString: secrets.databaseUrl, close: async () => {} };
  const folder = config.database?.embedded?.folder ?? config.dataFolder;
  const server = await startEmbeddedPostgres({ folder, log });
  return {
    connectionString: await server.createDatabase(config.name),
    close: () => server.stop(),
  };
}
