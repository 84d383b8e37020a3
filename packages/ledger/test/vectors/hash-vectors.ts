import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  encode,
  type Hash,
  type HashTag,
  type KeyTree,
  keyTreeSchema,
  publicKeyOf,
  record,
  schemaToData,
  taggedHash,
  text,
  thresholdOf,
  toHex,
} from "@stateset/codec";
import {
  type Bundle,
  encodeBundle,
  hashBundle,
  hashParameters,
  identityCommitment,
  type NetworkId,
  type NetworkParameters,
  networkParametersSchema,
  registerParty,
  uniqueKeyOf,
} from "@stateset/ledger";
import { registrationSchema } from "../../src/party/party.ts";
import { countedBytes, countedHex, countedKey } from "./counted-bytes.ts";
import { jsonValue } from "./json-value.ts";
import { uniqueKeyClaimSchema } from "./ledger-schemas.ts";

const TAGS: Record<HashTag, true> = {
  absence: true,
  app: true,
  attachment: true,
  batch: true,
  block: true,
  cluster: true,
  commitment: true,
  component: true,
  consumed: true,
  "development-key": true,
  empty: true,
  engine: true,
  group: true,
  holder: true,
  identity: true,
  "member-set": true,
  network: true,
  "network-map": true,
  node: true,
  "one-time-key": true,
  parameters: true,
  receipt: true,
  seal: true,
  signature: true,
  transaction: true,
  "unique-key": true,
};

const network: NetworkId = countedHex("network", 0);

const parameters: NetworkParameters = {
  network,
  epoch: 3,
  vm: {
    engine: countedHex("vm wasm", 0),
    gas: 1_000_000_000,
    memoryBytes: 16 << 20,
    stackBytes: 160 << 10,
    callDepth: 10_000,
    sourceBytesMax: 1 << 20,
    inputBytesMax: 4 << 20,
    resultBytesMax: 64 << 10,
  },
  approvedContracts: [{ contract: "invoice", bundles: [countedHex("approved bundle", 0)] }],
  contractOwners: [
    { contract: "invoice", key: publicKeyOf(countedKey("ed25519", "owner of invoice")) },
  ],
  uniqueKeySalt: countedHex("unique key salt", 0),
};

const bundle: Bundle = {
  format: 0,
  runtime: "quickjs-1",
  name: "note",
  version: 1,
  states: [
    {
      type: "note",
      schema: schemaToData(record({ body: text({ max: 80 }) })),
      authority: { kind: "holder", field: "owner" },
    },
  ],
  commands: [
    {
      name: "write",
      data: schemaToData(record({})),
      consumes: [],
      creates: [{ type: "note", min: 1, max: 1, signedBy: ["owner"] }],
      updates: [],
      claims: false,
    },
  ],
  reads: [],
  rules: [{ code: "note/not-empty", text: "a note says something" }],
  code: "contract = () => 'null';",
};

export function hashVectors() {
  return {
    prefix: "one byte with the length of the text that follows, then stateset/0/<tag>",
    tagged: Object.keys(TAGS).flatMap((tag) => [0, 1, 2].map((parts) => tagged(tag, parts))),
    identities: [
      identity({ lei: undefined, key: publicKeyOf(countedKey("ed25519", "party")) }),
      identity({ lei: "54930084UKLVMY22DS16", key: publicKeyOf(countedKey("p256", "party")) }),
      identity({ lei: undefined, key: board() }),
    ],
    commitments: [0, 1].map((i) =>
      commitment(countedHex("identity", i), countedHex("blinding", i)),
    ),
    uniqueKeys: [["RE-2026-0001"], ["seller", "buyer", "", "Zürich"]].map(uniqueKey),
    parameters: [
      {
        value: jsonValue(parameters),
        bytes: toHex(encode(networkParametersSchema, parameters)),
        hash: hashParameters(parameters),
      },
    ],
    bundles: [
      {
        value: jsonValue(bundle),
        bytes: toHex(encodeBundle(bundle)),
        hash: hashBundle(encodeBundle(bundle)),
      },
    ],
  };
}

function tagged(tag: string, count: number) {
  const parts = Array.from({ length: count }, (_, i) => countedBytes(`part of ${tag}`, i));
  const hash = taggedHash(tag as HashTag, ...parts);
  assert.equal(hash, plainHash(tag, parts), tag);
  return { tag, parts: parts.map(toHex), hash };
}

/** The definition once more, so that the writer does not merely repeat what the code does. */
function plainHash(tag: string, parts: readonly Uint8Array[]): string {
  const prefix = Buffer.from(`stateset/0/${tag}`, "ascii");
  const message = Buffer.concat([Buffer.from([prefix.length]), prefix, ...parts]);
  return createHash("sha256").update(message).digest("hex");
}

function identity({ lei, key }: { lei: string | undefined; key: KeyTree }) {
  const name = "O=Alpenblick Maschinenbau AG,L=Luzern,C=CH";
  const registration = { network, name, key, ...(lei === undefined ? {} : { lei }) };
  const bytes = toHex(encode(registrationSchema, registration));
  return { registration, bytes, id: registerParty(registration).id };
}

function board(): KeyTree {
  const members = [0, 1, 2].map((i) => ({
    weight: 1,
    node: publicKeyOf(countedKey(i === 1 ? "p256" : "ed25519", `board member ${i}`)) as KeyTree,
  }));
  return thresholdOf<KeyTree>(keyTreeSchema, 2, members);
}

function commitment(identity: string, blinding: string) {
  return { identity, blinding, hash: identityCommitment(identity as never, blinding) };
}

function uniqueKey(fields: string[]) {
  const salt = countedHex<Hash>("unique key salt", 0);
  const claim = { kind: "invoice/number", owner: countedHex("identity", 0), fields };
  const bytes = encode(uniqueKeyClaimSchema, { salt, ...claim });
  const { value } = uniqueKeyOf(claim, salt);
  assert.equal(value, taggedHash("unique-key", bytes));
  return { claim: { salt, ...claim }, bytes: toHex(bytes), value };
}
