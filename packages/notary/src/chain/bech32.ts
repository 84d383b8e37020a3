const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_WORDS = 6;

/** An account's address as the Cosmos SDK writes it (BIP 173). */
export function bech32(prefix: string, bytes: Uint8Array): string {
  const words = wordsOf(bytes);
  const all = [...words, ...checksum(prefix, words)];
  return `${prefix}1${all.map((word) => ALPHABET[word]).join("")}`;
}

/** The same bits in groups of five, filled up with zeros. */
function wordsOf(bytes: Uint8Array): number[] {
  const words: number[] = [];
  let [held, bits] = [0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) words.push((held >> (bits - 5)) & 31);
  }
  if (bits > 0) words.push((held << (5 - bits)) & 31);
  return words;
}

function checksum(prefix: string, words: readonly number[]): number[] {
  const letters = [...prefix].map((letter) => letter.charCodeAt(0));
  const expanded = [...letters.map((code) => code >> 5), 0, ...letters.map((code) => code & 31)];
  const rest = polymod([...expanded, ...words, ...Array<number>(CHECKSUM_WORDS).fill(0)]) ^ 1;
  return Array.from({ length: CHECKSUM_WORDS }, (_, i) => (rest >> (5 * (5 - i))) & 31);
}

function polymod(words: readonly number[]): number {
  let rest = 1;
  for (const word of words) {
    const top = rest >>> 25;
    rest = ((rest & 0x1ffffff) << 5) ^ word;
    for (const [bit, generator] of GENERATORS.entries()) if ((top >> bit) & 1) rest ^= generator;
  }
  return rest;
}
