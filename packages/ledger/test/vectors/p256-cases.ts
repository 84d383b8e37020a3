import { publicKeyOf, type Signature, sign } from "@stateset/codec";
import { countedKey } from "./counted-bytes.ts";
import { PAYLOAD } from "./signature-cases.ts";

const GROUP_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const FIELD_PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;

const good = sign(countedKey("p256", "signer"), PAYLOAD);
const r = BigInt(`0x${good.signature.slice(0, 64)}`);
const s = BigInt(`0x${good.signature.slice(64)}`);

/** Signatures over PAYLOAD that are refused: the high s above all, which ECDSA alone accepts. */
export function refusedP256(): { name: string; signature: Signature }[] {
  const x = good.key.slice(2);
  const oppositePoint = good.key.startsWith("02") ? "03" : "02";
  const other = publicKeyOf(countedKey("p256", "other signer"));
  return [
    { name: "the high s", signature: { ...good, signature: pair(r, GROUP_ORDER - s) } },
    { name: "s of zero", signature: { ...good, signature: pair(r, 0n) } },
    { name: "r of zero", signature: { ...good, signature: pair(0n, s) } },
    { name: "r of the group order", signature: { ...good, signature: pair(GROUP_ORDER, s) } },
    { name: "an altered r", signature: { ...good, signature: pair(r ^ 1n, s) } },
    { name: "an altered s", signature: { ...good, signature: pair(r, s ^ 1n) } },
    { name: "r and s swapped", signature: { ...good, signature: pair(s, r) } },
    { name: "another key", signature: { ...good, key: other.key } },
    { name: "the opposite point", signature: { ...good, key: oppositePoint + x } },
    { name: "the prefix of an uncompressed key", signature: { ...good, key: `04${x}` } },
    { name: "the prefix of a hybrid key", signature: { ...good, key: `06${x}` } },
    { name: "a key of zeros, the point at infinity", signature: { ...good, key: "00".repeat(33) } },
    { name: "x beyond the field", signature: { ...good, key: `02${hex32(FIELD_PRIME + 5n)}` } },
    { name: "x of no point", signature: { ...good, key: `02${hex32(NO_POINT)}` } },
  ];
}

/** x³ − 3x + b is no square for this x. */
const NO_POINT = 1n;

function pair(first: bigint, second: bigint): string {
  return hex32(first) + hex32(second);
}

function hex32(value: bigint): string {
  return value.toString(16).padStart(64, "0");
}
