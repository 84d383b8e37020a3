import { fromHex } from "../canonical/hex.ts";

/** The group order 2^252 + 27742317777372353535851937790883648493, little-endian. */
const GROUP_ORDER = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
/** The field's prime 2^255 − 19, little-endian. */
const FIELD_PRIME = fromHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

/**
 * The y coordinates of the eight points of small order. A key or commitment among them makes
 * signatures that hold for many messages.
 */
const SMALL_ORDER_Y = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map(fromHex);

/**
 * What libraries disagree on, decided here for all of them before they are asked: `s` below the
 * group order, and both points in canonical encoding and not of small order.
 */
export function isStrictEd25519(publicKey: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  return (
    isBelow(signature.subarray(32), GROUP_ORDER) &&
    isStrictPoint(publicKey) &&
    isStrictPoint(signature.subarray(0, 32))
  );
}

function isStrictPoint(encoded: Uint8Array): boolean {
  const y = Uint8Array.from(encoded); // a copy: `slice` of a Buffer would be none
  y[31] = (y[31] as number) & 0x7f; // the sign of x
  return isBelow(y, FIELD_PRIME) && !SMALL_ORDER_Y.some((small) => compare(y, small) === 0);
}

function isBelow(value: Uint8Array, bound: Uint8Array): boolean {
  return compare(value, bound) < 0;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 31; i >= 0; i--) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
