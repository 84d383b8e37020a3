import { decode, encode, INT64_MAX } from "@stateset/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ledgerFault } from "../test/coin-network.ts";
import { addAmounts, amountOf, subtractAmounts } from "./amount.ts";
import { amountSchema } from "./amount-schema.ts";

const minorUnits = fc.bigInt({ min: 0n, max: INT64_MAX });

test("adding and subtracting undo each other, and neither leaves the range", () => {
  fc.assert(
    fc.property(minorUnits, minorUnits, (a, b) => {
      const [left, right] = [amountOf(a, "CHF"), amountOf(b, "CHF")];
      if (a + b > INT64_MAX) {
        const fault = { code: "amount/out-of-range", minorUnits: a + b };
        expect(ledgerFault(() => addAmounts(left, right))).toEqual(fault);
      } else {
        expect(addAmounts(left, right)).toEqual(addAmounts(right, left));
        expect(subtractAmounts(addAmounts(left, right), right)).toEqual(left);
      }
      if (a < b) {
        const fault = { code: "amount/out-of-range", minorUnits: a - b };
        expect(ledgerFault(() => subtractAmounts(left, right))).toEqual(fault);
      } else expect(addAmounts(subtractAmounts(left, right), right)).toEqual(left);
    }),
  );
});

test.each([addAmounts, subtractAmounts])("currencies are not mixed", (operation) => {
  const fault = { code: "amount/currency-mismatch", left: "CHF", right: "EUR" };
  expect(ledgerFault(() => operation(amountOf(2n, "CHF"), amountOf(1n, "EUR")))).toEqual(fault);
});

test.each([-1n, INT64_MAX + 1n])("%i minor units are no amount", (units) => {
  const fault = { code: "amount/out-of-range", minorUnits: units };
  expect(ledgerFault(() => amountOf(units, "CHF"))).toEqual(fault);
  expect(() => encode(amountSchema, { minorUnits: units, currency: "CHF" })).toThrow(/codec\//);
});

test("the ends of the range have an encoding", () => {
  for (const units of [0n, INT64_MAX]) {
    const amount = amountOf(units, "CHF");
    expect(decode(amountSchema, encode(amountSchema, amount))).toEqual(amount);
  }
});
