import { AppError, StoreError } from "@stateset/flow";
import { KeyStoreError } from "@stateset/keys";
import { NetworkError, NetworkMapError } from "@stateset/network";
import { PostgresError, VaultSetupError } from "@stateset/vault";
import type { LoadedConfig } from "../config/read-config.ts";
import { RequestError } from "../request-error.ts";

/** What PostgreSQL or the way to it says, as whoever starts the node can mend it. */
const DATABASE_TROUBLE: Readonly<Record<string, [code: string, text: string]>> = {
  "28P01": ["node/database-refused", "refuses the password: correct it"],
  "28000": ["node/database-refused", "refuses the user: correct the address or pg_hba.conf"],
  "3D000": ["node/database-missing", "has no such database: create it"],
  "42501": ["node/database-refused", "lets the user not create tables: grant it"],
  "53100": ["node/disk-full", "has no space left on its disk: free some"],
  "53300": ["node/database-busy", "has no connection to spare: raise max_connections"],
  "57P03": ["node/database-away", "is starting up or shutting down: try again"],
  ECONNREFUSED: ["node/database-away", "does not listen there: start it, or correct the address"],
  ENOENT: ["node/database-away", "has no socket there: start it, or correct the address"],
  ENOTFOUND: ["node/database-away", "has no such host: correct the address"],
  EHOSTUNREACH: ["node/database-away", "cannot be reached: check the network"],
  ETIMEDOUT: ["node/database-away", "did not answer: check the network"],
};

/**
 * Why a node does not start, as a problem that names the key of the configuration and the remedy.
 * Errors that nobody expected are given back as they are.
 */
export function startFailure(error: unknown, { config, file }: LoadedConfig): unknown {
  if (error instanceof KeyStoreError) {
    const { code, ...facts } = error.fault;
    const key = code === "keys/wrong-password" ? passwordKey(config) : "keyStore.path";
    const detail = `${key} in ${file}: ${config.keyStore.path} ${KEY_STORE[code]}; ${error.remedy}`;
    return new RequestError(code, detail, { key, ...facts });
  }
  if (error instanceof NetworkError && error.fault.code === "network/cannot-listen")
    return cannotListen("p2p", error.fault, file);
  if (error instanceof NetworkMapError) {
    const { code, ...facts } = error.fault;
    const detail = `networkMap in ${file}: ${config.networkMap.path} ${NETWORK_MAP[code]}`;
    return new RequestError(code, detail, { key: "networkMap", ...facts });
  }
  if (error instanceof VaultSetupError) {
    const { code, ...facts } = error.fault;
    const key = databaseKey(config);
    return new RequestError(code, `${key} in ${file}: ${VAULT[code]}`, { key, ...facts });
  }
  if (error instanceof PostgresError) {
    const { code, remedy, ...facts } = error.fault;
    const what = "reason" in facts ? facts.reason : code;
    const key = "database.embedded";
    return new RequestError(code, `${key} in ${file}: ${what}; ${remedy}`, { key, ...facts });
  }
  if (error instanceof AppError) {
    const { code, ...facts } = error.fault;
    const detail = error.message.replace(`${code}: `, "");
    return new RequestError(code, `apps in ${file}: ${detail}`, { key: "apps", ...facts });
  }
  return systemFailure(error, { config, file });
}

/** @returns an error that names the key of a port that is taken, or may not be listened on */
export function cannotListen(
  part: "p2p" | "rest",
  { host, port, reason }: { host: string; port: number; reason: string },
  file: string,
): RequestError {
  const isBusy = reason.includes("EADDRINUSE");
  const code = isBusy ? "node/port-busy" : "node/cannot-listen";
  const why = isBusy ? "is in use by another process" : `cannot be listened on (${reason})`;
  const detail = `${part}.port in ${file}: ${host}:${port} ${why}; choose another, or end that process`;
  return new RequestError(code, detail, { key: `${part}.port`, host, port });
}

function systemFailure(error: unknown, { config, file }: Pick<LoadedConfig, "config" | "file">) {
  const cause = error instanceof StoreError ? (error.cause ?? error) : error;
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: string };
  const isDatabase = error instanceof StoreError || /^[0-9A-Z]{5}$/.test(String(code));
  const trouble = DATABASE_TROUBLE[String(code)];
  const key = databaseKey(config);
  if (trouble !== undefined) {
    const [problem, text] = trouble;
    return new RequestError(problem, `${key} in ${file}: PostgreSQL ${text} (${message})`, { key });
  }
  if (isDatabase)
    return new RequestError("node/database-away", `${key} in ${file}: ${message}`, { key });
  if (code === "ENOSPC")
    return new RequestError(
      "node/disk-full",
      `dataFolder in ${file}: no space is left at ${config.dataFolder}; free some`,
      { key: "dataFolder" },
    );
  if (code === "EACCES" || code === "EROFS")
    return new RequestError(
      "node/not-writable",
      `dataFolder in ${file}: ${message}; let the node's user own the folder`,
      { key: "dataFolder" },
    );
  return error;
}

function databaseKey({ database }: LoadedConfig["config"]): string {
  const [kind = "url"] = Object.keys(database ?? {});
  return `database.${kind}`;
}

function passwordKey({ keyStore }: LoadedConfig["config"]): string {
  return keyStore.passwordFile === undefined ? "keyStore.passwordEnv" : "keyStore.passwordFile";
}

const KEY_STORE: Readonly<Record<KeyStoreError["code"], string>> = {
  "keys/exists": "is there already",
  "keys/missing": "is not there",
  "keys/unreadable": "cannot be read",
  "keys/exposed": "may be read by others",
  "keys/malformed": "is damaged or no key store",
  "keys/wrong-password": "does not open with the password",
  "keys/weak-password": "has too short a password",
  "keys/wrong-identity-key": "holds other keys than the network map has",
};

const VAULT: Readonly<Record<VaultSetupError["code"], string>> = {
  "vault/newer-database":
    "the database was used by a newer version of this software; run that one, or restore a backup",
  "vault/server-too-old": "the PostgreSQL server is older than 15; use a newer one",
  "vault/bad-table": "an app declares a table that cannot be made; correct the app",
  "vault/in-use": "another node runs on the database; stop it, or use another database",
};

const NETWORK_MAP: Readonly<Record<NetworkMapError["code"], string>> = {
  "network-map/unreadable": "cannot be read: check the path and who owns it",
  "network-map/malformed": "is damaged or no network map: get it from the map authority again",
  "network-map/signature-invalid":
    "is not signed by networkMap.authority for networkMap.network: correct these, or get the right map",
  "network-map/wrong-network":
    "is that of another network: correct networkMap.network, or the path",
  "network-map/inconsistent": "contradicts itself: tell the map authority",
  "network-map/outdated": "is older than one that this node used: get the current one",
  "network-map/history-changed": "lacks what older transactions rest on: tell the map authority",
};
