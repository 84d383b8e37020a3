/**
 * The distinguished encoding rules of ASN.1 (X.690), as far as a certificate needs them. They are
 * only written here; certificates that arrive are read by OpenSSL.
 */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;
const LONG_LENGTH = 0x80;

export function sequence(...parts: Uint8Array[]): Uint8Array {
  return element(TAG.sequence, ...parts);
}

export function set(...parts: Uint8Array[]): Uint8Array {
  return element(TAG.set, ...parts);
}

export function boolean(value: boolean): Uint8Array {
  return element(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** A number that is not negative, from its big-endian bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  const isHigh = (shortest[0] as number) >= 0x80;
  return element(TAG.integer, isHigh ? Uint8Array.of(0) : new Uint8Array(), shortest);
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(unusedBits), bytes);
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return element(TAG.octetString, bytes);
}

/** Of the dotted form; the first arc is 1 or 2, as in all that is used here. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
    return digits;
  });
  return element(TAG.objectIdentifier, Uint8Array.from(bytes));
}

export function utf8String(text: string): Uint8Array {
  return element(TAG.utf8String, new TextEncoder().encode(text));
}

export function printableString(text: string): Uint8Array {
  return element(TAG.printableString, new TextEncoder().encode(text));
}

/** RFC 5280 §4.1.2.5: two digits of the year before 2050, four from then on. */
export function time(at: number): Uint8Array {
  const digits = `${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`;
  const isShort = new Date(at).getUTCFullYear() < 2050;
  const text = new TextEncoder().encode(isShort ? digits.slice(2) : digits);
  return element(isShort ? TAG.utcTime : TAG.generalizedTime, text);
}

/** `[number]` around whole elements. */
export function explicit(number: number, ...parts: Uint8Array[]): Uint8Array {
  return element(CONTEXT | CONSTRUCTED | number, ...parts);
}

/** `[number]` in the place of a primitive element's own tag. */
export function implicit(number: number, content: Uint8Array): Uint8Array {
  return element(CONTEXT | number, content);
}

function element(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Uint8Array.from(Buffer.concat([Uint8Array.of(tag, ...lengthOf(content)), content]));
}

function lengthOf({ length }: Uint8Array): number[] {
  if (length < LONG_LENGTH) return [length];
  const digits: number[] = [];
  for (let left = length; left > 0; left >>>= 8) digits.unshift(left & 0xff);
  return [LONG_LENGTH | digits.length, ...digits];
}
