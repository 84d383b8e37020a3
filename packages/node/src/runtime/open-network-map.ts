import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@stateset/flow";
import type { NetworkId } from "@stateset/ledger";
import { type FileNetworkMap, loadNetworkMap } from "@stateset/network";
import type { NodeConfig } from "../config/node-config.ts";

/** The network map, followed as its file changes until it is closed. */
export type WatchedMap = { map: FileNetworkMap; close(): void };

/**
 * Loads the network map that a configuration names. The serial of the newest one seen is kept in
 * the node's data folder, so that nobody can bring back an older map with a restart.
 * @throws NetworkMapError
 */
export async function openNetworkMap(
  { networkMap, dataFolder }: Pick<NodeConfig, "networkMap" | "dataFolder">,
  log: Log,
): Promise<WatchedMap> {
  const { path, network, authority } = networkMap;
  const seen = join(dataFolder, "network-map.serial");
  const map = await loadNetworkMap({
    path,
    trust: { network: network as NetworkId, authority: { kind: "ed25519", key: authority } },
    log,
    serialMin: readSerial(seen),
  });
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  writeSerial(seen, map.serial);
  const stopListening = map.onChange(() => writeSerial(seen, map.serial));
  const stopWatching = map.watch();
  return {
    map,
    close() {
      stopWatching();
      stopListening();
    },
  };
}

function readSerial(path: string): number {
  try {
    return Number.parseInt(readFileSync(path, "utf8"), 10) || 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

function writeSerial(path: string, serial: number): void {
  writeFileSync(`${path}.part`, `${serial}\n`, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}
