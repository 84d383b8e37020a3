import { expect, test } from "vitest";
import { ASSIGNED_BOUNDS, FIRST_UNASSIGNED, isAssigned } from "./unicode-repertoire.ts";

const PRIVATE_USE = 137_468;
const CONTROLS = 65;
/** As the Unicode Standard counts the characters of its version 16.0. */
const CHARACTERS_OF_16 = 154_998;

const codePoints = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint);

test("the repertoire is that of Unicode 16.0, by number", () => {
  const assigned = codePoints.filter(isAssigned).length;
  expect(assigned - PRIVATE_USE - CONTROLS).toBe(CHARACTERS_OF_16);
});

test("what is assigned in 16.0 is assigned in the platform's version", () => {
  expect(Number(process.versions.unicode)).toBeGreaterThanOrEqual(16);
  const missing = codePoints.filter(
    (codePoint) =>
      isAssigned(codePoint) && !/^\p{Assigned}$/u.test(String.fromCodePoint(codePoint)),
  );
  expect(missing).toEqual([]);
});

test.each([
  [0x377, true],
  [0x378, false],
  [0xd800, false],
  [0xdfff, false],
  [0xe000, true],
  [0xfffd, true],
  [0xfffe, false],
  [0x105d2, true],
  [0x10ffff, false],
])("U+%i", (codePoint, assigned) => {
  expect(isAssigned(codePoint)).toBe(assigned);
});

test("the first bound is where the short way ends", () => {
  expect(ASSIGNED_BOUNDS.slice(0, 2)).toEqual([0, FIRST_UNASSIGNED]);
});
