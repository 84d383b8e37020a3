import { hpke, toHex } from "@stateset/codec";
import { expect, test } from "vitest";
import { ledgerFault } from "../../test/coin-network.ts";
import { type ContentKey, unwrapContentKey, wrapContentKey } from "./content-key.ts";
import type { Leaf } from "./ids.ts";
import { WRAPPED_KEY_BYTES } from "./wrapped-key-schema.ts";

const bytes32 = (value: number) => new Uint8Array(32).fill(value);
const leaf = "0a".repeat(32) as Leaf;
const contentKey: ContentKey = { keyId: "k-1", leaf, key: bytes32(1) };
const keys = hpke.deriveKeys(bytes32(2));
const to = { publicKey: keys.publicKey, seed: bytes32(3) };
const wrapped = wrapContentKey(contentKey, to);

test("a wrapped key unwraps to what it was, for whom it was wrapped", () => {
  expect(wrapped.keyId).toBe("k-1");
  expect(wrapped.wrapped.length).toBe(WRAPPED_KEY_BYTES);
  expect(unwrapContentKey(wrapped, { leaf, keys })).toEqual(contentKey.key);
  expect(toHex(wrapped.wrapped)).not.toContain(toHex(contentKey.key));
});

/** As docs/spec/wire-format.md has it. */
test("the worked example", () => {
  const recipient = hpke.deriveKeys(bytes32(1));
  expect(toHex(recipient.publicKey)).toBe(
    "41852320ff367495fa522c94cb83af391e4e89018392725bbf2098dd931bc424",
  );
  const example = { keyId: "k-1", leaf: "03".repeat(32) as Leaf, key: bytes32(2) };
  const made = wrapContentKey(example, { publicKey: recipient.publicKey, seed: bytes32(4) });
  expect(toHex(made.wrapped)).toBe(
    "84d9a2df46b3e12bb22784258b815c5717c6a04207d1d2644d9a904807152541" +
      "3513c17e0bff3b7707f7f53224e65116b5225e193890950911f1deb6a98e3134694431ebdc7be3b934614330a74db5e8",
  );
});

test("wrapping again from the same seed gives the same bytes, so that a replay does", () => {
  expect(wrapContentKey(contentKey, to)).toEqual(wrapped);
});

/** AES-GCM under one ephemeral key twice would tell what two content keys have in common. */
test.each<[string, Partial<ContentKey>]>([
  ["another key", { key: bytes32(9) }],
  ["another key id", { keyId: "k-2" }],
  ["another leaf", { leaf: "0b".repeat(32) as Leaf }],
])("%s is wrapped under another ephemeral key, though the seed be the same", (_, change) => {
  const other = wrapContentKey({ ...contentKey, ...change }, to);
  expect(toHex(other.wrapped).slice(0, 64)).not.toBe(toHex(wrapped.wrapped).slice(0, 64));
});

/** Each row breaks one thing. */
test.each<[string, Partial<typeof wrapped>, { leaf?: Leaf; keys?: typeof keys }]>([
  ["another recipient", {}, { keys: hpke.deriveKeys(bytes32(4)) }],
  ["another component's leaf", {}, { leaf: "0b".repeat(32) as Leaf }],
  ["another key id", { keyId: "k-2" }, {}],
  ["an altered ephemeral key", { wrapped: flipped(wrapped.wrapped, 0) }, {}],
  ["an altered key", { wrapped: flipped(wrapped.wrapped, 40) }, {}],
  ["an altered tag", { wrapped: flipped(wrapped.wrapped, 79) }, {}],
  ["an ephemeral key of small order", { wrapped: new Uint8Array(80) }, {}],
])("%s does not unwrap", (_, change, by) => {
  const changed = { ...wrapped, ...change };
  const fault = ledgerFault(() => unwrapContentKey(changed, { leaf, keys, ...by }));
  expect(fault).toEqual({ code: "tx/cannot-unwrap", keyId: changed.keyId });
});

test("for a key of small order nothing is wrapped", () => {
  const fault = ledgerFault(() => wrapContentKey(contentKey, { ...to, publicKey: bytes32(0) }));
  expect(fault).toEqual({ code: "tx/bad-encryption-key" });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}
