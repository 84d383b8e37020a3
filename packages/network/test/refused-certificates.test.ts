import { publicKeyOf, type SecretKey } from "@stateset/codec";
import type { IdentityId } from "@stateset/ledger";
import { NetworkPeer } from "@stateset/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DevelopmentAuthority } from "../src/index.ts";
import { NOW, newAuthority, newKey, TestNodes, VALID } from "./test-nodes.ts";

const HOUR_MS = 3_600_000;
const NAME = "O=Node,C=CH";
const EVE = "ee".repeat(32) as IdentityId;

let nodes: TestNodes;
let bob: NetworkPeer;

beforeEach(async () => {
  nodes = await TestNodes.create();
  bob = await NetworkPeer.start(nodes, 1);
});
afterEach(() => nodes.close());

/** What node 0 may show instead of its own certificate; node 1 must refuse it with the code. */
type Row = [code: string, name: string, (own: IdentityId, key: SecretKey) => Credentials];
type Credentials = { certificate: string; key: SecretKey };

const issue = (
  authority: DevelopmentAuthority,
  identity: IdentityId,
  key: SecretKey,
  validity = VALID,
): Credentials => {
  const request = { identity, name: NAME, key: publicKeyOf(key), ...validity };
  return { certificate: authority.issue(request), key };
};

const rows: Row[] = [
  [
    "network/certificate-untrusted",
    "another network's root",
    (own, key) => issue(newAuthority(), own, key),
  ],
  [
    "network/certificate-untrusted",
    "a certificate issued by a node",
    (own, key) => issue(nodes.authorityOf(1), own, key),
  ],
  [
    "network/certificate-expired",
    "one that has expired",
    (own, key) => issue(nodes.authority, own, key, { ...VALID, validUntil: NOW - HOUR_MS }),
  ],
  [
    "network/certificate-expired",
    "one that is not valid yet",
    (own, key) => issue(nodes.authority, own, key, { ...VALID, validFrom: NOW + HOUR_MS }),
  ],
  [
    "network/certificate-replaced",
    "another key than the map's",
    (own) => issue(nodes.authority, own, newKey()),
  ],
  [
    "network/certificate-replaced",
    "another identity's name",
    (_, key) => issue(nodes.authority, nodes.identity(2), key),
  ],
  [
    "network/unknown-peer",
    "an identity that is not on the map",
    (_, key) => issue(nodes.authority, EVE, key),
  ],
  ["network/certificate-untrusted", "the root's own certificate", () => nodes.rootCredentials()],
  [
    "network/certificate-malformed",
    "one that names no identity",
    (_, key) => issue(nodes.authority, "nobody" as IdentityId, key),
  ],
];

test.each(rows)("%s: %s, shown to whom it dials", async (code, _, credentials) => {
  nodes.show(0, credentials(nodes.identity(0), nodes.key(0)));
  const mallory = await NetworkPeer.start(nodes, 0);
  mallory.network.connect(nodes.identity(1));
  await nodes.logged((line) => line.fields.code === code);
  expect(bob.events).toEqual([]);
  expect(mallory.events).toEqual([]);
});

test.each(rows)("%s: %s, shown to who dials it", async (code, _, credentials) => {
  nodes.show(0, credentials(nodes.identity(0), nodes.key(0)));
  const mallory = await NetworkPeer.start(nodes, 0);
  bob.network.connect(nodes.identity(0));
  await nodes.logged((line) => line.fields.code === code);
  const asked = bob.network.request(nodes.identity(0), "ask", new Uint8Array(), { timeoutMs: 50 });
  await expect(asked).rejects.toMatchObject({ code: "network/timeout", facts: { reason: code } });
  expect(bob.events).toEqual([]);
  expect(mallory.events).toEqual([]);
});

test("another node answers at the address", async () => {
  const carol = await NetworkPeer.start(nodes, 2);
  nodes.redirect(1, 0, nodes.port(2));
  bob.network.connect(nodes.identity(0));
  await nodes.logged((line) => line.fields.code === "network/wrong-peer");
  expect(bob.events).toEqual([]);
  expect(carol.events).toEqual([]);
});

test("a peer that leaves the map, or gets another key there, is cut off", async () => {
  const ann = await NetworkPeer.start(nodes, 0);
  ann.network.connect(nodes.identity(1));
  await bob.until(() => bob.isUp(nodes.identity(0)));
  const directory = nodes.directory(1);
  const entry = directory.peer(nodes.identity(0));
  directory.entries.delete(nodes.identity(0));
  directory.changed();
  await bob.until(() => !bob.isUp(nodes.identity(0)));
  await ann.until(() => !ann.isUp(nodes.identity(1)));
  await nodes.logged((line) => line.fields.code === "network/unknown-peer");
  if (entry !== undefined) directory.entries.set(nodes.identity(0), entry);
  directory.changed();
  await bob.until(() => bob.isUp(nodes.identity(0)));
});

test("a new address on the map is dialled at once", async () => {
  const ann = await NetworkPeer.start(nodes, 0);
  nodes.redirect(1, 0, 1);
  bob.network.connect(nodes.identity(0));
  await nodes.logged((line) => line.fields.code === "network/broken");
  nodes.redirect(1, 0, nodes.port(0));
  nodes.directory(1).changed();
  await bob.until(() => bob.isUp(nodes.identity(0)));
  await ann.until(() => ann.isUp(nodes.identity(1)));
});
