import type { Log } from "@stateset/flow";
import type { LoadedConfig } from "../config/read-config.ts";
import { crashPoint } from "./crash-point.ts";
import type { RunningNode } from "./running-node.ts";
import { startFailure } from "./start-failure.ts";

/**
 * Starts the node that a configuration describes, in the role that it has.
 * @throws RequestError that names the key of the configuration at fault, and the remedy
 */
export async function startNode(
  loaded: LoadedConfig,
  { log, environment }: { log: Log; environment: NodeJS.ProcessEnv },
): Promise<RunningNode> {
  const { role, development = false } = loaded.config;
  const onPoint = crashPoint(environment, development);
  try {
    // A notary needs neither the contract VM nor the flow engine: what is not loaded takes no memory.
    const node =
      role === "company"
        ? await (await import("./start-company.ts")).startCompany({ loaded, log, onPoint })
        : await (await import("./start-notary.ts")).startNotary({ loaded, log, onPoint });
    const { name, identity, legalName } = node.description;
    log("info", "node started", { name, legalName, identity, rest: node.rest, p2p: node.p2p });
    return node;
  } catch (error) {
    throw startFailure(error, loaded);
  }
}
