import { CodecError } from "@stateset/codec";
import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import {
  invoiceNetwork,
  PAID_ON,
  PAYMENT_WINDOW,
  type Refusal,
  refuses,
} from "../../test/invoice-network.ts";
import { type InvoiceState, invoiceContract } from "./index.ts";

const { approved, pay, update, seller } = await invoiceNetwork();

const DAY_MS = 86_400_000;
const MIDNIGHT = Date.parse(`${PAID_ON}T00:00:00Z`);
const DAY_BEFORE = "2026-03-27";
const DAY_AFTER = "2026-03-29";

type Payments = InvoiceState["payments"];
const payments = (change: (payments: Payments) => Payments) => (tx: TestTransaction) =>
  tx.changeOutput(0, (state: InvoiceState) => ({ payments: change(state.payments) }));
const dated = (on: string) =>
  payments((all) => all.map((each, i) => (i === all.length - 1 ? { ...each, on } : each)));
const within =
  (from?: number, until?: number): Refusal[2] =>
  (tx) =>
    tx.timeWindow({ ...(from !== undefined && { from }), ...(until !== undefined && { until }) });

/** Paid in part twice before, so that there is a past to forge. */
const past: Payments = [
  { on: "2026-03-20", amount: 10_000n },
  { on: "2026-03-24", amount: 30_000n },
];
const partly = approved({ status: "partially-paid", paidOnLedger: 40_000n, payments: past });
const third = pay(partly, 25_000n);

describe("a payment adds itself to those before", () => {
  test("the first, and the next", async () => {
    const first = await pay(approved(), 40_000n).verifies();
    expect(first.outputs[0]?.state.payments).toEqual([{ on: PAID_ON, amount: 40_000n }]);
    const { outputs } = await third.verifies();
    expect(outputs[0]?.state.payments).toEqual([...past, { on: PAID_ON, amount: 25_000n }]);
  });

  test("invoice/payment-dated: not at all", async () => {
    await pay(approved(), 40_000n)
      .tweak(payments(() => []))
      .failsWith("invoice/payment-dated");
  });

  refuses(third, [
    ["invoice/payment-dated", "it is left out", payments(() => past)],
    ["invoice/payment-dated", "an earlier one is left out", payments(([, ...rest]) => rest)],
    ["invoice/payment-dated", "only itself is left", payments((all) => all.slice(-1))],
    ["invoice/payment-dated", "none is left", payments(() => [])],
    ["invoice/payment-dated", "it comes first", payments(([a, b, c]) => [c, a, b] as Payments)],
    [
      "invoice/payment-dated",
      "earlier ones are reordered",
      payments(([a, b, c]) => [b, a, c] as Payments),
    ],
    [
      "invoice/payment-dated",
      "an earlier one is dated anew",
      payments(([first, ...rest]) => [{ on: PAID_ON, amount: first?.amount ?? 0n }, ...rest]),
    ],
    [
      "invoice/payment-dated",
      "an earlier one is of another amount",
      payments(([, ...rest]) => [{ on: "2026-03-20", amount: 10_001n }, ...rest]),
    ],
    [
      "invoice/payment-dated",
      "two earlier ones are made one",
      payments((all) => [{ on: "2026-03-24", amount: 40_000n }, ...all.slice(2)]),
    ],
    [
      "invoice/payment-dated",
      "it is entered twice",
      payments((all) => [...all, { on: PAID_ON, amount: 25_000n }]),
    ],
    [
      "invoice/payment-dated",
      "it is entered in two parts",
      payments(() => [...past, { on: PAID_ON, amount: 20_000n }, { on: PAID_ON, amount: 5_000n }]),
    ],
    [
      "invoice/payment-dated",
      "an entry of nothing follows",
      payments((all) => [...all, { on: PAID_ON, amount: 0n }]),
    ],
    [
      "invoice/payment-dated",
      "one cent more",
      payments(() => [...past, { on: PAID_ON, amount: 25_001n }]),
    ],
    [
      "invoice/payment-dated",
      "one cent less",
      payments(() => [...past, { on: PAID_ON, amount: 24_999n }]),
    ],
    [
      "invoice/payment-dated",
      "its sum so far",
      payments(() => [...past, { on: PAID_ON, amount: 65_000n }]),
    ],
  ]);
});

describe("its day is that on which the window begins", () => {
  refuses(third, [
    ["invoice/payment-dated", "the day before", dated(DAY_BEFORE)],
    ["invoice/payment-dated", "the day after", dated(DAY_AFTER)],
    ["invoice/payment-dated", "the day of an earlier payment", dated("2026-03-24")],
    ["invoice/payment-dated", "no window", within()],
    ["invoice/payment-dated", "a window without an end", within(PAYMENT_WINDOW.from)],
    [
      "invoice/payment-dated",
      "a window without a beginning",
      within(undefined, PAYMENT_WINDOW.until),
    ],
    [
      "invoice/payment-dated",
      "a window of a day and more",
      within(MIDNIGHT, MIDNIGHT + DAY_MS + 1),
    ],
    ["invoice/payment-dated", "a window a day early", within(MIDNIGHT - DAY_MS, MIDNIGHT)],
    ["invoice/payment-dated", "from just before the day", within(MIDNIGHT - 1, MIDNIGHT + 1000)],
    [
      "invoice/payment-dated",
      "from just after the day",
      within(MIDNIGHT + DAY_MS, MIDNIGHT + DAY_MS + 1),
    ],
    ["tx/empty-time-window", "a window that ends before", within(MIDNIGHT + 1, MIDNIGHT)],
  ]);

  test("from its first millisecond to its last", async () => {
    await third.tweak(within(MIDNIGHT, MIDNIGHT + 1)).verifies();
    await third.tweak(within(MIDNIGHT, MIDNIGHT + DAY_MS)).verifies();
    await third.tweak(within(MIDNIGHT + DAY_MS - 1, MIDNIGHT + 2 * DAY_MS - 1)).verifies();
  });

  test("a window without a beginning dates nothing, not even by no day", async () => {
    const undated = third.tweak(within(undefined, PAYMENT_WINDOW.until)).tweak(dated(""));
    expect(() => undated.sign()).toThrow(CodecError);
  });

  test("two on one day are two", async () => {
    const { outputs } = await third.verifies();
    const again = await pay(outputs[0]?.state as InvoiceState, 25_000n).verifies();
    const entry = { on: PAID_ON, amount: 25_000n };
    expect(again.outputs[0]?.state.payments).toEqual([...past, entry, entry]);
  });

  test("invoice/payment-dated: of two invoices, one is not dated", async () => {
    const other = approved({ linearId: "b2".repeat(16), number: "AB-2" });
    const both = (entered: Payments) =>
      third.tweak((tx) =>
        tx
          .input(invoiceContract, "invoice", other)
          .output(invoiceContract, "invoice", {
            ...other,
            status: "partially-paid",
            paidOnLedger: 20_000n,
            payments: entered,
          })
          .changeOutput(1, () => ({ amount: { minorUnits: 45_000n, currency: "EUR" } }))
          .changeOutput(2, () => ({ amount: { minorUnits: 105_000n, currency: "EUR" } })),
      );
    await both([{ on: PAID_ON, amount: 20_000n }]).verifies();
    await both([]).failsWith("invoice/payment-dated");
    await both([{ on: DAY_AFTER, amount: 20_000n }]).failsWith("invoice/payment-dated");
    await both([{ on: PAID_ON, amount: 25_000n }]).failsWith("invoice/payment-dated");
  });
});

describe("of one invoice there are at most 64", () => {
  const paidOften = (count: number) =>
    approved({
      status: "partially-paid",
      paidOnLedger: BigInt(count),
      payments: Array.from({ length: count }, () => ({ on: DAY_BEFORE, amount: 1n })),
    });

  test("the 64th, and no 65th", async () => {
    const { outputs } = await pay(paidOften(63), 1n).verifies();
    const full = outputs[0]?.state as InvoiceState;
    expect(full.payments.length).toBe(64);
    expect(() => pay(full, 1n).sign()).toThrow(CodecError);
  });

  test("invoice/payment-dated: the 65th in place of another", async () => {
    const full = paidOften(64);
    await pay(full, 1n)
      .tweak(payments((all) => all.slice(1)))
      .failsWith("invoice/payment-dated");
  });

  test("what is still owed then is credited or written off", async () => {
    const full = paidOften(64);
    await update(full, { status: "written-off" })
      .command(invoiceContract, "write-off", {}, seller)
      .verifies();
  });
});
