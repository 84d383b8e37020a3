import type { PeerRun } from "@stateset/flow";
import type { TransactionId } from "@stateset/ledger";
import { TlsNetwork } from "@stateset/network";
import { EmbeddedNotary, openNotaryStore, serveNotary } from "@stateset/notary";
import { CountedNetwork } from "../metrics/counted-network.ts";
import { createMetrics } from "../metrics/node-metrics.ts";
import { registerNodeRoutes } from "../rest/node-routes.ts";
import { describeNode } from "./describe-node.ts";
import { openDatabase } from "./open-database.ts";
import { openIdentity } from "./open-identity.ts";
import { ownMemberSet } from "./own-member-set.ts";
import { systemClock, systemRandom } from "./platform.ts";
import { ReadinessProbe } from "./readiness-probe.ts";
import { Closing, listenRest, type RunningNode } from "./running-node.ts";
import type { StartOptions } from "./start-company.ts";
import { startRest } from "./start-rest.ts";

/** Looked up only to see whether the database answers; nothing is notarised under it. */
const NOTHING = "00".repeat(32);

/** Puts a notary together and starts it. What fails is closed again. */
export async function startNotary({ loaded, log, onPoint }: StartOptions): Promise<RunningNode> {
  const { config } = loaded;
  const closing = new Closing();
  try {
    const identity = await openIdentity(loaded, log);
    const { party, keys, map, close, credentials } = identity;
    closing.add(close);
    const memberSet = ownMemberSet(identity, loaded.file);
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
    // Requests are idempotent and nothing is kept between them: every run is a new one to peers.
    const run: PeerRun = { incarnation: Buffer.from(systemRandom(16)).toString("hex"), run: 1 };
    const listen = config.p2p;
    const tls = new TlsNetwork({
      identity: party.id,
      run,
      credentials,
      directory: map,
      listen,
      log,
    });
    const registry = createMetrics(config.name);
    const network = new CountedNetwork(tls, registry);
    await network.start({
      peerUp: (peer) => log("debug", "peer up", { peer }),
      peerDown: (peer) => log("debug", "peer down", { peer }),
      drain: () => {},
      frame: (peer) => log("debug", "a frame that no notary reads", { peer }),
      request: serveNotary(notary),
    });
    closing.add(() => network.stop());
    const check = () => store.lookup({ ids: [NOTHING as TransactionId], refs: [], uniqueKeys: [] });
    const probe = new ReadinessProbe({ database: check });
    const server = await startRest({ loaded, log, registry, readiness: () => probe.waiting() });
    closing.add(() => server.close());
    const description = describeNode({ config, party, map, run, apps: [] });
    registerNodeRoutes(server, { node: description, map });
    const rest = await listenRest(server, loaded);
    return { description, rest, p2p: tls.address, stop: () => closing.close() };
  } catch (error) {
    await closing.close().catch(() => {}); // the first error says what went wrong
    throw error;
  }
}
