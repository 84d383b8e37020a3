import {
  bytes,
  encode,
  fromHex,
  hex,
  record,
  type Schema,
  text,
  toHex,
  uint,
} from "@stateset/codec";
import {
  type Authority,
  authoritySchema,
  COMPONENT_SCHEMAS,
  closeGroup,
  encodeTransaction,
  type Group,
  type GroupName,
  groupOf,
  hashComponent,
  type Leaf,
  NOTARY_GROUPS,
  tearOff,
} from "@stateset/ledger";
import { after } from "./authorities.ts";
import { withGroup, withTransaction } from "./loose-bytes.ts";
import { uniqueKey } from "./made.ts";
import type { Made, Make, RefusedTable } from "./row.ts";
import { ALICE, NETWORK, NOTARY } from "./sample-world.ts";
import type { Scene } from "./scene.ts";

const CODE = "notary/malformed";
const HIDDEN: readonly GroupName[] = [
  "outputs",
  "commands",
  "attachments",
  "instructions",
  "private",
];

/** Groups that are shown too much or too little, hold too much, or stand in another order. */
export const REFUSED_GROUPS: RefusedTable = [
  ...HIDDEN.map(
    (group) =>
      [`${group} listed`, CODE, `group ${group} is not for this notary`, listed(group)] as const,
  ),
  ["hashed outputs listed", CODE, "group outputs is not for this notary", hashedOutputs],
  ...NOTARY_GROUPS.map(
    (group) => [`${group} closed`, CODE, `group ${group} is closed`, closed(group)] as const,
  ),
  ...NOTARY_GROUPS.map(
    (group) => [`${group} hashed`, CODE, `"group":"${group}","index":0`, hashed(group)] as const,
  ),
  ["a sealed header", CODE, "tx/not-open", sealedHeader],
  ["inputs in another order", CODE, "group inputs is not sorted at 1", reversed("inputs")],
  [
    "references in another order",
    CODE,
    "group references is not sorted at 1",
    reversed("references"),
  ],
  [
    "unique keys in another order",
    CODE,
    "group uniqueKeys is not sorted at 1",
    reversed("uniqueKeys"),
  ],
  ["an input twice", CODE, "group inputs is not sorted at 2", twice("inputs")],
  ["a reference twice", CODE, "group references is not sorted at 2", twice("references")],
  ["a unique key twice", CODE, "group uniqueKeys is not sorted at 2", twice("uniqueKeys")],
  ["no meta", CODE, "tx/component-count", counted("meta", 0)],
  ["two metas", CODE, "tx/component-count", counted("meta", 2)],
  ["no parameters", CODE, "tx/component-count", counted("parameters", 0)],
  ["two parameters", CODE, "tx/component-count", counted("parameters", 2)],
  ["two time windows", CODE, "tx/component-count", counted("timeWindow", 2)],
  ["129 references", CODE, "tx/component-count", hashedMany("references", 129)],
  ["129 unique keys", CODE, "tx/component-count", hashedMany("uniqueKeys", 129)],
  ["513 inputs", CODE, "codec/bad-length", hashedMany("inputs", 513)],
  ["513 headers", CODE, "codec/bad-length", hashedMany("headers", 513)],
  ["513 outputs closed", CODE, "codec/out-of-range", closedAt("outputs", 513)],
  ["no commands", CODE, "tx/component-count", closedAt("commands", 0)],
  ["65 commands", CODE, "tx/component-count", closedAt("commands", 65)],
  ["65 attachments", CODE, "tx/component-count", closedAt("attachments", 65)],
  ["33 instructions", CODE, "tx/component-count", closedAt("instructions", 33)],
  ["65 private components", CODE, "tx/component-count", closedAt("private", 65)],
  ["version 1", CODE, "codec/out-of-range", meta({ version: 1 })],
  ["another hash algorithm", CODE, "codec/not-listed", meta({ hash: "sha-512" })],
  ["a network of one byte", CODE, "codec/bad-length", meta({ network: "00" })],
  ["a field too many in meta", CODE, "codec/unknown-field", meta({ chain: "x" })],
  [
    "an input with a byte behind",
    CODE,
    "codec/trailing",
    recoded("inputs", (b) => Uint8Array.of(...b, 0)),
  ],
  [
    "an input with a byte missing",
    CODE,
    "codec/truncated",
    recoded("inputs", (b) => b.slice(0, -1)),
  ],
  ["an input of 129 bytes", CODE, "129 bytes are more than 128", recoded("inputs", long(129))],
  ["a time window of 65 bytes", CODE, "65 bytes are more than 64", recoded("timeWindow", long(65))],
  [
    "parameters of 129 bytes",
    CODE,
    "129 bytes are more than 128",
    recoded("parameters", long(129)),
  ],
  [
    "a unique key of 513 bytes",
    CODE,
    "513 bytes are more than 512",
    recoded("uniqueKeys", long(513)),
  ],
  [
    "a header of 65,537 bytes",
    CODE,
    "65537 bytes are more than 65536",
    recoded("headers", long(65_537)),
  ],
  [
    "a time window of null",
    CODE,
    "codec/forbidden-item",
    recoded("timeWindow", () => Uint8Array.of(0xf6)),
  ],
  ["a header for an input", CODE, "codec/", moving("headers", "inputs")],
  ["a text that is not in normal form", CODE, "codec/not-nfc", recodedKind("Gebu\u0308hr")],
  [
    "a text of a character that is not assigned",
    CODE,
    "codec/unassigned-character",
    recodedKind("\u0378"),
  ],
  ["a nonce of 31 bytes", CODE, "codec/bad-length", shortNonce],
  ["an authority of delays twenty deep", CODE, "codec/too-deep", deepAuthority],
];

/** Two inputs, two references, two unique keys and a window: something in every group. */
function whole(scene: Scene) {
  const references = [scene.coin().ref, scene.coin().ref];
  const signed = scene.move(scene.coins(2), {
    references,
    uniqueKeys: [uniqueKey(scene, ALICE.id), uniqueKey(scene, ALICE.id)],
    timeWindow: [{ from: 0 }],
  });
  return { signed, request: scene.request(signed) };
}

function ofWhole(change: (made: ReturnType<typeof whole>) => { signed: Uint8Array }): Make {
  return (scene) => {
    const made = whole(scene);
    return { shown: { ...made.request, ...change(made) } };
  };
}

function changed(name: GroupName, change: (group: Group) => Group): Make {
  return ofWhole(({ request }) => withGroup(request, name, change));
}

type Forms = Extract<Group, { kind: "listed" }>["components"];

function formsChanged(name: GroupName, change: (components: Forms) => Forms): Make {
  return changed(name, (group) => {
    if (group.kind === "closed") throw new Error(`${name} is closed`);
    return { kind: "listed", components: change(group.components) };
  });
}

/** The group is shown besides those that are for the notary. */
function listed(name: GroupName): Make {
  return ofWhole(({ signed, request }) => {
    const groups = [...NOTARY_GROUPS, name];
    return withTransaction(request, () =>
      encodeTransaction(tearOff(signed.transaction, { groups })),
    );
  });
}

function hashedOutputs(scene: Scene): Made {
  const { signed, request } = whole(scene);
  const hide = (group: GroupName) => group === "outputs";
  const shown = { groups: [...NOTARY_GROUPS, "outputs" as const], hide };
  const torn = encodeTransaction(tearOff(signed.transaction, shown));
  return { shown: { ...request, ...withTransaction(request, () => torn) } };
}

function closed(name: GroupName): Make {
  return changed(name, closeGroup);
}

function hashed(name: GroupName): Make {
  return formsChanged(name, (components) => components.map(hashComponent));
}

function sealedHeader(scene: Scene): Made {
  const leaf = scene.hash<Leaf>("leaf");
  const ciphertext = new Uint8Array(64);
  const form = { kind: "sealed" as const, leaf, keyId: "k", algorithm: "a", ciphertext };
  return formsChanged("headers", () => [form])(scene);
}

function reversed(name: GroupName): Make {
  return formsChanged(name, (components) => components.toReversed());
}

function twice(name: GroupName): Make {
  return formsChanged(name, (components) => [...components, ...components.slice(-1)]);
}

/** The group has its first component so many times. */
function counted(name: GroupName, count: number): Make {
  return formsChanged(name, ([first]) => Array(count).fill(first));
}

function hashedMany(name: GroupName, count: number): Make {
  const form = { kind: "hashed" as const, leaf: "00".repeat(32) as Leaf };
  return formsChanged(name, () => Array(count).fill(form));
}

function closedAt(name: GroupName, count: number): Make {
  return changed(name, () => ({ kind: "closed", count, root: "00".repeat(32) }));
}

/** The group has one component, of the first one's bytes changed. */
function recoded(name: GroupName, recode: (component: Uint8Array) => Uint8Array): Make {
  return formsChanged(name, ([first]) => {
    if (first?.kind !== "open") throw new Error(`${name} is not open`);
    return [{ ...first, component: recode(first.component) }];
  });
}

function long(bytes: number): () => Uint8Array {
  return () => new Uint8Array(bytes);
}

function meta(change: { [field: string]: unknown }): Make {
  const loose: Schema = record({
    version: uint(),
    hash: text({ max: 20 }),
    network: hex({ max: 32 }),
    notary: hex({ length: 32 }),
    ...("chain" in change ? { chain: text({ max: 9 }) } : {}),
  });
  const value = { version: 0, hash: "sha-256", network: NETWORK, notary: NOTARY, ...change };
  return recoded("meta", () => encode(loose, value as never));
}

/** A unique key of a kind that has no canonical encoding, its text put in as raw bytes. */
function recodedKind(kind: string): Make {
  const content = new TextEncoder().encode(kind);
  const loose = record({
    kind: bytes({ max: 99 }),
    owner: hex({ length: 32 }),
    value: hex({ length: 32 }),
  });
  const value = { kind: content, owner: ALICE.id, value: "00".repeat(32) };
  return recoded("uniqueKeys", () => {
    const encoded = encode(loose, value);
    // A byte string's head becomes that of a text of the same length.
    encoded[encoded.indexOf(0x40 + content.length)] = 0x60 + content.length;
    return encoded;
  });
}

function moving(from: GroupName, to: GroupName): Make {
  return ofWhole(({ signed, request }) => {
    const group = groupOf(signed.transaction, from);
    return withGroup(request, to, () => group);
  });
}

function shortNonce(scene: Scene): Made {
  return formsChanged("inputs", (components) =>
    components.map((form) => (form.kind === "open" ? { ...form, nonce: "00".repeat(31) } : form)),
  )(scene);
}

/** Too deep for the writer as well, so that it is put together from its bytes. */
function deepAuthority(scene: Scene): Made {
  const header = scene.bobsHeader();
  const authority = toHex(encode(authoritySchema, header.authority as never));
  const delayed = toHex(encode(authoritySchema, after(0, header.authority as Authority) as never));
  const before = delayed.slice(0, delayed.indexOf(authority));
  const encoded = toHex(encode(COMPONENT_SCHEMAS.headers, header));
  const deep = fromHex(encoded.replace(authority, before.repeat(20) + authority));
  return recoded("headers", () => deep)(scene);
}
