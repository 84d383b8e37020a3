import { createECDH, createPrivateKey, sign as opensslSign } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../canonical/hex.ts";
import { crypto as noble } from "./crypto-noble.ts";
import { crypto as node } from "./crypto-node.ts";

const N = p256.Point.Fn.ORDER;
const P = p256.Point.Fp.ORDER;
const secret = fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
const publicKey = noble.p256.publicKey(secret);
const message = new TextEncoder().encode("pay");
const signature = noble.p256.sign(secret, message);
const r = BigInt(`0x${toHex(signature.subarray(0, 32))}`);
const s = BigInt(`0x${toHex(signature.subarray(32))}`);

const pair = (first: bigint, second: bigint) => fromHex(hex64(first) + hex64(second));
const hex64 = (value: bigint) => value.toString(16).padStart(64, "0");
const uncompressed = p256.getPublicKey(secret, false);

test("the fixture is valid", () => {
  expectVerdict(true, publicKey, signature);
  expect(s <= N / 2n).toBe(true);
});

test.each([
  ["the high s, which holds as well", publicKey, pair(r, N - s)],
  ["s + 1", publicKey, pair(r, s + 1n)],
  ["r of zero", publicKey, pair(0n, s)],
  ["s of zero", publicKey, pair(r, 0n)],
  ["r and s of zero", publicKey, pair(0n, 0n)],
  ["r of the group order", publicKey, pair(N, s)],
  ["s of the group order", publicKey, pair(r, N)],
  ["the largest r", publicKey, pair(2n ** 256n - 1n, s)],
  ["a signature of 63 bytes", publicKey, signature.subarray(1)],
  ["a signature of 65 bytes", publicKey, Uint8Array.of(...signature, 0)],
  ["a signature in DER", publicKey, p256.Signature.fromBytes(signature).toBytes("der")],
  ["no signature", publicKey, new Uint8Array()],
  ["no key", new Uint8Array(), signature],
  ["the key uncompressed", uncompressed, signature],
  ["the key uncompressed, cut off", uncompressed.subarray(0, 33), signature],
  ["the x of the key alone", publicKey.subarray(1), signature],
  ["the other y", Uint8Array.of((publicKey[0] as number) ^ 1, ...publicKey.subarray(1)), signature],
  ["a hybrid key", Uint8Array.of(7, ...publicKey.subarray(1)), signature],
  ["the point at infinity", new Uint8Array(33), signature],
  ["an x from the field's prime on", fromHex(`02${hex64(P + onCurve())}`), signature],
  ["an x that is not on the curve", fromHex(`02${hex64(offCurve())}`), signature],
])("both refuse %s", (_, key, sig) => {
  expectVerdict(false, key, sig);
});

test("both take what OpenSSL signs, once s is low", () => {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(secret);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const [x, y] = [uncompressed.subarray(1, 33), uncompressed.subarray(33)].map(base64);
  const jwk = { kty: "EC", crv: "P-256", d: base64(secret), x, y } as const;
  const key = createPrivateKey({ key: jwk as never, format: "jwk" });
  for (let i = 0; i < 16; i++) {
    const theirs = opensslSign("sha256", message, { key, dsaEncoding: "ieee-p1363" });
    const theirS = BigInt(`0x${theirs.subarray(32).toString("hex")}`);
    const low = theirS > N / 2n ? N - theirS : theirS;
    expectVerdict(theirS === low, publicKey, theirs);
    expectVerdict(
      true,
      publicKey,
      Uint8Array.of(...theirs.subarray(0, 32), ...fromHex(hex64(low))),
    );
  }
});

function expectVerdict(expected: boolean, key: Uint8Array, sig: Uint8Array): void {
  const verdicts = [node, noble].map(({ p256: scheme }) => scheme.verify(key, message, sig));
  expect(verdicts).toEqual([expected, expected]);
}

function isOnCurve(x: bigint): boolean {
  try {
    p256.Point.fromHex(`02${hex64(x)}`);
    return true;
  } catch {
    return false;
  }
}

/** A small x of the curve: with the prime added it still fits into 32 bytes. */
function onCurve(): bigint {
  let x = 1n;
  while (!isOnCurve(x)) x++;
  return x;
}

function offCurve(): bigint {
  let x = 1n;
  while (isOnCurve(x)) x++;
  return x;
}
