import type { PeerRun } from "@stateset/flow";
import { TlsNetwork } from "@stateset/network";
import { CountedNetwork } from "../metrics/counted-network.ts";
import { createMetrics } from "../metrics/node-metrics.ts";
import { registerNodeRoutes } from "../rest/node-routes.ts";
import { describeNode } from "./describe-node.ts";
import type { NotaryRole, NotaryRoleOptions } from "./notary-role.ts";
import { openIdentity } from "./open-identity.ts";
import { systemRandom } from "./platform.ts";
import { ReadinessProbe } from "./readiness-probe.ts";
import { Closing, listenRest, type RunningNode } from "./running-node.ts";
import type { StartOptions } from "./start-company.ts";
import { startRest } from "./start-rest.ts";

/** Puts a notary together and starts it. What fails is closed again. */
export async function startNotary({ loaded, log, onPoint }: StartOptions): Promise<RunningNode> {
  const { config } = loaded;
  const closing = new Closing();
  try {
    const identity = await openIdentity(loaded, log);
    const { party, map, close, credentials } = identity;
    closing.add(close);
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
    const role = await openRole({ loaded, identity, network, log, onPoint });
    closing.add(() => role.close());
    await network.start({
      peerUp: (peer) => log("debug", "peer up", { peer }),
      peerDown: (peer) => log("debug", "peer down", { peer }),
      drain: () => {},
      frame: (peer) => log("debug", "a frame that no notary reads", { peer }),
      request: role.request,
    });
    closing.add(() => network.stop());
    const probe = new ReadinessProbe(role.checks);
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

/** What one of them needs is not loaded for the other. */
async function openRole(options: NotaryRoleOptions): Promise<NotaryRole> {
  const { config, secrets } = options.loaded;
  if (config.notary === undefined || secrets.workerKey === undefined)
    return await (await import("./embedded-role.ts")).openEmbeddedRole(options);
  const { rpc } = config.notary.chain;
  const { openWorkerRole } = await import("./worker-role.ts");
  return await openWorkerRole(options, { rpc, secret: secrets.workerKey });
}
