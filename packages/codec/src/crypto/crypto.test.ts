import { createECDH } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../canonical/hex.ts";
import type { Crypto } from "./crypto.ts";
import { crypto as noble } from "./crypto-noble.ts";
import { crypto as node } from "./crypto-node.ts";

const implementations: [string, Crypto][] = [
  ["node", node],
  ["noble", noble],
];
const RUNS = { numRuns: 40 };
const ascii = (value: string) => new TextEncoder().encode(value);

/** A key of 32 bytes that both schemes take: not zero, and below P-256's group order. */
const secrets = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Uint8Array.of(1 + ((bytes[0] as number) % 0xfe), ...bytes.subarray(1)));
const messages = fc.uint8Array({ maxLength: 200 });

describe.each(implementations)("%s", (_, crypto) => {
  /** FIPS 180-4, examples. */
  test.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ])("SHA-256 of %j", (message, digest) => {
    expect(toHex(crypto.sha256(ascii(message)))).toBe(digest);
  });

  /** RFC 8032 §7.1, tests 1 to 3. */
  test.each([
    [
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ])("Ed25519 with the key %s", (secret, publicKey, message, signature) => {
    const { ed25519 } = crypto;
    expect(toHex(ed25519.publicKey(fromHex(secret)))).toBe(publicKey);
    expect(toHex(ed25519.sign(fromHex(secret), fromHex(message)))).toBe(signature);
    expect(ed25519.verify(fromHex(publicKey), fromHex(message), fromHex(signature))).toBe(true);
  });

  /** RFC 6979 A.2.5, with SHA-256; where its `s` is high, the group order less `s`. */
  test.each([
    [
      "sample",
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
      0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n -
        0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n,
    ],
    [
      "test",
      "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
      0x019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083n,
    ],
  ])("P-256 over %j", (message, r, s) => {
    const secret = fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    const key = "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
    const signature = r + s.toString(16).padStart(64, "0");
    expect(toHex(crypto.p256.publicKey(secret))).toBe(key);
    expect(toHex(crypto.p256.sign(secret, ascii(message)))).toBe(signature);
    expect(crypto.p256.verify(fromHex(key), ascii(message), fromHex(signature))).toBe(true);
  });

  /** McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16. */
  test("AES-256-GCM", () => {
    const use = {
      key: fromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
      iv: fromHex("cafebabefacedbaddecaf888"),
      associated: fromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    };
    const plaintext =
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    const ciphertext =
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b";
    expect(toHex(crypto.aes256Gcm.encrypt(use, fromHex(plaintext)))).toBe(ciphertext);
    expect(toHex(crypto.aes256Gcm.decrypt(use, fromHex(ciphertext)) ?? fromHex(""))).toBe(
      plaintext,
    );
  });

  test("a ciphertext opens under nothing but its own key, vector and associated data", () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const iv = fc.uint8Array({ minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(key, iv, messages, messages, fc.nat(), (key, iv, associated, plaintext, at) => {
        const use = { key, iv, associated };
        const ciphertext = crypto.aes256Gcm.encrypt(use, plaintext);
        expect(toHex(crypto.aes256Gcm.decrypt(use, ciphertext) ?? fromHex("ff"))).toBe(
          toHex(plaintext),
        );
        const others = [
          { ...use, key: changed(key, at) },
          { ...use, iv: changed(iv, at) },
          { ...use, associated: Uint8Array.of(...associated, 0) },
        ];
        for (const other of others)
          expect(crypto.aes256Gcm.decrypt(other, ciphertext)).toBeUndefined();
        expect(crypto.aes256Gcm.decrypt(use, changed(ciphertext, at))).toBeUndefined();
        const cut = ciphertext.subarray(0, at % ciphertext.length);
        expect(crypto.aes256Gcm.decrypt(use, cut)).toBeUndefined();
      }),
      RUNS,
    );
  });
});

test("both hash and encrypt alike", () => {
  fc.assert(
    fc.property(messages, secrets, (message, key) => {
      expect(toHex(noble.sha256(message))).toBe(toHex(node.sha256(message)));
      const use = { key, iv: key.subarray(0, 12), associated: key };
      const [ours, theirs] = [node, noble].map((c) => toHex(c.aes256Gcm.encrypt(use, message)));
      expect(theirs).toBe(ours);
    }),
    RUNS,
  );
});

test.each(["ed25519", "p256"] as const)("both sign and verify alike with %s", (scheme) => {
  const [a, b] = [node[scheme], noble[scheme]];
  fc.assert(
    fc.property(secrets, messages, fc.nat(), (secret, message, at) => {
      const publicKey = a.publicKey(secret);
      const signature = a.sign(secret, message);
      expect(toHex(b.publicKey(secret))).toBe(toHex(publicKey));
      expect(toHex(b.sign(secret, message))).toBe(toHex(signature));
      for (const { verify } of [a, b]) {
        expect(verify(publicKey, message, signature)).toBe(true);
        expect(verify(publicKey, Uint8Array.of(...message, 0), signature)).toBe(false);
        expect(verify(publicKey, message, changed(signature, at))).toBe(false);
        expect(verify(changed(publicKey, at), message, signature)).toBe(false);
      }
    }),
    RUNS,
  );
});

test("P-256's public keys are OpenSSL's, compressed", () => {
  fc.assert(
    fc.property(secrets, (secret) => {
      const ecdh = createECDH("prime256v1");
      ecdh.setPrivateKey(secret);
      expect(toHex(node.p256.publicKey(secret))).toBe(ecdh.getPublicKey("hex", "compressed"));
    }),
    RUNS,
  );
});

test("a secret that was overwritten signs as what it is now", () => {
  const secret = new Uint8Array(32).fill(1);
  const before = toHex(node.ed25519.sign(secret, ascii("x")));
  secret.fill(2);
  const after = toHex(node.ed25519.sign(secret, ascii("x")));
  expect(after).not.toBe(before);
  expect(after).toBe(toHex(noble.ed25519.sign(secret, ascii("x"))));
});

/** The same bytes but for one bit of one of them. */
function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const index = at % copy.length;
  copy[index] = (copy[index] as number) ^ (1 << (at % 8));
  return copy;
}
