import type { InvoiceState } from "@stateset/invoice/contract";
import { outstandingOf } from "@stateset/invoice/contract";
import { describe, expect, test } from "vitest";
import { ASSIGNED_ON, DUE, receivableNetwork } from "../../test/receivable-network.ts";
import { advanceOf, plusDays, settlementOf, type Terms } from "./index.ts";

const { invoice, receivable, terms } = await receivableNetwork();

type Payments = Parameters<typeof invoice>[0];
/** Face 1,000.00, advance 800.00, 6 % a year by Actual/360, fee 0.5 %, unless said otherwise. */
function settle(
  payments: Payments,
  on: string,
  change: Partial<Terms> & {
    creditedOnLedger?: bigint;
    isRepurchase?: boolean;
    advance?: bigint;
  } = {},
) {
  const { creditedOnLedger = 0n, isRepurchase = false, advance = 80_000n, ...agreed } = change;
  return settlementOf({
    receivable: receivable({ terms: terms(agreed), advance, reserve: 100_000n - advance }),
    invoice: invoice(payments, { creditedOnLedger }),
    on,
    isRepurchase,
  });
}

describe("worked by hand", () => {
  test("paid in full on the due date, 30 days: 80,000 × 6 % × 30/360 = 400", () => {
    expect(settle([[DUE, 100_000n]], DUE)).toEqual({
      ...{ collected: 100_000n, diluted: 0n, discount: 400n, fee: 500n },
      ...{ released: 19_100n, charged: 0n },
    });
  });

  test("settled later than it was paid: no discount once no funds are in use", () => {
    expect(settle([[DUE, 100_000n]], "2026-06-01").discount).toBe(400n);
  });

  test("early, 10 days: 133.33… is rounded down", () => {
    const settlement = settle([["2026-03-20", 100_000n]], "2026-03-20");
    expect(settlement).toMatchObject({ discount: 133n, released: 19_367n });
  });

  test("late, 90 days: 1,200", () => {
    const on = plusDays(ASSIGNED_ON, 90);
    expect(settle([[on, 100_000n]], on)).toMatchObject({ discount: 1_200n, released: 18_300n });
  });

  test("in parts: 80,000 for 10 days, 50,000 for 20, 133.33… + 166.66… = 300 exactly", () => {
    const parts = [
      ["2026-03-20", 30_000n],
      [DUE, 70_000n],
    ] as const;
    expect(settle(parts, DUE)).toMatchObject({ discount: 300n, released: 19_200n });
  });

  test("the advance is back before the rest is", () => {
    const parts = [
      ["2026-03-20", 90_000n],
      [DUE, 10_000n],
    ] as const;
    expect(settle(parts, DUE)).toMatchObject({ discount: 133n, released: 19_367n });
  });

  test("on the day of the assignment: no discount", () => {
    const settlement = settle([[ASSIGNED_ON, 100_000n]], ASSIGNED_ON);
    expect(settlement).toMatchObject({ discount: 0n, released: 19_500n });
  });

  test("zero rates: the whole reserve is released", () => {
    const free = settle([[DUE, 100_000n]], DUE, { discountRate: "0", feeRate: "0" });
    expect(free).toMatchObject({ discount: 0n, fee: 0n, released: 20_000n, charged: 0n });
  });

  test("an advance of all: discount and fee come out of nobody's reserve", () => {
    const all = { advanceRate: "100", advance: 100_000n };
    expect(settle([[DUE, 100_000n]], DUE, all)).toMatchObject({
      ...{ discount: 500n, fee: 500n, released: 0n, charged: 0n },
    });
    expect(settle([[DUE, 100_000n]], DUE, { ...all, recourseDays: 0 }).charged).toBe(1_000n);
  });

  test("a fee greater than the reserve", () => {
    const dear = { feeRate: "25" };
    expect(settle([[DUE, 100_000n]], DUE, dear)).toMatchObject({ released: 0n, charged: 0n });
    const shortfall = { ...dear, recourseDays: 10 };
    expect(settle([[DUE, 100_000n]], DUE, shortfall)).toMatchObject({ charged: 5_400n });
  });
});

describe("dilution", () => {
  /** 300.00 was credited, and the rest paid on the due date: short of 109.00. */
  const diluted = (agreed: Partial<Terms>) =>
    settle([[DUE, 70_000n]], DUE, { creditedOnLedger: 30_000n, ...agreed });

  test("without recourse the lender bears what the reserve does not", () => {
    expect(diluted({})).toEqual({
      ...{ collected: 70_000n, diluted: 30_000n, discount: 400n, fee: 500n },
      ...{ released: 0n, charged: 0n },
    });
  });

  test("with either recourse the assignor does", () => {
    expect(diluted({ dilutionRecourse: true }).charged).toBe(10_900n);
    expect(diluted({ recourseDays: 0 }).charged).toBe(10_900n);
  });

  test("for dilution alone, no more than was credited", () => {
    const little = (agreed: Partial<Terms>) =>
      settle([[DUE, 95_000n]], DUE, { creditedOnLedger: 5_000n, feeRate: "25", ...agreed });
    expect(little({ dilutionRecourse: true }).charged).toBe(5_000n); // of 10,400
    expect(little({ dilutionRecourse: true, recourseDays: 1 }).charged).toBe(10_400n);
    expect(little({}).charged).toBe(0n);
  });

  test("a small credit note comes out of the reserve", () => {
    const small = settle([[DUE, 95_000n]], DUE, { creditedOnLedger: 5_000n });
    expect(small).toMatchObject({ released: 14_100n, charged: 0n });
  });
});

describe("repurchase", () => {
  test("the assignor makes the lender whole, whatever was agreed of recourse", () => {
    const back = { isRepurchase: true };
    expect(settle([], "2026-04-19", back)).toMatchObject({
      ...{ collected: 0n, discount: 533n, fee: 500n, released: 0n, charged: 81_033n },
    });
    const dilution = { ...back, dilutionRecourse: true };
    expect(settle([["2026-03-20", 30_000n]], DUE, dilution).charged).toBe(50_800n);
  });
});

describe("which payments count", () => {
  const partly = (payments: Payments, paidBefore: bigint) =>
    settlementOf({
      receivable: receivable({ paidBefore, face: 60_000n, advance: 48_000n, reserve: 12_000n }),
      invoice: invoice(payments),
      on: DUE,
      isRepurchase: false,
    });

  test("those after the assignment only, also on the same day", () => {
    const found = partly(
      [
        ["2026-03-05", 25_000n],
        [ASSIGNED_ON, 15_000n],
        [ASSIGNED_ON, 12_000n],
        [DUE, 48_000n],
      ],
      40_000n,
    );
    // 36,000 for 30 days at 6 %.
    expect(found).toMatchObject({
      collected: 60_000n,
      discount: 180n,
      fee: 300n,
      released: 11_520n,
    });
  });

  test("dated a day before the assignment, or out of order, as windows permit", () => {
    const early = settle([["2026-03-09", 100_000n]], DUE);
    expect(early).toEqual(settle([[ASSIGNED_ON, 100_000n]], DUE));
    const inOrder: Payments = [
      ["2026-03-20", 30_000n],
      ["2026-03-21", 70_000n],
    ];
    expect(settle([...inOrder].reverse(), DUE)).toEqual(settle(inOrder, DUE));
  });

  test("dated after the settlement, for the amount and not for the days", () => {
    const found = settle([["2026-04-10", 100_000n]], DUE);
    expect(found).toMatchObject({ collected: 100_000n, discount: 400n });
  });
});

test.each([
  ["A001", 400n],
  ["A002", 394n],
  ["A003", 394n],
  ["A004", 413n],
  ["A005", 407n],
  ["A006", 407n],
  ["A007", 400n],
] as const)("31 days by %s", (dayCount, discount) => {
  const month = { from: "2026-07-01", until: "2026-08-01" };
  const found = settlementOf({
    receivable: receivable({ assignedOn: month.from, terms: terms({ dayCount }) }),
    invoice: invoice([[month.until, 100_000n]]),
    on: month.until,
    isRepurchase: false,
  });
  expect(found.discount).toBe(discount);
});

test("advance and outstanding", () => {
  expect(advanceOf(99_999n, "80")).toBe(79_999n);
  const left: InvoiceState = invoice([["2026-03-20", 30_000n]], { creditedOnLedger: 5_000n });
  expect(outstandingOf(left)).toBe(65_000n);
});
