import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../canonical/hex.ts";
import { crypto as noble } from "./crypto-noble.ts";
import { crypto as node } from "./crypto-node.ts";
import { isStrictEd25519 } from "./ed25519-strict.ts";

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const P = Point.Fp.ORDER;
const secret = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
const publicKey = ed25519.getPublicKey(secret);
const message = new TextEncoder().encode("pay");
const signature = ed25519.sign(message, secret);
const { scalar: a } = ed25519.utils.getExtendedPublicKey(secret);

/** A point of order 8, and its multiples: all that have small order. */
const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
const smallOrder = Array.from({ length: 8 }, (_, i) =>
  i === 0 ? Point.ZERO : torsion.multiplyUnsafe(BigInt(i)),
);

function expectVerdict(expected: boolean, key: Uint8Array, text: Uint8Array, sig: Uint8Array) {
  expect([node, noble].map((c) => c.ed25519.verify(key, text, sig))).toEqual([expected, expected]);
}

test("the fixture is valid", () => {
  expectVerdict(true, publicKey, message, signature);
});

test("s + L, which holds for the equation just as well, is refused", () => {
  const s = number(signature.subarray(32)) + L;
  expectVerdict(false, publicKey, message, join(signature.subarray(0, 32), littleEndian(s)));
});

test("s just below the group order counts as canonical, the order itself does not", () => {
  const r = signature.subarray(0, 32);
  expect(isStrictEd25519(publicKey, join(r, littleEndian(L - 1n)))).toBe(true);
  expect(isStrictEd25519(publicKey, join(r, littleEndian(L)))).toBe(false);
});

test("a key of small order, under which one signature holds for all messages, is refused", () => {
  const r = Point.BASE.multiply(5n).toBytes();
  const forAll = join(r, littleEndian(5n));
  let accepted = 0;
  for (const point of smallOrder) {
    const key = point.toBytes();
    expectVerdict(false, key, message, forAll);
    if (ed25519.verify(forAll, message, key, { zip215: true })) accepted++;
  }
  expect(accepted).toBe(8); // by the lenient rule, so that the case is a real one
});

test("a commitment of small order is refused", () => {
  for (const point of smallOrder) {
    const r = point.toBytes();
    const s = (challenge(r, publicKey, message) * a) % L;
    expectVerdict(false, publicKey, message, join(r, littleEndian(s)));
  }
});

test("the points of small order are refused in every encoding", () => {
  for (const point of smallOrder)
    for (const sign of [0, 0x80])
      for (const y of [point.y, point.y + P]) {
        if (y >= 2n ** 255n) continue;
        const encoded = littleEndian(y);
        encoded[31] = (encoded[31] as number) | sign;
        expect(isStrictEd25519(encoded, signature)).toBe(false);
        expect(isStrictEd25519(publicKey, join(encoded, signature.subarray(32)))).toBe(false);
      }
});

test("y is refused from the field's prime on", () => {
  for (let excess = 0n; excess < 19n; excess++)
    expectVerdict(false, littleEndian(P + excess), message, signature);
  const canonical = littleEndian(P - 2n); // on the curve or not, its form is the one allowed
  expect(isStrictEd25519(canonical, signature)).toBe(true);
});

test("both refuse what holds with the cofactor only: a commitment with a part of small order", () => {
  let refused = 0;
  for (const part of smallOrder.slice(1)) {
    const r = Point.BASE.multiply(77n).add(part).toBytes();
    const s = (77n + challenge(r, publicKey, message) * a) % L;
    const mixed = join(r, littleEndian(s));
    expect(ed25519.verify(mixed, message, publicKey, { zip215: true })).toBe(true);
    expectVerdict(false, publicKey, message, mixed);
    refused++;
  }
  expect(refused).toBe(7);
});

test("under a key with a part of small order both give the same verdict", () => {
  const mixedKey = Point.BASE.multiply(a).add(torsion).toBytes();
  const r = Point.BASE.multiply(99n).toBytes();
  const verdicts = new Set<boolean>();
  for (let i = 0; i < 64; i++) {
    const text = Uint8Array.of(i);
    const k = challenge(r, mixedKey, text);
    const signed = join(r, littleEndian((99n + k * a) % L));
    const holds = k % 8n === 0n; // the part vanishes
    expectVerdict(holds, mixedKey, text, signed);
    verdicts.add(holds);
  }
  expect(verdicts.size).toBe(2);
});

test("what is no point at all is refused, not thrown", () => {
  let y = 2n;
  while (isPoint(littleEndian(y))) y++;
  expectVerdict(false, littleEndian(y), message, signature);
  expectVerdict(false, publicKey, message, join(littleEndian(y), signature.subarray(32)));
});

test.each([
  ["no key", new Uint8Array(), signature],
  ["a key of 31 bytes", publicKey.subarray(1), signature],
  ["a key of 33 bytes", join(publicKey, Uint8Array.of(0)), signature],
  ["no signature", publicKey, new Uint8Array()],
  ["a signature of 63 bytes", publicKey, signature.subarray(1)],
  ["a signature of 65 bytes", publicKey, join(signature, Uint8Array.of(0))],
])("%s is refused", (_, key, sig) => {
  expectVerdict(false, key, message, sig);
});

test("verifying leaves what it was given unchanged, whatever kind of array it is", () => {
  for (let i = 0; i < 8; i++) {
    const text = Uint8Array.of(i);
    const key = Buffer.from(publicKey);
    const sig = Buffer.from(ed25519.sign(text, secret));
    const before = [toHex(key), toHex(sig)];
    expectVerdict(true, key, text, sig);
    expect([toHex(key), toHex(sig)]).toEqual(before);
  }
});

function challenge(r: Uint8Array, key: Uint8Array, text: Uint8Array): bigint {
  return number(sha512(join(r, key, text))) % L;
}

function isPoint(encoded: Uint8Array): boolean {
  try {
    Point.fromBytes(encoded);
    return true;
  } catch {
    return false;
  }
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
}

function littleEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, "0")).reverse();
}
