import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MemberHome } from "./member-home.ts";

/** As `notaryd` writes them, with what looks alike. */
const CONFIG = `moniker = "m0"
priv_validator_laddr = ""

[rpc]

# TCP or UNIX socket address for the RPC server to listen on
laddr = "tcp://127.0.0.1:2"
grpc_laddr = ""

[p2p]

laddr = "tcp://127.0.0.1:1"
# laddr = "tcp://127.0.0.1:9"
persistent_peers = "old@127.0.0.1:9"
max_connections_to_persistent_peers = 0

[mempool]
size = 4096
`;
const APP = `[api]
address = "tcp://localhost:1317"

[grpc]
enable = true
address = "127.0.0.1:3"

[grpc-web]
enable = false
`;

let home: MemberHome;
const path = (file: string) => join(home.root, "config", file);

beforeEach(() => {
  home = new MemberHome(mkdtempSync(join(tmpdir(), "stateset-member-")));
  mkdirSync(join(home.root, "config"));
  writeFileSync(path("config.toml"), CONFIG);
  writeFileSync(path("app.toml"), APP);
});
afterEach(() => rmSync(home.root, { recursive: true }));

test("it knows where it listens", () => {
  expect(home.ports()).toEqual({ p2p: 1, rpc: 2, grpc: 3 });
});

test("it listens elsewhere, and knows its peers", () => {
  const ports = { p2p: 11, rpc: 12, grpc: 13 };
  const peers = [
    { nodeId: "aa", p2p: 21 },
    { nodeId: "bb", p2p: 31 },
  ];
  home.listen(ports, peers);
  expect(home.ports()).toEqual(ports);
  const config = CONFIG.replace(':2"', ':12"')
    .replace('\nladdr = "tcp://127.0.0.1:1"', '\nladdr = "tcp://127.0.0.1:11"')
    .replace("old@127.0.0.1:9", "aa@127.0.0.1:21,bb@127.0.0.1:31");
  expect(readFileSync(path("config.toml"), "utf8")).toBe(config);
  expect(readFileSync(path("app.toml"), "utf8")).toBe(APP.replace(':3"', ':13"'));
});

test("where nothing is new, nothing is written", () => {
  const peers = [{ nodeId: "old", p2p: 9 }];
  const before = statSync(path("config.toml")).ino;
  home.listen({ p2p: 1, rpc: 2, grpc: 3 }, peers);
  expect(statSync(path("config.toml")).ino).toBe(before);
});

test("a configuration that lacks a line is not guessed at", () => {
  writeFileSync(path("config.toml"), CONFIG.replace("[p2p]", "[peers]"));
  expect(() => home.ports()).toThrow(/p2p/);
  expect(() => home.listen({ p2p: 1, rpc: 2, grpc: 3 }, [])).toThrow(/p2p/);
});
