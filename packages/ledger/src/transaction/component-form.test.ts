import { aes256Gcm, fromHex, taggedHashBytes, toHex } from "@stateset/codec";
import { expect, test } from "vitest";
import { ledgerFault } from "../../test/coin-network.ts";
import {
  componentLeaf,
  hashComponent,
  leafOf,
  type OpenComponent,
  openComponent,
  type SealedComponent,
  sealComponent,
} from "./component-form.ts";
import type { Leaf } from "./ids.ts";
import { AES_256_GCM, type SealingCipher } from "./sealing.ts";

const open: OpenComponent = {
  kind: "open",
  nonce: "0b".repeat(32),
  component: Uint8Array.of(1, 2, 3),
};
const key = new Uint8Array(32).fill(7);
const cipher = AES_256_GCM;
const sealed = sealComponent(open, { keyId: "k-1", key, cipher });

test("a sealed component opens to what it was", () => {
  expect(openComponent(sealed, { key, cipher })).toEqual(open);
  expect(toHex(sealed.ciphertext)).not.toContain("010203");
  expect(sealComponent(open, { keyId: "k-1", key, cipher })).toEqual(sealed);
});

test("all forms have one leaf", () => {
  const leaves = [open, sealed, hashComponent(open), hashComponent(sealed)].map(leafOf).map(toHex);
  expect(new Set(leaves)).toEqual(new Set([sealed.leaf]));
});

const other = toHex(componentLeaf({ ...open, nonce: "0c".repeat(32) })) as Leaf;
const rot13: SealingCipher = { ...cipher, algorithm: "rot-13" };

/** Each row breaks one thing. */
test.each<[string, Partial<SealedComponent>, { key: Uint8Array; cipher: SealingCipher }]>([
  ["another key", {}, { key: new Uint8Array(32).fill(8), cipher }],
  ["a key of the wrong length", {}, { key: new Uint8Array(16), cipher }],
  ["another algorithm", { algorithm: "aes-128-gcm" }, { key, cipher }],
  ["a cipher that it was not sealed with", {}, { key, cipher: rot13 }],
  ["another leaf", { leaf: other }, { key, cipher }],
  ["an altered byte", { ciphertext: flipped(sealed.ciphertext, 40) }, { key, cipher }],
  ["an altered tag", { ciphertext: flipped(sealed.ciphertext, -1) }, { key, cipher }],
  ["a byte less", { ciphertext: sealed.ciphertext.slice(1) }, { key, cipher }],
  ["no ciphertext", { ciphertext: new Uint8Array(32) }, { key, cipher }],
])("%s does not open it", (_, change, seal) => {
  const fault = ledgerFault(() => openComponent({ ...sealed, ...change }, seal));
  expect(fault).toEqual({ code: "tx/cannot-open", keyId: "k-1" });
});

test.each([
  ["another component", Uint8Array.of(...fromHex(open.nonce), 9)],
  ["another nonce", Uint8Array.of(...fromHex("0c".repeat(32)), 1, 2, 3)],
])("whoever sealed %s under the leaf is found out", (_, plaintext) => {
  const leaf = fromHex(sealed.leaf);
  const ciphertext = cipher.encrypt(key, leaf, plaintext);
  const fault = ledgerFault(() => openComponent({ ...sealed, ciphertext }, { key, cipher }));
  expect(fault).toEqual({ code: "tx/leaf-mismatch", keyId: "k-1" });
});

test("a nonce without a component does not open", () => {
  const leaf = fromHex(sealed.leaf);
  const ciphertext = cipher.encrypt(key, leaf, fromHex(open.nonce));
  const fault = ledgerFault(() => openComponent({ ...sealed, ciphertext }, { key, cipher }));
  expect(fault).toEqual({ code: "tx/cannot-open", keyId: "k-1" });
});

test("what is opened is a plain array of its own", () => {
  const { component } = openComponent(sealed, { key, cipher });
  expect(Object.getPrototypeOf(component)).toBe(Uint8Array.prototype);
  expect(component.buffer.byteLength).toBe(component.length);
});

test("the leaf is bound as associated data, under a key of the component's own", () => {
  const leaf = fromHex(sealed.leaf);
  const plaintext = Uint8Array.of(...fromHex(open.nonce), ...open.component);
  const expected = aes256Gcm.encrypt(
    { key: taggedHashBytes("seal", key, leaf), iv: new Uint8Array(12), associated: leaf },
    plaintext,
  );
  expect(toHex(sealed.ciphertext)).toBe(toHex(expected));
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] as number) ^ 1;
  return copy;
}
