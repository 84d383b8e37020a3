import assert from "node:assert/strict";
import { ASSIGNED_BOUNDS, isAssigned } from "@stateset/codec";

const HANGUL = { first: 0xac00, last: 0xd7a3 };
/** Marks of the lowest and the highest combining class above 0. */
const [LOWEST, HIGHEST] = ["\u0334", "\u0345"];

/**
 * What Unicode Normalization Form C is made of, for the characters that text may hold and for
 * platforms whose standard library has none. Hangul follows from arithmetic and is left out.
 */
export function nfcData() {
  const characters = allCharacters();
  const composed = characters.filter((character) => nfd(character) !== character);
  return {
    unicode: "16.0",
    assigned: ASSIGNED_BOUNDS,
    decompositions: Object.fromEntries(
      composed.map((character) => [hex(character), hex(nfd(character))]),
    ),
    compositions: Object.fromEntries(
      composed
        .filter((character) => nfc(character) === character)
        .map((character) => [hex(pairOf(character)), hex(character)]),
    ),
    classes: combiningClasses(characters),
  };
}

function allCharacters(): string[] {
  const characters: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const isHangul = code >= HANGUL.first && code <= HANGUL.last;
    if (isAssigned(code) && !isHangul) characters.push(String.fromCodePoint(code));
  }
  return characters;
}

/** The two characters that compose to the one given; the first may itself be composed. */
function pairOf(composed: string): string {
  const parts = [...nfd(composed)];
  const pair = nfc(parts.slice(0, -1).join("")) + parts.at(-1);
  assert.equal([...pair].length, 2);
  assert.equal(nfc(pair), composed);
  return pair;
}

/** `character rank` of each mark; ranks stand in the order of combining classes, from 1. */
function combiningClasses(characters: readonly string[]): string[] {
  const marks = characters.filter((mark) => swaps(HIGHEST, mark) || swaps(mark, LOWEST));
  const sorted = marks.filter((mark) => nfd(mark) === mark).sort(byClass);
  const ranks = new Map<string, number>();
  let rank = 0;
  for (const [i, mark] of sorted.entries()) {
    if (i === 0 || byClass(sorted[i - 1] as string, mark) !== 0) rank++;
    ranks.set(mark, rank);
  }
  return [...ranks.keys()].sort(byCode).map((mark) => `${hex(mark)} ${ranks.get(mark)}`);
}

function byClass(a: string, b: string): number {
  if (swaps(a, b)) return 1;
  return swaps(b, a) ? -1 : 0;
}

/** Whether the first is of a higher class than the second, so that they change places. */
function swaps(first: string, second: string): boolean {
  return nfd(first + second) === second + first && first !== second;
}

function byCode(a: string, b: string): number {
  return (a.codePointAt(0) as number) - (b.codePointAt(0) as number);
}

function nfc(text: string): string {
  return text.normalize("NFC");
}

function nfd(text: string): string {
  return text.normalize("NFD");
}

function hex(text: string): string {
  return Array.from(text, (c) => (c.codePointAt(0) as number).toString(16).padStart(4, "0")).join(
    " ",
  );
}
