import fc from "fast-check";

type Vat = { vatCategory: string; vatRate: string };
type Amount = Vat & { amount: bigint };
type Line = Vat & {
  id: string;
  name: string;
  quantity: string;
  unit: string;
  price: string;
  netAmount: bigint;
};

/** What of an invoice or credit note is the document's own, by the names of EN 16931-1. */
export type ArbitraryInvoiceDocument = {
  number: string;
  issueDate: string;
  currency: string;
  lines: Line[];
  allowances: Amount[];
  charges: Amount[];
  vatBreakdown: (Vat & { taxableAmount: bigint; taxAmount: bigint })[];
  totals: {
    lineNet: bigint;
    allowances: bigint;
    charges: bigint;
    withoutVat: bigint;
    vat: bigint;
    withVat: bigint;
    paid: bigint;
    rounding: bigint;
    payable: bigint;
  };
};

/** In tenths of a percent, what VAT is reckoned in. */
const PER_MILLE: Record<string, bigint> = { "0": 0n, "7.5": 75n, "19": 190n, "25": 250n };
const VATS: Vat[] = [
  { vatCategory: "S", vatRate: "19" },
  { vatCategory: "S", vatRate: "7.5" },
  { vatCategory: "S", vatRate: "25" },
  { vatCategory: "Z", vatRate: "0" },
  { vatCategory: "E", vatRate: "0" },
];

/**
 * Documents whose sums hold (BR-CO-10 to BR-CO-16), VAT reckoned per category and rate, and with
 * something to pay: with lines and VAT of either sign, allowances, charges, prepayment and rounding.
 */
export function arbitraryInvoiceDocument(): fc.Arbitrary<ArbitraryInvoiceDocument> {
  const vat = fc.constantFrom(...VATS);
  const amounts = fc.array(
    fc.record({ vat, amount: fc.bigInt({ min: 0n, max: 10n ** 9n }) }).map(withVatFields),
    { maxLength: 3 },
  );
  return fc
    .record({
      number: fc.integer({ min: 1, max: 10 ** 9 }).map((n) => `R-${n}`),
      issueDate: fc
        .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      currency: fc.constantFrom("EUR", "CHF", "JPY", "NOK"),
      lines: fc.array(arbitraryLine(vat), { minLength: 1, maxLength: 12 }),
      allowances: amounts,
      charges: amounts,
      rounding: fc.bigInt({ min: -50n, max: 50n }),
      prepaidPerMille: fc.bigInt({ min: 0n, max: 999n }),
    })
    .map(({ prepaidPerMille, rounding, ...parts }) => {
      const lifted = { ...parts, lines: liftedLines(parts, rounding) };
      return { ...lifted, ...sumsOf(lifted, rounding, prepaidPerMille) };
    });
}

function arbitraryLine(vat: fc.Arbitrary<Vat>): fc.Arbitrary<Line> {
  return fc
    .record({
      vat,
      id: fc.integer({ min: 1, max: 9999 }).map(String),
      name: fc
        .string({ minLength: 1, maxLength: 30, unit: "grapheme" })
        .map((name) => name.normalize("NFC")),
      quantity: fc.integer({ min: -1000, max: 1000 }).map(String),
      unit: fc.constantFrom("C62", "KGM", "HUR"),
      price: fc.constantFrom("0", "0.005", "1.5", "4850"),
      netAmount: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 12n }),
    })
    .map(withVatFields);
}

function withVatFields<T extends { vat: Vat }>({ vat, ...rest }: T): Omit<T, "vat"> & Vat {
  return { ...rest, ...vat };
}

type Parts = Pick<ArbitraryInvoiceDocument, "lines" | "allowances" | "charges">;

/** One line more, free of VAT, where otherwise nothing would be payable. */
function liftedLines(parts: Parts, rounding: bigint): Line[] {
  const { payable } = sumsOf(parts, rounding, 0n).totals;
  if (payable > 0n) return parts.lines;
  const zero = { vatCategory: "Z", vatRate: "0" };
  const basic = { id: "lift", name: "Lift", quantity: "1", unit: "C62", price: "1" };
  return [...parts.lines, { ...basic, ...zero, netAmount: 1n - payable }];
}

function sumsOf(
  { lines, allowances, charges }: Parts,
  rounding: bigint,
  prepaidPerMille: bigint,
): Pick<ArbitraryInvoiceDocument, "vatBreakdown" | "totals"> {
  const net = [
    ...lines.map(({ netAmount, ...line }) => ({ ...line, amount: netAmount })),
    ...allowances.map(({ amount, ...rest }) => ({ ...rest, amount: -amount })),
    ...charges,
  ];
  const vatBreakdown = VATS.map((vat) => {
    const mine = net.filter(
      (part) => part.vatCategory === vat.vatCategory && part.vatRate === vat.vatRate,
    );
    const taxableAmount = sum(mine);
    return {
      ...vat,
      taxableAmount,
      taxAmount: halfUp(taxableAmount * (PER_MILLE[vat.vatRate] ?? 0n)),
    };
  });
  const withoutVat = sum(net);
  const vat = vatBreakdown.reduce((total, { taxAmount }) => total + taxAmount, 0n);
  const due = withoutVat + vat + rounding;
  const paid = due > 0n ? (due * prepaidPerMille) / 1000n : 0n;
  return {
    vatBreakdown,
    totals: {
      lineNet: lines.reduce((total, { netAmount }) => total + netAmount, 0n),
      allowances: sum(allowances),
      charges: sum(charges),
      ...{ withoutVat, vat, withVat: withoutVat + vat },
      ...{ paid, rounding, payable: due - paid },
    },
  };
}

function sum(parts: readonly { amount: bigint }[]): bigint {
  return parts.reduce((total, { amount }) => total + amount, 0n);
}

/** Thousandths to whole units, halves away from zero, as BR-CO-17 rounds. */
function halfUp(thousandths: bigint): bigint {
  const half = thousandths < 0n ? -500n : 500n;
  return (thousandths + half) / 1000n;
}
