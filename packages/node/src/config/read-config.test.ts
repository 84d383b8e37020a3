import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError, type ConfigFault } from "./config-error.ts";
import { readConfig } from "./read-config.ts";

const folder = mkdtempSync(join(tmpdir(), "stateset-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SECRETS = ["keys.password", "access.secret", "database.url"];
for (const name of ["keys.json", "network-map", "node.pem", "cash.app", ...SECRETS])
  writeFileSync(join(folder, name), `${"x".repeat(40)}\n`, { mode: 0o600 });
writeFileSync(join(folder, "database.url"), "postgres://alice:secret@127.0.0.1/alice\n");

type Json = { [key: string]: Json | string | number | boolean | string[] | undefined };

function valid(): Json {
  return {
    name: "alice",
    role: "company",
    dataFolder: "data",
    keyStore: { path: "keys.json", passwordFile: "keys.password" },
    networkMap: { path: "network-map", network: "ef".repeat(32), authority: "ab".repeat(32) },
    p2p: { host: "127.0.0.1", port: 0, certificate: "node.pem" },
    rest: { host: "127.0.0.1", port: 0 },
    database: { urlFile: "database.url" },
    apps: { files: ["cash.app"], trustedSigners: ["cd".repeat(32)] },
    access: { hs256SecretFile: "access.secret" },
  };
}

function read(config: unknown, environment: NodeJS.ProcessEnv = {}) {
  const file = join(folder, "node.json");
  writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
  return readConfig(file, environment);
}

function faultsOf(config: unknown): readonly ConfigFault[] {
  try {
    read(config);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

test("a configuration is read with absolute paths and its secrets", () => {
  const { config, secrets } = read(valid());
  expect(config.keyStore.path).toBe(join(folder, "keys.json"));
  expect(config.apps?.files).toEqual([join(folder, "cash.app")]);
  expect(secrets.keyStorePassword).toBe("x".repeat(40));
  expect(secrets.databaseUrl).toBe("postgres://alice:secret@127.0.0.1/alice");
});

const WORKER_KEY = {
  kind: "ed25519",
  key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  address: "stateset1",
  // RFC 8032, section 7.1, test 1.
  secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
};

function worker(key: object = WORKER_KEY): Json {
  writeFileSync(join(folder, "worker_key.json"), JSON.stringify(key), { mode: 0o600 });
  const { database, apps, ...rest } = valid();
  const chain = { rpc: "http://127.0.0.1:26657", workerKeyFile: "worker_key.json" };
  return { ...rest, role: "notary", notary: { chain } };
}

test("a cluster's worker has its member's key, and no database", () => {
  const { config, secrets } = read(worker());
  expect(config.notary?.chain.workerKeyFile).toBe(join(folder, "worker_key.json"));
  expect(secrets.workerKey).toEqual({
    kind: "ed25519",
    secret: new Uint8Array(Buffer.from(WORKER_KEY.secret, "hex")),
  });
  expect(secrets.databaseUrl).toBeUndefined();
});

test.each([
  ["of another secret", { ...WORKER_KEY, secret: "00".repeat(32) }],
  ["of another kind", { ...WORKER_KEY, kind: "p256" }],
  ["without a secret", { ...WORKER_KEY, secret: undefined }],
])("a worker's key %s is refused, and not told", (_, key) => {
  const faults = faultsOf(worker(key));
  expect(faults).toMatchObject([{ code: "config/bad-value", key: "notary.chain.workerKeyFile" }]);
  expect(JSON.stringify(faults)).not.toContain(WORKER_KEY.secret);
});

test("secrets may come from environment variables", () => {
  const config = { ...valid(), database: { urlEnv: "DB" } };
  expect(read(config, { DB: "postgres://h/d" }).secrets.databaseUrl).toBe("postgres://h/d");
});

test("in development a password may stand in the file", () => {
  const config = { ...valid(), development: true, database: { url: "postgres://a:b@h/d" } };
  expect(read(config).secrets.databaseUrl).toBe("postgres://a:b@h/d");
});

type Row = [what: string, change: (config: Json) => unknown, code: string, key: string, RegExp];
const ROWS: Row[] = [
  ["no JSON", () => "{", "config/bad-value", "", /not JSON/],
  [
    "a missing key",
    (c) => ({ ...c, name: undefined }),
    "config/missing",
    "name",
    /"name": "alice"/,
  ],
  [
    "a missing key below",
    (c) => ({ ...c, p2p: { host: "h", certificate: "node.pem" } }),
    "config/missing",
    "p2p.port",
    /"port": 10002/,
  ],
  [
    "a mistyped key",
    (c) => ({ ...c, p2p: { host: "h", port: 1, certificate: "node.pem", prot: 2 } }),
    "config/unknown-key",
    "p2p.prot",
    /use one of host, port, certificate/,
  ],
  [
    "a key like a known one",
    (c) => ({ ...c, logs: {} }),
    "config/unknown-key",
    "logs",
    /mean "log"/,
  ],
  ["an odd key", (c) => ({ ...c, zzzzzzzzz: 1 }), "config/unknown-key", "zzzzzzzzz", /one of name/],
  [
    "a port out of range",
    (c) => ({ ...c, rest: { host: "h", port: 70_000 } }),
    "config/bad-value",
    "rest.port",
    /70000 must be <= 65535/,
  ],
  ["a name with a space", (c) => ({ ...c, name: "a b" }), "config/bad-value", "name", /"a b"/],
  ["an odd role", (c) => ({ ...c, role: "bank" }), "config/bad-value", "role", /"company"/],
  ["a list for an object", (c) => ({ ...c, p2p: [] }), "config/bad-value", "p2p", /must be object/],
  [
    "no database",
    (c) => ({ ...c, database: {} }),
    "config/missing",
    "database",
    /database.urlFile/,
  ],
  [
    "two databases",
    (c) => ({ ...c, database: { urlFile: "database.url", urlEnv: "X" } }),
    "config/contradiction",
    "database",
    /urlFile and urlEnv at once/,
  ],
  [
    "a password in clear",
    (c) => ({ ...c, database: { url: "postgres://a:b@h/d" } }),
    "config/secret-in-clear",
    "database.url",
    /database.urlFile/,
  ],
  [
    "another database's address",
    (c) => ({ ...c, database: { url: "mysql://a:hidden@h/d" } }),
    "config/bad-value",
    "database.url",
    /not an address of PostgreSQL/,
  ],
  ["no apps", (c) => ({ ...c, apps: undefined }), "config/missing", "apps", /cash.app/],
  [
    "a notary with apps",
    (c) => ({ ...c, role: "notary" }),
    "config/contradiction",
    "apps",
    /notary/,
  ],
  [
    "no place for the database",
    (c) => ({ ...c, database: undefined }),
    "config/missing",
    "database",
    /"database": {"urlFile"/,
  ],
  [
    "a company with a cluster's member",
    (c) => ({ ...c, notary: worker().notary }),
    "config/contradiction",
    "notary",
    /company/,
  ],
  [
    "a worker with a database",
    () => ({ ...worker(), database: { urlFile: "database.url" } }),
    "config/contradiction",
    "database",
    /worker/,
  ],
  [
    "a chain that is not reached over HTTP",
    () => ({ ...worker(), notary: { chain: { rpc: "tcp://h:1", workerKeyFile: "x" } } }),
    "config/bad-value",
    "notary.chain.rpc",
    /http:\/\//,
  ],
  [
    "a worker's key that is not there",
    () => ({ ...worker(), notary: { chain: { rpc: "http://h:1", workerKeyFile: "none" } } }),
    "config/file-missing",
    "notary.chain.workerKeyFile",
    /none/,
  ],
  [
    "no password",
    (c) => ({ ...c, keyStore: { path: "keys.json" } }),
    "config/missing",
    "keyStore",
    /passwordFile/,
  ],
  [
    "a variable that is not set",
    (c) => ({ ...c, keyStore: { path: "keys.json", passwordEnv: "NOWHERE" } }),
    "config/variable-missing",
    "keyStore.passwordEnv",
    /NOWHERE/,
  ],
  [
    "a missing key file",
    (c) => ({ ...c, keyStore: { path: "none.json", passwordFile: "keys.password" } }),
    "config/file-missing",
    "keyStore.path",
    /none.json/,
  ],
  [
    "a missing certificate",
    (c) => ({ ...c, p2p: { host: "h", port: 1, certificate: "none.pem" } }),
    "config/file-missing",
    "p2p.certificate",
    /none.pem/,
  ],
  [
    "a missing secret file",
    (c) => ({ ...c, access: { hs256SecretFile: "none" } }),
    "config/file-missing",
    "access.hs256SecretFile",
    /none/,
  ],
  [
    "a missing app",
    (c) => ({ ...c, apps: { files: ["none.app"], trustedSigners: [] } }),
    "config/file-missing",
    "apps.files.0",
    /none.app/,
  ],
];

describe("refuses", () => {
  test.each(ROWS)("%s", (_, change, code, key, told) => {
    const faults = faultsOf(change(valid()));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ code, key });
    expect(`${faults[0]?.problem}: ${faults[0]?.remedy}`).toMatch(told);
  });

  test.skipIf(process.platform === "win32")("a secret that others may read", () => {
    chmodSync(join(folder, "access.secret"), 0o644);
    const faults = faultsOf(valid());
    chmodSync(join(folder, "access.secret"), 0o600);
    expect(faults).toMatchObject([{ code: "config/file-exposed", key: "access.hs256SecretFile" }]);
  });

  test("a short secret for tokens", () => {
    writeFileSync(join(folder, "short"), "abc", { mode: 0o600 });
    const faults = faultsOf({ ...valid(), access: { hs256SecretFile: "short" } });
    expect(faults).toMatchObject([{ code: "config/bad-value", key: "access.hs256SecretFile" }]);
    expect(JSON.stringify(faults)).not.toContain("abc");
  });

  test("all faults at once, with no secret in what it says", () => {
    const faults = faultsOf({
      ...valid(),
      name: 5,
      p2p: { host: "", certificate: "c" },
      tls: true,
    });
    expect(faults.map(({ code, key }) => `${code} ${key}`).sort()).toEqual([
      "config/bad-value name",
      "config/bad-value p2p.host",
      "config/missing p2p.port",
      "config/unknown-key tls",
    ]);
    const text = new ConfigError("node.json", faults).message;
    expect(text.split("\n")).toHaveLength(5);
    expect(text).not.toContain(readFileSync(join(folder, "access.secret"), "utf8").trim());
  });
});
