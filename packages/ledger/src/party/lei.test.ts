import { decode, encode, lei as leiSchema } from "@stateset/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ledgerFault } from "../../test/coin-network.ts";
import { assertLei } from "./lei.ts";

/** 18 characters with the check digits of ISO/IEC 7064 MOD 97-10: 98 less the remainder. */
function withCheckDigits(body: string): string {
  const digits = [...body].map((character) => Number.parseInt(character, 36)).join("");
  return body + String(98n - (BigInt(`${digits}00`) % 97n)).padStart(2, "0");
}

/**
 * The first two are in public use; the others are worked by hand. "A" is 10, so A000…0 is 10^20; 10^4
 * leaves 9 and 10^16 leaves 62 modulo 97, so it leaves 62·9 − 5·97 = 73, and 98 − 73 is 25.
 */
test.each([
  "5493001KJTIIGC8Y1R12",
  "529900T8BM49AURSDO55",
  "00000000000000000098",
  "A0000000000000000025",
])("%s is valid", (lei) => {
  expect(withCheckDigits(lei.slice(0, 18))).toBe(lei);
  expect(ledgerFault(() => assertLei(lei))).toBeUndefined();
  expect(decode(leiSchema(), encode(leiSchema(), lei))).toBe(lei);
});

test.each([
  ["5493001KJTIIGC8Y1R1", "length"],
  ["5493001KJTIIGC8Y1R120", "length"],
  ["", "length"],
  ["5493001kjtiigc8y1r12", "characters"],
  ["5493001KJTIIGC8Y1R1A", "characters"],
  ["5493001KJTIIGC8Y-R12", "characters"],
  ["5493001KJTIIGC8Y1R1２", "characters"],
  ["5493001KJTIIGC8Y1R13", "check-digits"],
  ["5493001KJTIIGC81YR12", "check-digits"],
  ["00000000000000000001", "check-digits"],
])("%j is refused for its %s", (lei, reason) => {
  expect(ledgerFault(() => assertLei(lei))).toEqual({ code: "party/bad-lei", lei, reason });
  expect(() => encode(leiSchema(), lei)).toThrow(/codec\//);
});

const bodies = fc.stringMatching(/^[0-9A-Z]{18}$/);

test("each body has one pair of check digits", () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const valid = Array.from({ length: 100 }, (_, i) => body + String(i).padStart(2, "0")).filter(
        (lei) => ledgerFault(() => assertLei(lei)) === undefined,
      );
      expect(valid).toEqual([withCheckDigits(body)]);
    }),
  );
});

/** Where digits take the place of letters the length of the number changes, and little is promised. */
const isDigit = (character: string) => character <= "9";

test("another character, and two neighbours exchanged, are noticed among digits and letters", () => {
  fc.assert(
    fc.property(bodies, fc.nat(17), fc.nat(35), (body, at, digit) => {
      const lei = [...withCheckDigits(body)];
      const character = digit.toString(36).toUpperCase();
      const [here, next] = lei.slice(at, at + 2) as [string, string];
      const changes: string[][] = [];
      if (isDigit(here) === isDigit(character)) changes.push(lei.with(at, character));
      if (isDigit(here) === isDigit(next)) changes.push(lei.with(at, next).with(at + 1, here));
      for (const changed of changes.map((each) => each.join("")))
        if (changed !== lei.join(""))
          expect(ledgerFault(() => assertLei(changed))?.code).toBe("party/bad-lei");
    }),
    { numRuns: 300 },
  );
});
