import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../canonical/hex.ts";
import type { Crypto } from "./crypto.ts";
import { crypto as noble } from "./crypto-noble.ts";
import { crypto as node } from "./crypto-node.ts";
import { type Hpke, hpkeOver } from "./hpke.ts";

const implementations: [string, Crypto][] = [
  ["node", node],
  ["noble", noble],
];
const RUNS = { numRuns: 20 };
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const short = fc.uint8Array({ maxLength: 100 });

/** Points with which everybody agrees on zero, whatever their secret. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
].map(fromHex);

describe.each(implementations)("%s", (_, crypto) => {
  const { x25519 } = crypto;
  const hpke = hpkeOver(crypto);

  /** RFC 7748, section 6.1. */
  test("X25519", () => {
    const secret = fromHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    const theirs = fromHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    expect(toHex(x25519.publicKey(secret))).toBe(
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    );
    expect(toHex(x25519.sharedSecret(secret, theirs) ?? new Uint8Array())).toBe(
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
    );
  });

  /** RFC 9180, A.1.1: the AEAD has no part in keys. */
  test("keys follow from seeds as in the RFC", () => {
    const seed = fromHex("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037");
    const { secret, publicKey } = hpke.deriveKeys(seed);
    expect([secret, publicKey].map(toHex)).toEqual([
      "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
      "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
    ]);
  });

  /** RFC 9180, [TestVectors]: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
  test("a message is sealed as in the RFC's vectors", () => {
    const keys = hpke.deriveKeys(
      fromHex("dac33b0e9db1b59dbbea58d59a14e7b5896e9bdf98fad6891e99d1686492b9ee"),
    );
    expect(toHex(keys.publicKey)).toBe(
      "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c",
    );
    const context = {
      info: fromHex("4f6465206f6e2061204772656369616e2055726e"),
      associated: fromHex("436f756e742d30"),
    };
    const plaintext = fromHex("4265617574792069732074727574682c20747275746820626561757479");
    const seed = fromHex("2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9");
    const sealed = hpke.seal({ ...context, publicKey: keys.publicKey, seed }, plaintext);
    expect(toHex(sealed ?? new Uint8Array())).toBe(
      "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256" +
        "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a",
    );
    expect(hpke.open({ ...context, keys }, sealed ?? new Uint8Array())).toEqual(plaintext);
  });

  test("a message opens with nothing but its own key and context", () => {
    fc.assert(
      fc.property(bytes32, bytes32, short, fc.nat(), (seed, other, plaintext, at) => {
        const context = { info: seed, associated: other };
        const keys = hpke.deriveKeys(seed);
        const sealed = sealedFor(
          hpke,
          { ...context, publicKey: keys.publicKey, seed: other },
          plaintext,
        );
        expect(hpke.open({ ...context, keys }, sealed)).toEqual(plaintext);
        const cut = sealed.subarray(0, at % sealed.length);
        const refused = [
          hpke.open({ ...context, keys: hpke.deriveKeys(Uint8Array.of(...seed, 0)) }, sealed),
          hpke.open({ ...context, info: Uint8Array.of(...seed, 0), keys }, sealed),
          hpke.open({ ...context, associated: Uint8Array.of(...other, 0), keys }, sealed),
          hpke.open({ ...context, keys }, flipped(sealed, at)),
          hpke.open({ ...context, keys }, cut),
        ];
        expect(refused).toEqual(refused.map(() => undefined));
      }),
      RUNS,
    );
  });

  test.each(SMALL_ORDER.map((point) => [toHex(point), point] as const))(
    "nothing is agreed on with %s",
    (_, publicKey) => {
      const seed = new Uint8Array(32).fill(7);
      const context = { info: seed, associated: seed };
      expect(x25519.sharedSecret(seed, publicKey)).toBeUndefined();
      expect(hpke.seal({ ...context, publicKey, seed }, seed)).toBeUndefined();
      const sealed = Uint8Array.of(...publicKey, ...new Uint8Array(48));
      expect(hpke.open({ ...context, keys: hpke.deriveKeys(seed) }, sealed)).toBeUndefined();
    },
  );

  test.each([0, 31, 33])("a public key of %i bytes is none", (length) => {
    const secret = new Uint8Array(32).fill(7);
    expect(x25519.sharedSecret(secret, new Uint8Array(length).fill(9))).toBeUndefined();
  });
});

test("both agree, seal and open alike, whatever 32 bytes are given as a key", () => {
  const [ours, theirs] = [hpkeOver(node), hpkeOver(noble)];
  fc.assert(
    fc.property(bytes32, bytes32, short, (seed, publicKey, plaintext) => {
      const context = { info: plaintext, associated: seed };
      const to = { ...context, publicKey, seed };
      const sealed = ours.seal(to, plaintext);
      expect(theirs.seal(to, plaintext)).toEqual(sealed);
      const keys = theirs.deriveKeys(seed);
      expect(ours.deriveKeys(seed)).toEqual(keys);
      const mine = sealedFor(ours, { ...to, publicKey: keys.publicKey }, plaintext);
      expect(theirs.open({ ...context, keys }, mine)).toEqual(plaintext);
    }),
    RUNS,
  );
});

function sealedFor(hpke: Hpke, to: Parameters<Hpke["seal"]>[0], plaintext: Uint8Array): Uint8Array {
  const sealed = hpke.seal(to, plaintext);
  if (sealed === undefined) throw new Error("the key is of small order");
  return sealed;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const index = at % copy.length;
  copy[index] = (copy[index] as number) ^ (1 << (at % 8));
  return copy;
}
