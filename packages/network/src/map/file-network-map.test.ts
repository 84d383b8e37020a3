import { randomBytes } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  encode,
  type Hash,
  type PublicKey,
  publicKeyOf,
  type SecretKey,
  sign,
  toHex,
} from "@stateset/codec";
import {
  hashParameters,
  type MemberSet,
  memberSetPayload,
  type NetworkParameters,
  type NotaryId,
  registerParty,
} from "@stateset/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FileNetworkMap, loadNetworkMap } from "./file-network-map.ts";
import { type Genesis, networkIdOf } from "./genesis.ts";
import {
  encodeNetworkMap,
  type NetworkMapContent,
  type NetworkTrust,
  networkMapContentSchema,
  networkMapPayload,
} from "./network-map-file.ts";

const random = () => Uint8Array.from(randomBytes(32));
const newKey = (): SecretKey => ({ kind: "ed25519", secret: random() });
const keyOf = (key: SecretKey) => publicKeyOf(key) as PublicKey;

const authority = newKey();
const genesis: Genesis = {
  name: "test",
  rootCertificate: random(),
  mapAuthority: keyOf(authority),
  salt: toHex(random()),
};
const network = networkIdOf(genesis);
const trust: NetworkTrust = { network, authority: keyOf(authority) };
const zero = "00".repeat(32) as Hash;

function parameters(epoch: number): NetworkParameters {
  return {
    network,
    epoch,
    vm: {
      engine: zero,
      gas: 1,
      memoryBytes: 1,
      stackBytes: 1,
      callDepth: 1,
      sourceBytesMax: 1,
      inputBytesMax: 1,
      resultBytesMax: 1,
    },
    approvedContracts: [],
    contractOwners: [],
    uniqueKeySalt: zero,
  };
}

function entry(organisation: string) {
  const registration = { network, name: `O=${organisation},C=CH`, key: keyOf(newKey()) };
  return {
    registration,
    key: registration.key,
    address: { host: "127.0.0.1", port: 10_000 },
    tlsKey: keyOf(newKey()),
  };
}

const members = [newKey(), newKey()] as const;
const cluster = toHex(random()) as NotaryId;
const memberSet = (epoch: number): MemberSet => ({
  cluster,
  epoch,
  quorum: 1,
  members: [keyOf(members[epoch] as SecretKey)],
});
const signedBy = (key: SecretKey) => sign(key, memberSetPayload(network, memberSet(1)));
const change = {
  next: memberSet(1),
  signatures: [signedBy(members[0])],
};
const [ann, ben] = [entry("Ann AG"), entry("Ben GmbH")];
const registeredAs = (part: Partial<typeof ben.registration>) => ({
  ...ben,
  registration: { ...ben.registration, ...part },
});
const notary = {
  id: cluster,
  name: "Notary",
  identities: [registerParty(ann.registration).id],
  kind: "non-validating" as const,
  genesis: memberSet(0),
  changes: [change],
};
function twoMembers(...parties: readonly ReturnType<typeof entry>[]) {
  const identities = parties.map(({ registration }) => registerParty(registration).id);
  const both = { ...memberSet(0), members: members.map(keyOf) };
  return { ...notary, identities, genesis: both, changes: [] };
}
const valid: NetworkMapContent = {
  genesis,
  serial: 5,
  parties: [ann, ben],
  notaries: [notary],
  parameters: [parameters(0), parameters(1)],
  current: hashParameters(parameters(0)),
};

let folder: string;
let path: string;
const lines: { message: string; fields: Record<string, unknown> }[] = [];
const log = (_: string, message: string, fields: Record<string, unknown>) =>
  lines.push({ message, fields });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stateset-map-"));
  path = join(folder, "network.map");
});
afterAll(() => rm(folder, { recursive: true }));

/** As whoever publishes a map should: the file is the old one or the new one at any time. */
async function publish(content: NetworkMapContent, key = authority): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(
    temporary,
    encodeNetworkMap(content, (payload) => sign(key, payload)),
  );
  await rename(temporary, path);
}

async function loaded(content = valid): Promise<FileNetworkMap> {
  await publish(content);
  return loadNetworkMap({ path, trust, log });
}

test("tells who is on the network, and under which rules", async () => {
  const map = await loaded();
  const party = registerParty(ben.registration);
  expect(map.network).toBe(network);
  expect(map.party(party.id)).toEqual(party);
  expect(map.identityKey(party.id)).toEqual(ben.key);
  expect(map.peer(party.id)).toEqual({ address: ben.address, tlsKey: ben.tlsKey });
  expect(map.parties().map(({ name }) => name)).toEqual(["O=Ann AG,C=CH", "O=Ben GmbH,C=CH"]);
  expect(map.current.epoch).toBe(0);
  expect(map.parameters(hashParameters(parameters(1)))?.epoch).toBe(1);
  expect(map.notary(cluster)?.memberSets.map(({ epoch }) => epoch)).toEqual([0, 1]);
  expect(map.notaries()).toHaveLength(1);
  const withTwo = await loaded({ ...valid, notaries: [twoMembers(ben, ann)] });
  const names = withTwo.notary(cluster)?.identities.map((id) => withTwo.party(id)?.name);
  expect(names).toEqual(["O=Ben GmbH,C=CH", "O=Ann AG,C=CH"]);
  expect(map.party(zero as never)).toBeUndefined();
});

/** Each row replaces one part of a valid map. */
const inconsistent: [string, Partial<NetworkMapContent>][] = [
  ["current parameters that are not there", { current: zero as never }],
  ["parameters out of order", { parameters: [parameters(1), parameters(0)] }],
  ["parameters twice", { parameters: [parameters(0), parameters(0)] }],
  [
    "parameters of another network",
    { parameters: [parameters(0), { ...parameters(1), network: zero as never }] },
  ],
  ["a party twice", { parties: [ann, ben, ann] }],
  ["two parties of one name", { parties: [ann, ben, entry("Ann AG")] }],
  ["two parties with one TLS key", { parties: [ann, { ...ben, tlsKey: ann.tlsKey }] }],
  [
    "a TLS key of another kind",
    { parties: [ann, { ...ben, tlsKey: { kind: "p256", key: `02${zero}` } }] },
  ],
  ["a party of another network", { parties: [ann, registeredAs({ network: zero as never })] }],
  ["a malformed name", { parties: [ann, registeredAs({ name: "Ben" })] }],
  ["a notary of an unknown identity", { notaries: [{ ...notary, identities: [zero as never] }] }],
  [
    "a notary with more identities than members",
    {
      notaries: [
        { ...notary, identities: [...notary.identities, registerParty(ben.registration).id] },
      ],
    },
  ],
  ["a notary with one identity for two members", { notaries: [twoMembers(ann, ann)] }],
  ["a notary twice", { notaries: [notary, notary] }],
  ["a member set of another cluster", { notaries: [{ ...notary, id: zero as never }] }],
  [
    "a member set that nobody agreed to",
    { notaries: [{ ...notary, changes: [{ ...change, signatures: [signedBy(members[1])] }] }] },
  ],
];
test.each(inconsistent)("refuses %s", async (_, part) => {
  const map = loaded({ ...valid, ...part });
  await expect(map).rejects.toMatchObject({ code: "network-map/inconsistent" });
});

test("refuses a map that another key signed", async () => {
  await publish(valid, newKey());
  const map = loadNetworkMap({ path, trust, log });
  await expect(map).rejects.toMatchObject({ code: "network-map/signature-invalid" });
});

test("refuses another network's map, be it of the same authority", async () => {
  const other = { ...genesis, salt: zero };
  await publish({ ...valid, genesis: other });
  await expect(loadNetworkMap({ path, trust, log })).rejects.toMatchObject({
    code: "network-map/signature-invalid",
  });
  // Signed as if it were this network's, the genesis gives it away.
  const forged = { ...valid, genesis: other };
  const content = encode(networkMapContentSchema, forged);
  const file = encodeNetworkMap(forged, () => sign(authority, networkMapPayload(network, content)));
  await writeFile(path, file);
  await expect(loadNetworkMap({ path, trust, log })).rejects.toMatchObject({
    code: "network-map/wrong-network",
  });
});

test("refuses what is missing, cut or changed", async () => {
  const code = async () =>
    loadNetworkMap({ path, trust, log }).then(
      () => "taken",
      (error) => error.code,
    );
  const file = encodeNetworkMap(valid, (payload) => sign(authority, payload));
  await rm(path);
  expect(await code()).toBe("network-map/unreadable");
  for (let length = 0; length < file.length; length += 97) {
    await writeFile(path, file.subarray(0, length));
    expect(await code()).toBe("network-map/malformed");
  }
  for (let at = 0; at < file.length; at += 61) {
    const changed = Uint8Array.from(file);
    changed[at] = (changed[at] as number) ^ 4;
    await writeFile(path, changed);
    expect(await code()).toMatch(/^network-map\/(malformed|signature-invalid)$/);
  }
});

test("refuses a map that is older than the last one used", async () => {
  await publish(valid);
  const map = loadNetworkMap({ path, trust, log, serialMin: 6 });
  await expect(map).rejects.toMatchObject({ code: "network-map/outdated" });
});

test("a newer map takes over, and tells its listeners", async () => {
  const map = await loaded();
  let told = 0;
  const stop = map.onChange(() => told++);
  expect(await map.reload()).toBe(false);
  await publish({ ...valid, serial: 6, parties: [ann] });
  expect(await map.reload()).toBe(true);
  expect(map.serial).toBe(6);
  expect(map.parties()).toHaveLength(1);
  stop();
  await publish({ ...valid, serial: 7 });
  expect(await map.reload()).toBe(true);
  expect(told).toBe(1);
});

/** Each row is a signed and newer map, but for one thing. */
const refused: [string, string, NetworkMapContent][] = [
  ["an older one", "network-map/outdated", { ...valid, serial: 4 }],
  ["another of the same serial", "network-map/outdated", { ...valid, parties: [ann] }],
  [
    "lost parameters",
    "network-map/history-changed",
    { ...valid, serial: 6, parameters: [parameters(0)] },
  ],
  ["a lost notary", "network-map/history-changed", { ...valid, serial: 6, notaries: [] }],
  [
    "a lost member set",
    "network-map/history-changed",
    { ...valid, serial: 6, notaries: [{ ...notary, changes: [] }] },
  ],
];
test.each(refused)("%s does not take over", async (_, code, content) => {
  const map = await loaded();
  await publish(content);
  expect(await map.reload()).toBe(false);
  expect(lines.at(-1)?.fields).toMatchObject({ code, serial: 5 });
  expect(map.serial).toBe(5);
  expect(map.parties()).toHaveLength(2);
});

test("watching sees a new file", async () => {
  const map = await loaded();
  const stop = map.watch({ everyMs: 5 });
  const taken = new Promise<void>((resolve) => map.onChange(resolve));
  await publish({ ...valid, serial: 9 });
  await taken;
  expect(map.serial).toBe(9);
  stop();
});
