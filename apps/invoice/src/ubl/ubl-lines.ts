import { readLineAllowances, readVatCategory, type UblLineAllowance } from "./ubl-allowances.ts";
import {
  type Currency,
  childrenOf,
  decimalAt,
  elementAt,
  missing,
  requireCurrency,
  requiredAmountAt,
  requiredAttributeOf,
  requiredDecimalAt,
  requiredTextAt,
  textAt,
  withoutUndefined,
} from "./ubl-fields.ts";
import { readSchemedIdentifier, type UblIdentifier } from "./ubl-party.ts";
import type { XmlElement } from "./xml-tree.ts";

/** BG-25. Quantity, price and rate are canonical decimal strings, amounts minor units. */
export interface UblLine {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly quantity: string;
  /** UN/ECE Recommendation 20 or 21, as "C62" for one. */
  readonly unit: string;
  readonly price: string;
  /** The price is for this many units; one where absent. */
  readonly priceBaseQuantity?: string;
  readonly netAmount: bigint;
  readonly vatCategory: string;
  readonly vatRate?: string;
  readonly sellerItemId?: string;
  readonly standardItemId?: Required<UblIdentifier>;
  readonly orderLine?: string;
  readonly allowances: readonly UblLineAllowance[];
  readonly charges: readonly UblLineAllowance[];
}

/** Invoices and credit notes name lines and quantities differently. */
export interface LineNames {
  readonly line: string;
  readonly quantity: string;
}

export function readLines(
  root: XmlElement,
  names: LineNames,
  currency: Currency,
): readonly UblLine[] {
  const lines = childrenOf(root, names.line).map((line) => readLine(line, names, currency));
  return lines.length > 0 ? lines : missing(root, names.line, "BG-25");
}

function readLine(line: XmlElement, names: LineNames, currency: Currency): UblLine {
  const quantity =
    elementAt(line, names.quantity, "BT-129") ?? missing(line, names.quantity, "BT-129");
  const standardItemId = elementAt(
    line,
    "cac:Item/cac:StandardItemIdentification/cbc:ID",
    "BT-157",
  );
  return withoutUndefined({
    id: requiredTextAt(line, "cbc:ID", "BT-126"),
    name: requiredTextAt(line, "cac:Item/cbc:Name", "BT-153"),
    description: textAt(line, "cac:Item/cbc:Description", "BT-154"),
    quantity: requiredDecimalAt(line, names.quantity, "BT-129"),
    unit: requiredAttributeOf(quantity, "unitCode", "BT-130"),
    price: readPrice(line, currency),
    priceBaseQuantity: decimalAt(line, "cac:Price/cbc:BaseQuantity", "BT-149"),
    netAmount: requiredAmountAt(line, "cbc:LineExtensionAmount", "BT-131", currency),
    ...readVatCategory(line, "cac:Item/cac:ClassifiedTaxCategory", {
      category: "BT-151",
      rate: "BT-152",
    }),
    sellerItemId: textAt(line, "cac:Item/cac:SellersItemIdentification/cbc:ID", "BT-155"),
    standardItemId:
      standardItemId === undefined ? undefined : readSchemedIdentifier(standardItemId, "BT-157"),
    orderLine: textAt(line, "cac:OrderLineReference/cbc:LineID", "BT-132"),
    ...readLineAllowances(line, currency),
  });
}

/** A price is money, but may be finer than the minor unit: 0.0042 EUR for a screw. */
function readPrice(line: XmlElement, currency: Currency): string {
  const path = "cac:Price/cbc:PriceAmount";
  const amount = elementAt(line, path, "BT-146");
  if (amount !== undefined) requireCurrency(amount, "BT-146", currency);
  return requiredDecimalAt(line, path, "BT-146");
}
