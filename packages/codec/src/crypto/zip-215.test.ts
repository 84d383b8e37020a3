import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { toHex } from "../canonical/hex.ts";
import { crypto } from "./crypto-noble.ts";
import { isZip215Signature } from "./zip-215.ts";

const { Point } = ed25519;
const secret = new Uint8Array(32).fill(7);
const publicKey = ed25519.getPublicKey(secret);
const message = new TextEncoder().encode("precommit");
const signature = ed25519.sign(message, secret);

test("what holds by the strict rules holds", () => {
  expect(isZip215Signature(publicKey, message, signature)).toBe(true);
});

test("a commitment with a part of small order holds here, and by the strict rules does not", () => {
  const mixed = signatureWithPartOfSmallOrder();
  expect(crypto.ed25519.verify(publicKey, message, mixed)).toBe(false);
  expect(isZip215Signature(publicKey, message, mixed)).toBe(true);
});

test("every other byte of message or signature is refused", () => {
  for (let i = 0; i < 64; i++)
    expect(isZip215Signature(publicKey, message, flip(signature, i))).toBe(false);
  for (let i = 0; i < message.length; i++)
    expect(isZip215Signature(publicKey, flip(message, i), signature)).toBe(false);
});

test.each([
  ["no key", new Uint8Array(), signature],
  ["a key of 33 bytes", new Uint8Array(33), signature],
  ["no signature", publicKey, new Uint8Array()],
  ["a signature of 65 bytes", publicKey, new Uint8Array(65)],
  ["a key that is no point", new Uint8Array(32).fill(2), signature],
])("%s is refused, and nothing thrown", (_, key, signed) => {
  expect(isZip215Signature(key, message, signed)).toBe(false);
});

function signatureWithPartOfSmallOrder(): Uint8Array {
  const part = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
  const { scalar } = ed25519.utils.getExtendedPublicKey(secret);
  const r = Point.BASE.multiply(77n).add(part).toBytes();
  const digest = sha512.create().update(r).update(publicKey).update(message).digest();
  const s = (77n + littleEndian(digest) * scalar) % Point.Fn.ORDER;
  return Uint8Array.of(...r, ...Point.Fn.toBytes(s));
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`) % Point.Fn.ORDER;
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = (changed[at] as number) ^ 1;
  return changed;
}
