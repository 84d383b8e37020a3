import type { TestTransaction } from "@stateset/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  advanceOf,
  dayCountSchema,
  plusDays,
  type ReceivableState,
  settlementOf,
  type Terms,
} from "../src/contract/index.ts";
import { ASSIGNED_ON, FACE, receivableNetwork } from "./receivable-network.ts";

const { invoice, receivable, terms, accepted, assign, settle, repurchase } =
  await receivableNetwork();

const rate = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 999_999 }));
const percentage = rate.map(([whole, millionths]) => {
  const decimals = String(millionths).padStart(6, "0").replace(/0+$/, "");
  return decimals === "" ? `${whole}` : `${whole}.${decimals}`;
});
const agreed: fc.Arbitrary<Terms> = fc
  .record({
    advanceRate: percentage.filter((each) => each !== "0"),
    discountRate: percentage,
    feeRate: percentage,
    dayCount: fc.constantFrom(...dayCountSchema.values),
    recourse: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
    dilutionRecourse: fc.boolean(),
  })
  .map(({ recourse, ...rest }) =>
    terms({ ...rest, ...(recourse === undefined ? {} : { recourseDays: recourse }) }),
  );
const least = (a: bigint, b: bigint) => (a < b ? a : b);
/** So many days after the assignment, so much is paid; what is left in the end is credited. */
const payments = fc
  .array(
    fc.record({ day: fc.integer({ min: 0, max: 800 }), amount: fc.bigInt({ min: 1n, max: FACE }) }),
    { maxLength: 6 },
  )
  .map((parts) => {
    let left = FACE;
    return parts
      .sort((one, other) => one.day - other.day)
      .map(({ day, amount }): [string, bigint] => {
        const paid = least(amount, left);
        left -= paid;
        return [plusDays(ASSIGNED_ON, day), paid];
      })
      .filter(([, amount]) => amount > 0n);
  });

function bought(of: Terms): ReceivableState {
  const advance = advanceOf(FACE, of.advanceRate);
  return receivable({ terms: of, advance, reserve: FACE - advance });
}
const paidOf = (parts: readonly [string, bigint][]) =>
  parts.reduce((sum, [, each]) => sum + each, 0n);
const closed = (parts: [string, bigint][]) =>
  invoice(parts, { creditedOnLedger: FACE - paidOf(parts) });
const lastDay = (parts: readonly [string, bigint][], after: number) =>
  plusDays(parts.at(-1)?.[0] ?? ASSIGNED_ON, after);
/** The receivable as a valid transaction leaves it. */
async function ended(transaction: TestTransaction): Promise<ReceivableState> {
  const { outputs } = await transaction.verifies();
  return outputs[0]?.state as ReceivableState;
}
const days = fc.integer({ min: 0, max: 400 });

test("whatever is agreed, advance and reserve are the face value", async () => {
  const property = fc.asyncProperty(agreed, async (of) => {
    const { advance, reserve } = bought(of);
    expect(advance + reserve).toBe(FACE);
    const offer = accepted({ terms: of });
    await assign(offer, invoice(), { advance, reserve }).verifies();
    await assign(offer, invoice(), { advance: advance + 1n, reserve: reserve - 1n }).failsWith(
      "receivable/advance-as-agreed",
    );
  });
  await fc.assert(property, { numRuns: 40 });
});

test("however it is paid and credited, no minor unit is lost or made between the two", async () => {
  const property = fc.asyncProperty(agreed, payments, days, async (of, parts, after) => {
    const before = bought(of);
    const on = lastDay(parts, after);
    const { collected, diluted, discount, fee, released, charged } = await ended(
      settle(before, closed(parts), on),
    );
    expect(collected + diluted).toBe(FACE);
    // What the assignor got in all; the lender keeps the rest of what it collected.
    const toAssignor = before.advance + released - charged;
    const toLender = collected - toAssignor;
    // The lender never earns more than was agreed, and less only where the assignor does not answer.
    expect(toLender).toBeLessThanOrEqual(discount + fee);
    expect(released === 0n || toLender === discount + fee).toBe(true);
    if (of.recourseDays !== undefined) expect(toLender).toBe(discount + fee);
    expect(released === 0n || charged === 0n).toBe(true);
    if (of.recourseDays === undefined) expect(charged).toBeLessThanOrEqual(diluted);
    if (of.recourseDays === undefined && !of.dilutionRecourse) expect(charged).toBe(0n);
  });
  await fc.assert(property, { numRuns: 100 });
});

test("a repurchase leaves the lender with discount and fee, whatever was agreed", async () => {
  const property = fc.asyncProperty(agreed, payments, days, async (of, parts, after) => {
    fc.pre(paidOf(parts) < FACE);
    const before = bought(of);
    const on = lastDay(parts, after);
    const back = await ended(repurchase(before, invoice(parts), on));
    const { collected, discount, fee, released, charged } = back;
    expect(collected - before.advance - released + charged).toBe(discount + fee);
  });
  await fc.assert(property, { numRuns: 60 });
});

const discountAt = (of: Terms, parts: [string, bigint][], on: string) =>
  settlementOf({ receivable: bought(of), invoice: closed(parts), on, isRepurchase: false })
    .discount;

test("a day more never costs less", () => {
  fc.assert(
    fc.property(agreed, payments, fc.integer({ min: 0, max: 1200 }), (of, parts, day) => {
      const on = plusDays(ASSIGNED_ON, day);
      const [today, tomorrow] = [on, plusDays(on, 1)].map((each) => discountAt(of, parts, each));
      expect(today).toBeLessThanOrEqual(tomorrow as bigint);
    }),
  );
});

test("the discount is the exact one, rounded down once: whoever splits a payment gains nothing", () => {
  fc.assert(
    fc.property(agreed, fc.integer({ min: 0, max: 400 }), days, (of, day, after) => {
      const paidOn = plusDays(ASSIGNED_ON, day);
      const on = plusDays(paidOn, after);
      const parts = [1n, 2n, FACE - 3n].map((amount): [string, bigint] => [paidOn, amount]);
      expect(discountAt(of, parts, on)).toBe(discountAt(of, [[paidOn, FACE]], on));
    }),
  );
});
