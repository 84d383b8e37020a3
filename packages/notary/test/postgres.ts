import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@stateset/vault";

/** A real server for tests, with fsync on. */
export type TestPostgres = {
  /** Of a fresh, empty database. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
};

export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "notary-postgres-"));
  const server = await startEmbeddedPostgres({ folder });
  return {
    createDatabase: (name) => server.createDatabase(name),
    async stop() {
      await server.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
