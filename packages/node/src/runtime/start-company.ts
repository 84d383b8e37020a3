import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PublicKey } from "@stateset/codec";
import { prepareEngine, VmContractRunner } from "@stateset/contract-vm";
import {
  decodeAppFile,
  encryptionKeysOf,
  type InstalledApp,
  type Log,
  type NetworkMap,
  StoreError,
  startFlowEngine,
} from "@stateset/flow";
import type { NotaryId } from "@stateset/ledger";
import { TlsNetwork } from "@stateset/network";
import { NotaryClient, type NotaryClientOptions } from "@stateset/notary";
import { openVault } from "@stateset/vault";
import { loadApp } from "../app/load-app.ts";
import type { LoadedConfig } from "../config/read-config.ts";
import { CountedNetwork } from "../metrics/counted-network.ts";
import { addEngineFigures, addVaultFigures } from "../metrics/figures.ts";
import { createMetrics } from "../metrics/node-metrics.ts";
import { registerCompanyRoutes } from "../rest/company-routes.ts";
import { beginRun } from "./begin-run.ts";
import { describeNode } from "./describe-node.ts";
import { openDatabase } from "./open-database.ts";
import { openIdentity } from "./open-identity.ts";
import { systemClock, systemRandom } from "./platform.ts";
import { ReadinessProbe } from "./readiness-probe.ts";
import { Closing, listenRest, type RunningNode } from "./running-node.ts";
import { startRest } from "./start-rest.ts";

export type StartOptions = {
  loaded: LoadedConfig;
  log: Log;
  onPoint: ((point: string) => void) | undefined;
};

/** No flow has it: looking for it only shows whether the database answers. */
const NO_FLOW = "00000000-0000-0000-0000-000000000000";

/** Puts a company's node together and starts it. What fails is closed again. */
export async function startCompany({ loaded, log, onPoint }: StartOptions): Promise<RunningNode> {
  const { config } = loaded;
  const closing = new Closing();
  const superseded = Promise.withResolvers<Error>();
  try {
    const { party, keys, map, close, credentials } = await openIdentity(loaded, log);
    closing.add(close);
    const [database, apps] = await Promise.all([
      openDatabase(loaded, log),
      loadApps(loaded, map),
      prepareEngine(),
    ]);
    closing.add(() => database.close());
    const { store, vault, stats } = await openVault({
      connectionString: database.connectionString,
      tables: apps.flatMap(({ app }) => app.tables),
      clock: systemClock.now,
      log,
      onSuperseded: () => superseded.resolve(new StoreError({ code: "store/superseded" })),
    });
    closing.add(() => store.close());
    const { incarnation, run: count } = await beginRun(store, {
      dataFolder: config.dataFolder,
      log,
    });
    const run = { incarnation, run: count };
    const tls = new TlsNetwork({
      identity: party.id,
      run,
      credentials,
      directory: map,
      listen: config.p2p,
      log,
    });
    const registry = createMetrics(config.name);
    const network = new CountedNetwork(tls, registry);
    const flows = await startFlowEngine({
      store,
      vault,
      network,
      notaries: notaryClients({ network, map, identity: party.id, clock: systemClock }),
      keys,
      map,
      clock: systemClock,
      random: systemRandom,
      contracts: new VmContractRunner(),
      apps,
      log,
      ...(onPoint && { onPoint }),
    });
    closing.add(() => flows.stop());
    addEngineFigures(registry, flows);
    addVaultFigures(registry, stats);
    const probe = new ReadinessProbe({ database: () => store.flow(NO_FLOW) });
    const server = await startRest({ loaded, log, registry, readiness: () => probe.waiting() });
    closing.add(() => server.close());
    const description = describeNode({ config, party, map, run, apps });
    const encryptionKeys = encryptionKeysOf(keys);
    registerCompanyRoutes(server, { flows, store, vault, map, node: description, encryptionKeys });
    const rest = await listenRest(server, loaded);
    const stop = () => closing.close();
    return { description, rest, p2p: tls.address, failed: superseded.promise, stop };
  } catch (error) {
    await closing.close().catch(() => {}); // the first error says what went wrong
    throw error;
  }
}

/** One client for each notary that is asked for. */
function notaryClients(options: Omit<NotaryClientOptions, "id">): (id: NotaryId) => NotaryClient {
  const clients = new Map<NotaryId, NotaryClient>();
  return (id) => {
    let client = clients.get(id);
    if (client === undefined) {
      client = new NotaryClient({ ...options, id });
      clients.set(id, client);
    }
    return client;
  };
}

async function loadApps({ config }: LoadedConfig, map: NetworkMap): Promise<InstalledApp[]> {
  const { files = [], trustedSigners = [] } = config.apps ?? {};
  const trusted = trustedSigners.map((key): PublicKey => ({ kind: "ed25519", key }));
  const folder = join(config.dataFolder, "apps");
  return await Promise.all(
    files.map(async (path) => {
      const file = decodeAppFile(new Uint8Array(await readFile(path)));
      return await loadApp(file, { trusted, folder, parameters: map.current });
    }),
  );
}
