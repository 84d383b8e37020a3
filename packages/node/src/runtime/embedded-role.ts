import type { TransactionId } from "@stateset/ledger";
import { EmbeddedNotary, openNotaryStore, serveNotary } from "@stateset/notary";
import type { NotaryRole, NotaryRoleOptions } from "./notary-role.ts";
import { openDatabase } from "./open-database.ts";
import { ownMemberSet } from "./own-member-set.ts";
import { systemClock } from "./platform.ts";
import { Closing } from "./running-node.ts";

/** Looked up only to see whether the database answers; nothing is notarised under it. */
const NOTHING = "00".repeat(32) as TransactionId;

/** The only member of a cluster, over a database. */
export async function openEmbeddedRole(options: NotaryRoleOptions): Promise<NotaryRole> {
  const { loaded, identity, log, onPoint } = options;
  const { keys, map } = identity;
  const memberSet = ownMemberSet(identity, loaded.file);
  const closing = new Closing();
  try {
    const database = await openDatabase(loaded, log);
    closing.add(() => database.close());
    const store = await openNotaryStore({ connectionString: database.connectionString });
    closing.add(() => store.close());
    const notary = await EmbeddedNotary.open({
      memberSet,
      sign: (payload) => keys.sign({ kind: "identity" }, payload),
      store,
      clock: systemClock,
      map,
      ...(onPoint && { onPoint }),
    });
    closing.add(() => notary.close());
    const check = () => store.lookup({ ids: [NOTHING], refs: [], uniqueKeys: [] });
    const close = () => closing.close();
    return { request: serveNotary(notary), checks: { database: check }, close };
  } catch (error) {
    await closing.close().catch(() => {}); // the first error says what went wrong
    throw error;
  }
}
