import { unwatchFile, watchFile } from "node:fs";
import { open } from "node:fs/promises";
import type { KeyTree } from "@stateset/codec";
import type { NetworkMap, NotaryEntry } from "@stateset/flow";
import type {
  IdentityId,
  NetworkId,
  NetworkParameters,
  NotaryId,
  ParametersHash,
  Party,
} from "@stateset/ledger";
import type { Log } from "../log.ts";
import type { PeerDirectory, PeerEntry } from "../peer-directory.ts";
import { NetworkMapError } from "./network-map-error.ts";
import { decodeNetworkMap, NETWORK_MAP_BYTES_MAX, type NetworkTrust } from "./network-map-file.ts";
import { NetworkMapVersion } from "./network-map-version.ts";

/** Looked at so often; events of file systems are lost on some of those that containers mount. */
const LOOK_EVERY_MS = 2000;

export type NetworkMapOptions = {
  path: string;
  trust: NetworkTrust;
  log: Log;
  /** The last serial that this node used: an older map is refused even after a restart. */
  serialMin?: number;
};

/**
 * The network map of a signed file.
 * @throws NetworkMapError
 */
export async function loadNetworkMap(options: NetworkMapOptions): Promise<FileNetworkMap> {
  const content = await readMapFile(options.path);
  const version = new NetworkMapVersion(decodeNetworkMap(content, options.trust));
  const { serialMin: current = 0 } = options;
  if (version.serial < current)
    throw new NetworkMapError({ code: "network-map/outdated", current, found: version.serial });
  return new FileNetworkMap(options, content, version);
}

/** Always answers from one valid version; a newer valid file takes its place, no other does. */
export class FileNetworkMap implements NetworkMap, PeerDirectory {
  readonly #options: NetworkMapOptions;
  readonly #listeners = new Set<() => void>();
  #content: Uint8Array;
  #version: NetworkMapVersion;
  #reloading: Promise<boolean> | undefined;

  constructor(options: NetworkMapOptions, content: Uint8Array, version: NetworkMapVersion) {
    this.#options = options;
    this.#content = content;
    this.#version = version;
  }

  get network(): NetworkId {
    return this.#version.network;
  }

  get serial(): number {
    return this.#version.serial;
  }

  get rootCertificate(): Uint8Array {
    return this.#version.rootCertificate;
  }

  get current(): NetworkParameters {
    return this.#version.current;
  }

  parameters(hash: ParametersHash): NetworkParameters | undefined {
    return this.#version.parameters(hash);
  }

  parties(): readonly Party[] {
    return this.#version.parties();
  }

  party(id: IdentityId): Party | undefined {
    return this.#version.party(id);
  }

  identityKey(id: IdentityId): KeyTree | undefined {
    return this.#version.identityKey(id);
  }

  peer(id: IdentityId): PeerEntry | undefined {
    return this.#version.peer(id);
  }

  notaries(): readonly NotaryEntry[] {
    return this.#version.notaries();
  }

  notary(id: NotaryId): NotaryEntry | undefined {
    return this.#version.notary(id);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at the file again. @returns whether a newer version took over; what is wrong is logged */
  reload(): Promise<boolean> {
    this.#reloading ??= this.#reload().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  /** Reloads whenever the file changes. @returns what stops it */
  watch({ everyMs = LOOK_EVERY_MS }: { everyMs?: number } = {}): () => void {
    const changed = () => void this.reload();
    watchFile(this.#options.path, { interval: everyMs, persistent: false }, changed);
    return () => unwatchFile(this.#options.path, changed);
  }

  async #reload(): Promise<boolean> {
    const { path, trust, log } = this.#options;
    try {
      const content = await readMapFile(path);
      if (Buffer.compare(content, this.#content) === 0) return false;
      const version = new NetworkMapVersion(decodeNetworkMap(content, trust));
      version.assertFollows(this.#version);
      this.#content = content;
      this.#version = version;
    } catch (error) {
      if (!(error instanceof NetworkMapError)) throw error;
      const facts = { serial: this.serial, ...error.fault };
      log("error", "the network map was not taken, the last one stays", { path, ...facts });
      return false;
    }
    log("info", "a newer network map is in use", { path, serial: this.serial });
    for (const listener of this.#listeners) listener();
    return true;
  }
}

async function readMapFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      if (size > NETWORK_MAP_BYTES_MAX) throw new RangeError(`it has ${size} bytes`);
      return Uint8Array.from(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NetworkMapError({ code: "network-map/unreadable", path, reason }, { cause: error });
  }
}
