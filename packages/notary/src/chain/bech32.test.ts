import { fromHex } from "@stateset/codec";
import { expect, test } from "vitest";
import { accountAddress } from "./account.ts";
import { bech32 } from "./bech32.ts";

test.each([
  // BIP 173's valid vectors, their data as bytes.
  [
    "abcdef",
    "00443214c74254b635cf84653a56d7c675be77df",
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
  ],
  ["a", "", "a12uel5l"],
])("%s with %s is that of the standard", (prefix, hex, expected) => {
  expect(bech32(prefix, fromHex(hex))).toBe(expected);
});

test("an account is the first twenty bytes of its key's hash", () => {
  // SHA-256 of 32 zero bytes begins with 66687aadf862bd776c8fc18b8e9f8e2008971485.
  const address = accountAddress(new Uint8Array(32));
  const expected = fromHex("66687aadf862bd776c8fc18b8e9f8e2008971485");
  expect(address).toBe(bech32("stateset", expected));
});
