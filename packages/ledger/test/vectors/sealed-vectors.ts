import assert from "node:assert/strict";
import { fromHex, toHex } from "@stateset/codec";
import {
  AES_256_GCM,
  type ComponentForm,
  decodeTransaction,
  encodeTransaction,
  GROUP_NAMES,
  hashComponent,
  type OpenComponent,
  openComponent,
  type SealedComponent,
  sealComponent,
  type Transaction,
  transactionId,
} from "@stateset/ledger";
import { countedBytes } from "./counted-bytes.ts";
import { expectCode } from "./expect-code.ts";
import { sampleTransaction } from "./sample-transaction.ts";

const whole = sampleTransaction();
const keyId = "customer 4711/1";
const key = countedBytes("sealing key", 0);
const seal = { keyId, key, cipher: AES_256_GCM };

export function sealedVectors() {
  return {
    algorithm:
      "aes-256-gcm under H(seal ‖ key ‖ leaf); the vector is zeros, the leaf is authenticated",
    of: "the transaction of transaction.json",
    id: transactionId(whole),
    keyId,
    key: toHex(key),
    transactions: [
      formed("the private components sealed", (group) => (group === "private" ? sealed : same)),
      formed("everything sealed", () => sealed),
      formed("the private components erased", (group) => (group === "private" ? hashed : same)),
      formed("everything hashed", () => hashed),
      formed("each component in another form", (_, i) => [same, sealed, hashed][i % 3] as Form),
    ],
    opened: GROUP_NAMES.flatMap((group) =>
      openForms(group).map((open, index) => ({ group, index, ...opened(open) })),
    ),
    refused: refused(),
  };
}

type Form = (open: OpenComponent) => ComponentForm;
const same: Form = (open) => open;
const hashed: Form = hashComponent;
const sealed: Form = (open) => sealComponent(open, seal);

function openForms(name: (typeof GROUP_NAMES)[number]): OpenComponent[] {
  const group = whole.groups[GROUP_NAMES.indexOf(name)];
  if (group?.kind !== "listed") throw new Error(`${name} is closed`);
  return group.components.filter((form) => form.kind === "open");
}

function formed(name: string, formFor: (group: string, counter: number) => Form) {
  let counter = 0;
  const groups = GROUP_NAMES.map((group) => ({
    kind: "listed" as const,
    components: openForms(group).map((open) => formFor(group, counter++)(open)),
  }));
  const transaction: Transaction = { groups };
  const encoded = encodeTransaction(transaction);
  assert.equal(transactionId(decodeTransaction(encoded)), transactionId(whole), name);
  return { name, encoded: toHex(encoded) };
}

function opened(open: OpenComponent) {
  const form = sealComponent(open, seal);
  assert.deepEqual(openComponent(form, seal).nonce, open.nonce);
  return {
    nonce: open.nonce,
    component: toHex(open.component),
    leaf: form.leaf,
    ciphertext: toHex(form.ciphertext),
  };
}

/** Sealed components that do not open, or do not hold what their leaf says. */
function refused() {
  const [first, second] = openForms("private") as [OpenComponent, OpenComponent];
  const good = sealComponent(second, seal);
  const { ciphertext } = good;
  const other = sealComponent(first, seal);
  const cannotOpen: [string, SealedComponent, Uint8Array?][] = [
    ["another key", good, countedBytes("sealing key", 1)],
    ["the first byte altered", { ...good, ciphertext: flip(ciphertext, 0) }],
    ["the tag altered", { ...good, ciphertext: flip(ciphertext, ciphertext.length - 1) }],
    ["the tag cut off", { ...good, ciphertext: ciphertext.slice(0, -16) }],
    ["a byte behind", { ...good, ciphertext: Uint8Array.of(...ciphertext, 0) }],
    ["too short for a tag and a nonce", { ...good, ciphertext: ciphertext.slice(0, 32) }],
    ["the leaf of another component", { ...good, leaf: other.leaf }],
    ["the leaf's last byte altered", { ...good, leaf: flipLeaf(good) }],
    ["another algorithm", { ...good, algorithm: "aes-128-gcm" }],
    ["a nonce and no component", { ...good, ciphertext: encrypted(good, fromHex(second.nonce)) }],
  ];
  const plaintext = fromHex(first.nonce + toHex(first.component));
  const mismatch = { ...good, ciphertext: encrypted(good, plaintext) };
  return [
    ...cannotOpen.map(([name, form, with_]) => row(name, form, with_ ?? key, "tx/cannot-open")),
    row("another component under the leaf", mismatch, key, "tx/leaf-mismatch"),
  ];
}

function row(name: string, form: SealedComponent, opening: Uint8Array, code: string) {
  expectCode(name, code, () => openComponent(form, { key: opening, cipher: AES_256_GCM }));
  const { leaf, algorithm } = form;
  return { name, key: toHex(opening), leaf, algorithm, ciphertext: toHex(form.ciphertext), code };
}

/** As `sealComponent`, but without regard to what the leaf is a hash of. */
function encrypted({ leaf }: SealedComponent, plaintext: Uint8Array): Uint8Array {
  return AES_256_GCM.encrypt(key, fromHex(leaf), plaintext);
}

function flip(bytes: Uint8Array, index: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[index] = (flipped[index] as number) ^ 1;
  return flipped;
}

function flipLeaf({ leaf }: SealedComponent): SealedComponent["leaf"] {
  return toHex(flip(fromHex(leaf), 31)) as SealedComponent["leaf"];
}
