import { shown, UblError } from "./ubl-error.ts";
import {
  type Currency,
  childrenOf,
  decimalAt,
  elementAt,
  missing,
  placeOf,
  requiredAmountAt,
  requiredTextAt,
  textAt,
  textOf,
  withoutUndefined,
} from "./ubl-fields.ts";
import type { XmlElement } from "./xml-tree.ts";

/** Of a line (BG-27 allowance, BG-28 charge); the VAT category is the line's. */
export interface UblLineAllowance {
  readonly amount: bigint;
  readonly reason?: string;
  readonly reasonCode?: string;
}

/** Of the document (BG-20 allowance, BG-21 charge). */
export interface UblAllowance extends UblLineAllowance {
  readonly vatCategory: string;
  readonly vatRate?: string;
}

export interface UblAllowances<T> {
  readonly allowances: readonly T[];
  readonly charges: readonly T[];
}

/** The business terms of one of the four groups; its own number stands for the indicator. */
interface AllowanceTerms {
  readonly group: string;
  readonly amount: string;
  readonly reason: string;
  readonly reasonCode: string;
}

const LINE_ALLOWANCE: AllowanceTerms = {
  group: "BG-27",
  amount: "BT-136",
  reason: "BT-139",
  reasonCode: "BT-140",
};
const LINE_CHARGE: AllowanceTerms = {
  group: "BG-28",
  amount: "BT-141",
  reason: "BT-144",
  reasonCode: "BT-145",
};
const ALLOWANCE = {
  group: "BG-20",
  amount: "BT-92",
  reason: "BT-97",
  reasonCode: "BT-98",
  vatCategory: "BT-95",
  vatRate: "BT-96",
};
const CHARGE: typeof ALLOWANCE = {
  group: "BG-21",
  amount: "BT-99",
  reason: "BT-104",
  reasonCode: "BT-105",
  vatCategory: "BT-102",
  vatRate: "BT-103",
};

export function readLineAllowances(
  line: XmlElement,
  currency: Currency,
): UblAllowances<UblLineAllowance> {
  return {
    allowances: groupsOf(line, false, LINE_ALLOWANCE).map((group) =>
      readCommon(group, LINE_ALLOWANCE, currency),
    ),
    charges: groupsOf(line, true, LINE_CHARGE).map((group) =>
      readCommon(group, LINE_CHARGE, currency),
    ),
  };
}

export function readAllowances(root: XmlElement, currency: Currency): UblAllowances<UblAllowance> {
  const read = (group: XmlElement, terms: typeof ALLOWANCE): UblAllowance => ({
    ...readCommon(group, terms, currency),
    ...readVatCategory(group, "cac:TaxCategory", {
      category: terms.vatCategory,
      rate: terms.vatRate,
    }),
  });
  return {
    allowances: groupsOf(root, false, ALLOWANCE).map((group) => read(group, ALLOWANCE)),
    charges: groupsOf(root, true, CHARGE).map((group) => read(group, CHARGE)),
  };
}

/** The category code and rate; outside VAT (category O) there is no rate. */
export function readVatCategory(
  from: XmlElement,
  path: string,
  terms: { readonly category: string; readonly rate: string },
): { readonly vatCategory: string; readonly vatRate?: string } {
  return withoutUndefined({
    vatCategory: requiredTextAt(from, `${path}/cbc:ID`, terms.category),
    vatRate: decimalAt(from, `${path}/cbc:Percent`, terms.rate),
  });
}

function groupsOf(
  from: XmlElement,
  isCharge: boolean,
  terms: AllowanceTerms,
): readonly XmlElement[] {
  return childrenOf(from, "cac:AllowanceCharge").filter(
    (group) => readIndicator(group, terms.group) === isCharge,
  );
}

function readIndicator(group: XmlElement, field: string): boolean {
  const path = "cbc:ChargeIndicator";
  const element = elementAt(group, path, field);
  const value = element === undefined ? undefined : textOf(element, field);
  if (element === undefined || value === undefined) return missing(group, path, field);
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new UblError({
    code: "ubl/bad-indicator",
    value: shown(value),
    ...placeOf(element, field),
  });
}

function readCommon(
  group: XmlElement,
  terms: AllowanceTerms,
  currency: Currency,
): UblLineAllowance {
  return withoutUndefined({
    amount: requiredAmountAt(group, "cbc:Amount", terms.amount, currency),
    reason: textAt(group, "cbc:AllowanceChargeReason", terms.reason),
    reasonCode: textAt(group, "cbc:AllowanceChargeReasonCode", terms.reasonCode),
  });
}
