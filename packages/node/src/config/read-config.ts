import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { SecretKey } from "@stateset/codec";
import { configFaults } from "./check-config.ts";
import { ConfigError, type ConfigFault } from "./config-error.ts";
import type { NodeConfig } from "./node-config.ts";
import { readWorkerKey } from "./read-worker-key.ts";

/** A configuration with absolute paths, and the secrets that it refers to. */
export type LoadedConfig = {
  config: NodeConfig;
  /** The file that it was read from. */
  file: string;
  secrets: {
    keyStorePassword: string;
    /** Absent where the node has a database server of its own. */
    databaseUrl?: string;
    /** Of a cluster's worker. */
    workerKey?: SecretKey;
    hs256Secret: Uint8Array;
  };
};

const FILE_BYTES_MAX = 1 << 20;
/** RFC 7518, section 3.2: a key for HS256 has at least the size of the hash. */
const HS256_SECRET_BYTES_MIN = 32;

/**
 * Reads a node's configuration with all that it refers to.
 * @throws ConfigError that names every key at fault
 */
export function readConfig(file: string, environment: NodeJS.ProcessEnv): LoadedConfig {
  const value = parse(file);
  const faults = configFaults(value);
  if (faults.length > 0) throw new ConfigError(file, faults);
  const config = withAbsolutePaths(value as NodeConfig, dirname(resolve(file)));
  const reader = new SecretReader(environment);
  const secrets = secretsOf(config, reader);
  for (const [key, path] of publicFiles(config)) reader.readable(key, path);
  if (reader.faults.length > 0) throw new ConfigError(file, reader.faults);
  return { config, file: resolve(file), secrets };
}

function parse(file: string): unknown {
  const wrong = (problem: string, remedy: string, code: ConfigFault["code"]) =>
    new ConfigError(file, [{ code, key: "", problem, remedy }]);
  let text: string;
  try {
    if (statSync(file).size > FILE_BYTES_MAX)
      throw wrong("is larger than 1 MiB", "name a configuration file", "config/bad-value");
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw wrong("is not there", "check the path", "config/file-missing");
    throw wrong(`cannot be read (${code})`, "check who owns it", "config/file-unreadable");
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw wrong(`is not JSON (${reason})`, "repair it at the place named", "config/bad-value");
  }
}

function withAbsolutePaths(config: NodeConfig, folder: string): NodeConfig {
  const at = (path: string) => resolve(folder, path);
  const { keyStore, networkMap, p2p, database, apps, access, notary } = config;
  const { embedded, urlFile } = database ?? {};
  return {
    ...config,
    dataFolder: at(config.dataFolder),
    keyStore: {
      ...keyStore,
      path: at(keyStore.path),
      ...(keyStore.passwordFile && { passwordFile: at(keyStore.passwordFile) }),
    },
    networkMap: { ...networkMap, path: at(networkMap.path) },
    p2p: { ...p2p, certificate: at(p2p.certificate) },
    ...(database && {
      database: {
        ...database,
        ...(urlFile && { urlFile: at(urlFile) }),
        ...(embedded && { embedded: { folder: at(embedded.folder) } }),
      },
    }),
    ...(notary && {
      notary: { chain: { ...notary.chain, workerKeyFile: at(notary.chain.workerKeyFile) } },
    }),
    ...(apps && { apps: { ...apps, files: apps.files.map(at) } }),
    access: { hs256SecretFile: at(access.hs256SecretFile) },
  };
}

function publicFiles(config: NodeConfig): [key: string, path: string][] {
  const files = config.apps?.files ?? [];
  return [
    ["keyStore.path", config.keyStore.path],
    ["networkMap.path", config.networkMap.path],
    ["p2p.certificate", config.p2p.certificate],
    ...files.map((path, index): [string, string] => [`apps.files.${index}`, path]),
  ];
}

function secretsOf(config: NodeConfig, reader: SecretReader): LoadedConfig["secrets"] {
  const { keyStore, database, access, notary } = config;
  const keyStorePassword = reader.text("keyStore.password", {
    ...(keyStore.passwordFile && { file: keyStore.passwordFile }),
    ...(keyStore.passwordEnv && { variable: keyStore.passwordEnv }),
  });
  const databaseUrl = databaseUrlOf(database, reader);
  const workerKey = notary && workerKeyOf(notary.chain.workerKeyFile, reader);
  const secret = reader.text("access.hs256Secret", { file: access.hs256SecretFile });
  const hs256Secret = new TextEncoder().encode(secret);
  if (secret !== "" && hs256Secret.length < HS256_SECRET_BYTES_MIN)
    reader.faults.push({
      code: "config/bad-value",
      key: "access.hs256SecretFile",
      problem: `holds a secret of ${hs256Secret.length} bytes`,
      remedy: `put at least ${HS256_SECRET_BYTES_MIN} random bytes into it, as text`,
    });
  return {
    ...{ keyStorePassword, hs256Secret },
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(workerKey !== undefined && { workerKey }),
  };
}

function databaseUrlOf(database: NodeConfig["database"], reader: SecretReader): string | undefined {
  if (database === undefined || database.embedded !== undefined) return undefined;
  const { url, urlFile, urlEnv } = database;
  if (url !== undefined) return url;
  const from = { ...(urlFile && { file: urlFile }), ...(urlEnv && { variable: urlEnv }) };
  return reader.text("database.url", from);
}

function workerKeyOf(file: string, reader: SecretReader): SecretKey | undefined {
  const found = reader.text("notary.chain.workerKey", { file });
  if (found === "") return undefined; // told already
  const key = readWorkerKey(found);
  if (key === undefined)
    reader.faults.push({
      code: "config/bad-value",
      key: "notary.chain.workerKeyFile",
      problem: `names ${file}, which holds no Ed25519 key in notaryd's form`,
      remedy: "name the worker_key.json in the home of the cluster's member",
    });
  return key;
}

/** Reads secrets and collects what is wrong with them, so that all is told at once. */
class SecretReader {
  readonly faults: ConfigFault[] = [];
  readonly #environment: NodeJS.ProcessEnv;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** @returns the secret without a final line break, or empty text where that was a fault */
  text(key: string, from: { file?: string; variable?: string }): string {
    if (from.file !== undefined) return this.#fromFile(`${key}File`, from.file);
    const variable = from.variable ?? "";
    const value = this.#environment[variable];
    if (value !== undefined && value !== "") return value;
    this.faults.push({
      code: "config/variable-missing",
      key: `${key}Env`,
      problem: `names the environment variable ${variable}, which is not set`,
      remedy: "set it for the node's process",
    });
    return "";
  }

  readable(key: string, path: string): boolean {
    try {
      accessSync(path, constants.R_OK);
      return true;
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      this.faults.push({
        code: isMissing ? "config/file-missing" : "config/file-unreadable",
        key,
        problem: isMissing ? `names ${path}, which is not there` : `names ${path}, not readable`,
        remedy: isMissing
          ? "create the file or correct the path"
          : "let the node's user own the file",
      });
      return false;
    }
  }

  #fromFile(key: string, path: string): string {
    if (!this.readable(key, path)) return "";
    const { mode, size } = statSync(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      this.faults.push({
        code: "config/file-exposed",
        key,
        problem: `names ${path}, a secret that other users may read`,
        remedy: `run: chmod 600 ${path}`,
      });
    if (size > FILE_BYTES_MAX) {
      this.faults.push({
        code: "config/bad-value",
        key,
        problem: `names ${path}, larger than 1 MiB`,
        remedy: "name a file with one secret in it",
      });
      return "";
    }
    const secret = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    if (secret !== "") return secret;
    this.faults.push({
      code: "config/bad-value",
      key,
      problem: `names ${path}, which is empty`,
      remedy: "put the secret into it",
    });
    return "";
  }
}
