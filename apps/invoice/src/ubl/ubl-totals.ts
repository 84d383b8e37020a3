import { readVatCategory } from "./ubl-allowances.ts";
import { UblError } from "./ubl-error.ts";
import {
  amountAt,
  type Currency,
  childrenOf,
  elementAt,
  missing,
  placeOf,
  requireCurrency,
  requiredAmountAt,
  requiredAttributeOf,
  textAt,
  withoutUndefined,
} from "./ubl-fields.ts";
import type { XmlElement } from "./xml-tree.ts";

/** BG-22, in minor units of the document currency; 0 where the document leaves one out. */
export interface UblTotals {
  /** BT-106, the sum of the lines' net amounts. */
  readonly lineNet: bigint;
  /** BT-107 */
  readonly allowances: bigint;
  /** BT-108 */
  readonly charges: bigint;
  /** BT-109 */
  readonly withoutVat: bigint;
  /** BT-110 */
  readonly vat: bigint;
  /** BT-111, in minor units of the tax currency. */
  readonly vatInTaxCurrency?: bigint;
  /** BT-112 */
  readonly withVat: bigint;
  /** BT-113 */
  readonly paid: bigint;
  /** BT-114 */
  readonly rounding: bigint;
  /** BT-115 */
  readonly payable: bigint;
}

/** BG-23 */
export interface UblVatBreakdown {
  /** BT-116 */
  readonly taxable: bigint;
  /** BT-117 */
  readonly vat: bigint;
  /** BT-118 */
  readonly vatCategory: string;
  /** BT-119 */
  readonly vatRate?: string;
  /** BT-120 */
  readonly exemptionReason?: string;
  /** BT-121 */
  readonly exemptionReasonCode?: string;
}

export interface UblCurrencies {
  readonly document: Currency;
  readonly tax: Currency | undefined;
}

export function readTotals(
  root: XmlElement,
  currencies: UblCurrencies,
): { readonly totals: UblTotals; readonly vatBreakdown: readonly UblVatBreakdown[] } {
  const { document } = currencies;
  const vat = findTaxTotals(root, currencies);
  const required = (name: string, field: string): bigint =>
    requiredAmountAt(root, `cac:LegalMonetaryTotal/cbc:${name}`, field, document);
  const orZero = (name: string, field: string): bigint =>
    amountAt(root, `cac:LegalMonetaryTotal/cbc:${name}`, field, document) ?? 0n;
  const totals = withoutUndefined({
    lineNet: required("LineExtensionAmount", "BT-106"),
    allowances: orZero("AllowanceTotalAmount", "BT-107"),
    charges: orZero("ChargeTotalAmount", "BT-108"),
    withoutVat: required("TaxExclusiveAmount", "BT-109"),
    vat:
      vat.document === undefined
        ? 0n
        : requiredAmountAt(vat.document, "cbc:TaxAmount", "BT-110", document),
    vatInTaxCurrency:
      vat.tax === undefined || currencies.tax === undefined
        ? undefined
        : requiredAmountAt(vat.tax, "cbc:TaxAmount", "BT-111", currencies.tax),
    withVat: required("TaxInclusiveAmount", "BT-112"),
    paid: orZero("PrepaidAmount", "BT-113"),
    rounding: orZero("PayableRoundingAmount", "BT-114"),
    payable: required("PayableAmount", "BT-115"),
  });
  const vatBreakdown = childrenOf(vat.document, "cac:TaxSubtotal").map((group) =>
    readVatGroup(group, document),
  );
  return { totals, vatBreakdown };
}

/**
 * UBL gives the VAT total once in the document currency, with the breakdown, and once more in the
 * tax currency, without; only the currency tells the two apart.
 */
function findTaxTotals(
  root: XmlElement,
  currencies: UblCurrencies,
): { document: XmlElement | undefined; tax: XmlElement | undefined } {
  const found: { document: XmlElement | undefined; tax: XmlElement | undefined } = {
    document: undefined,
    tax: undefined,
  };
  for (const total of childrenOf(root, "cac:TaxTotal")) {
    const amount =
      elementAt(total, "cbc:TaxAmount", "BT-110") ?? missing(total, "cbc:TaxAmount", "BT-110");
    const code = requiredAttributeOf(amount, "currencyID", "BT-110");
    const kind =
      code !== currencies.document.code && code === currencies.tax?.code ? "tax" : "document";
    const field = kind === "tax" ? "BT-111" : "BT-110";
    if (kind === "document") requireCurrency(amount, field, currencies.document);
    if (found[kind] !== undefined)
      throw new UblError({ code: "ubl/repeated-field", ...placeOf(amount, field) });
    found[kind] = total;
  }
  return found;
}

function readVatGroup(group: XmlElement, currency: Currency): UblVatBreakdown {
  return withoutUndefined({
    taxable: requiredAmountAt(group, "cbc:TaxableAmount", "BT-116", currency),
    vat: requiredAmountAt(group, "cbc:TaxAmount", "BT-117", currency),
    ...readVatCategory(group, "cac:TaxCategory", { category: "BT-118", rate: "BT-119" }),
    exemptionReason: textAt(group, "cac:TaxCategory/cbc:TaxExemptionReason", "BT-120"),
    exemptionReasonCode: textAt(group, "cac:TaxCategory/cbc:TaxExemptionReasonCode", "BT-121"),
  });
}
