import { type EncryptionKeys, fromHex, hpke, toHex } from "@stateset/codec";
import { type Leaf, unwrapContentKey, type WrappedKey, wrapContentKey } from "@stateset/ledger";
import { countedBytes, countedHex } from "./counted-bytes.ts";
import { expectCode } from "./expect-code.ts";

const RECIPIENTS = [0, 1, 2].map((number) => countedBytes("encryption key", number));
const KEY_IDS = ["k", "customer 4711/1", "ä".repeat(64)];

/** Content keys wrapped for some recipients, and what none of them can unwrap. */
export function wrappedVectors() {
  return {
    suite: "RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM",
    recipients: RECIPIENTS.map((seed) => {
      const { secret, publicKey } = hpke.deriveKeys(seed);
      return { seed: toHex(seed), secret: toHex(secret), publicKey: toHex(publicKey) };
    }),
    wrapped: RECIPIENTS.flatMap((_, recipient) =>
      KEY_IDS.map((_, number) => ({ recipient, ...wrappedRow(recipient, number) })),
    ),
    refused: refused(),
  };
}

function keysOf(recipient: number): EncryptionKeys {
  return hpke.deriveKeys(RECIPIENTS[recipient] as Uint8Array);
}

function wrappedRow(recipient: number, number: number) {
  const keyId = KEY_IDS[number] as string;
  const leaf = countedHex<Leaf>("sealed leaf", number);
  const key = countedBytes("content key", number);
  const seed = countedBytes("wrapping", recipient);
  const { publicKey } = keysOf(recipient);
  const { wrapped } = wrapContentKey({ keyId, leaf, key }, { publicKey, seed });
  return { keyId, leaf, key: toHex(key), seed: toHex(seed), wrapped: toHex(wrapped) };
}

function refused() {
  const { leaf, ...row } = wrappedRow(0, 1);
  const good = { keyId: row.keyId, wrapped: fromHex(row.wrapped) };
  const lowOrder = new Uint8Array(80);
  lowOrder.set(good.wrapped.subarray(32), 32);
  const rows: [string, WrappedKey, Leaf?, number?][] = [
    ["another recipient", good, leaf, 1],
    ["the leaf of another component", good, countedHex<Leaf>("sealed leaf", 0)],
    ["another key id", { ...good, keyId: "customer 4711/2" }],
    ["the ephemeral key altered", { ...good, wrapped: flip(good.wrapped, 0) }],
    ["the key altered", { ...good, wrapped: flip(good.wrapped, 32) }],
    ["the tag altered", { ...good, wrapped: flip(good.wrapped, 79) }],
    ["an ephemeral key of small order", { ...good, wrapped: lowOrder }],
  ];
  return rows.map(([name, { keyId, wrapped }, of = leaf, recipient = 0]) => {
    const open = () => unwrapContentKey({ keyId, wrapped }, { leaf: of, keys: keysOf(recipient) });
    expectCode(name, "tx/cannot-unwrap", open);
    return { name, recipient, keyId, leaf: of, wrapped: toHex(wrapped), code: "tx/cannot-unwrap" };
  });
}

function flip(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.with(index, (bytes[index] as number) ^ 1);
}
