import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readUbl, type UblInvoice } from "./ubl-invoice.ts";

const SAMPLES = new URL("../../../../samples/", import.meta.url);
const NAMES = readdirSync(SAMPLES).filter((name) => /^(invoice|credit-note)-.*\.xml$/.test(name));

const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n);

/** ISO 7064 mod 97-10: letters count from A = 10, and the whole number leaves 1. */
function isMod97(identifier: string): boolean {
  const digits = [...identifier].map((character) => Number.parseInt(character, 36)).join("");
  return BigInt(digits) % 97n === 1n;
}

function netOf(
  { lines, allowances, charges }: UblInvoice,
  vatCategory: string,
  vatRate: string | undefined,
): bigint {
  const inGroup = (part: { vatCategory: string; vatRate?: string }): boolean =>
    part.vatCategory === vatCategory && part.vatRate === vatRate;
  return (
    sum(lines.filter(inGroup).map(({ netAmount }) => netAmount)) -
    sum(allowances.filter(inGroup).map(({ amount }) => amount)) +
    sum(charges.filter(inGroup).map(({ amount }) => amount))
  );
}

/** Half up, as BR-CO-17 rounds; the rates here have at most one decimal. */
function vatOf(taxable: bigint, vatRate: string): bigint {
  const perMille = BigInt(Math.round(Number(vatRate) * 10));
  return (taxable * perMille * 2n + 1000n) / 2000n;
}

test("there are samples", () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(5);
});

test.each(NAMES)("%s: the sums hold", (name) => {
  const invoice = readUbl(readFileSync(new URL(name, SAMPLES)));
  const { totals, vatBreakdown, lines } = invoice;
  expect(totals.lineNet, "BR-CO-10").toBe(sum(lines.map(({ netAmount }) => netAmount)));
  expect(totals.allowances, "BR-CO-11").toBe(sum(invoice.allowances.map(({ amount }) => amount)));
  expect(totals.charges, "BR-CO-12").toBe(sum(invoice.charges.map(({ amount }) => amount)));
  expect(totals.withoutVat, "BR-CO-13").toBe(totals.lineNet - totals.allowances + totals.charges);
  expect(totals.vat, "BR-CO-14").toBe(sum(vatBreakdown.map(({ vat }) => vat)));
  expect(totals.withVat, "BR-CO-15").toBe(totals.withoutVat + totals.vat);
  expect(totals.payable, "BR-CO-16").toBe(totals.withVat - totals.paid + totals.rounding);
  for (const { taxable, vat, vatCategory, vatRate } of vatBreakdown) {
    expect(taxable, "BR-S-08").toBe(netOf(invoice, vatCategory, vatRate));
    expect(vat, "BR-CO-17").toBe(vatOf(taxable, vatRate ?? "0"));
  }
  expect(sum(vatBreakdown.map(({ taxable }) => taxable))).toBe(totals.withoutVat);
});

test.each(NAMES)("%s: identifiers have correct check digits", (name) => {
  const {
    seller,
    buyer,
    payee,
    paymentMeans,
    paymentReference = "",
  } = readUbl(readFileSync(new URL(name, SAMPLES)));
  for (const party of [seller, buyer, ...(payee === undefined ? [] : [payee])]) {
    expect(party.legalId).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{18}[0-9]{2}$/),
      scheme: "0199",
    });
    expect(isMod97(party.legalId?.id ?? ""), party.name).toBe(true);
  }
  for (const number of [paymentReference, ...paymentMeans.map(({ account = "" }) => account)]) {
    if (/^[A-Z]{2}[0-9]{2}/.test(number) && !number.startsWith("HS")) {
      expect(isMod97(number.slice(4) + number.slice(0, 4)), number).toBe(true);
    }
  }
});
