import { mkdirSync } from "node:fs";
import { publicKeyOf, type SecretKey, sign } from "@stateset/codec";
import { encodeReceiptFile, hashParameters, type MemberSetChange } from "@stateset/ledger";
import { encodeNetworkMap } from "@stateset/network";
import { describe, expect, test } from "vitest";
import { DevelopmentNetwork, developmentKey } from "../../src/development/development-network.ts";
import { NetworkFolder } from "../../src/local/network-folder.ts";
import { at, receipt, verified, write } from "./run-receipt.ts";
import {
  AUTHORITY,
  CHANGE,
  CLUSTER,
  GENESIS,
  ID,
  memberSet,
  NETWORK,
  RECEIPT,
  SHORT_CHANGE,
  VOUCHED,
} from "./sample-cluster.ts";

const file = write("valid.receipt", encodeReceiptFile({ id: ID, receipt: RECEIPT }));
const vouched = write("vouched.receipt", encodeReceiptFile({ id: ID, receipt: VOUCHED }));
const key = publicKeyOf(AUTHORITY).key;
const HASH = "5a".repeat(32);

function mapWith(changes: MemberSetChange[], signer: SecretKey = AUTHORITY, cluster = CLUSTER) {
  const { parameters } = new DevelopmentNetwork();
  const notary = {
    ...{ id: cluster, name: "Notary", identities: [HASH as never] },
    ...{ kind: "non-validating" as const, genesis: { ...memberSet(0), cluster }, changes },
  };
  const content = {
    ...{ genesis: GENESIS, serial: 0, parties: [], notaries: [notary] },
    ...{ parameters: [parameters], current: hashParameters(parameters) },
  };
  return encodeNetworkMap(content, (payload) => sign(signer, payload));
}
const map = (name: string, content: Uint8Array | string) => ["--network-map", write(name, content)];
const trusted = ["--network", NETWORK, "--authority", key];

describe("a network map", () => {
  test("names whom to believe, up to the newest members", async () => {
    const first = map("first.map", mapWith([]));
    expect(await verified(file, ...first, ...trusted)).toMatchObject({ status: 0, ok: true });
    const second = map("second.map", mapWith([CHANGE]));
    expect(await verified(file, ...second, ...trusted)).toMatchObject({
      ...{ status: 1, error: { code: "receipt/retired-epoch" } },
    });
    expect(await verified(vouched, ...second, ...trusted)).toMatchObject({ ok: true, epoch: 0 });
  });

  test.each<[string, Uint8Array | string, string]>([
    ["signed by another", mapWith([], developmentKey("nobody")), "network-map/signature-invalid"],
    ["that is none", "{}", "network-map/malformed"],
    ["cut short", mapWith([]).slice(0, -1), "network-map/malformed"],
    [
      "without the notary",
      mapWith([], AUTHORITY, HASH as typeof CLUSTER),
      "receipt/unknown-notary",
    ],
    ["with members not agreed to", mapWith([SHORT_CHANGE]), "receipt/untrusted-members"],
  ])("%s is refused", async (name, content, code) => {
    const answer = await verified(file, ...map(name, content), ...trusted);
    expect(answer).toMatchObject({ status: 1, ok: false, error: { code } });
    expect(answer.error.detail).toContain(at(name));
  });

  test.each([
    ["another network", ["--network", HASH, "--authority", key]],
    ["another authority", ["--network", NETWORK, "--authority", HASH]],
  ])("is refused for %s", async (_, other) => {
    expect(await verified(file, ...map("first.map", mapWith([])), ...other)).toMatchObject({
      ...{ status: 1, error: { code: "network-map/signature-invalid" } },
    });
  });
});

describe("a local network's folder", () => {
  test("names whom its nodes believe", async () => {
    const folder = new NetworkFolder(at("local"));
    mkdirSync(folder.node("alice").root, { recursive: true });
    write("local/stateset.json", { format: 1, parties: ["alice"] });
    const networkMap = { path: folder.networkMap, network: NETWORK, authority: key };
    write("local/nodes/alice/node.json", { networkMap });
    write("local/network-map", mapWith([CHANGE]));
    expect(await verified(vouched, "--dir", folder.root)).toMatchObject({ status: 0, ok: true });
    write("local/network-map", mapWith([], developmentKey("nobody")));
    expect(await verified(vouched, "--dir", folder.root)).toMatchObject({
      ...{ status: 1, error: { code: "network-map/signature-invalid" } },
    });
  });

  test("that holds none is told", async () => {
    const folder = at("empty");
    const { status, stderr } = await receipt("verify", file, "--dir", folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^network\/not-a-network-folder: .*empty holds no local network/);
  });
});
