import {
  canonicalDecimal,
  DECIMALS_MAX,
  type DecimalProblem,
  minorUnitsFromDecimal,
} from "./decimal.ts";
import { ISO_4217 } from "./iso-4217.ts";
import { shown, UblError, type UblFieldPlace } from "./ubl-error.ts";
import type { XmlElement } from "./xml-tree.ts";

/**
 * Reading single values out of the tree. Every reader takes the element to start from, a path of
 * canonical names below it ("cac:Party/cbc:Name"), and the business term that the path holds,
 * which errors name. A step that occurs twice is refused: two readers of one document must not
 * be able to take different values from it.
 */

export interface Currency {
  readonly code: string;
  readonly minorUnitDigits: number;
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element === undefined ? [] : element.children.filter((child) => child.name === name);
}

export function elementAt(from: XmlElement, path: string, field: string): XmlElement | undefined {
  let element: XmlElement = from;
  for (const name of path.split("/")) {
    const [first, second] = childrenOf(element, name);
    if (second !== undefined)
      throw new UblError({ code: "ubl/repeated-field", ...placeOf(second, field) });
    if (first === undefined) return undefined;
    element = first;
  }
  return element;
}

export function textAt(from: XmlElement, path: string, field: string): string | undefined {
  const element = elementAt(from, path, field);
  return element === undefined ? undefined : textOf(element, field);
}

export function requiredTextAt(from: XmlElement, path: string, field: string): string {
  return textAt(from, path, field) ?? missing(from, path, field);
}

/** The value of one element; undefined where it is empty. */
export function textOf(element: XmlElement, field: string): string | undefined {
  if (element.children.length > 0)
    throw new UblError({ code: "ubl/not-plain-text", ...placeOf(element, field) });
  return element.text === "" ? undefined : element.text;
}

export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.get(name) || undefined;
}

export function requiredAttributeOf(element: XmlElement, name: string, field: string): string {
  return attributeOf(element, name) ?? missing(element, `@${name}`, field);
}

export function dateAt(from: XmlElement, path: string, field: string): string | undefined {
  const element = elementAt(from, path, field);
  if (element === undefined) return undefined;
  const value = textOf(element, field) ?? "";
  if (!isIsoDate(value))
    throw new UblError({ code: "ubl/bad-date", value: shown(value), ...placeOf(element, field) });
  return value;
}

export function requiredDateAt(from: XmlElement, path: string, field: string): string {
  return dateAt(from, path, field) ?? missing(from, path, field);
}

export function currencyAt(from: XmlElement, path: string, field: string): Currency | undefined {
  const element = elementAt(from, path, field);
  const code = element === undefined ? undefined : textOf(element, field);
  if (element === undefined || code === undefined) return undefined;
  const minorUnitDigits = ISO_4217.get(code);
  if (minorUnitDigits === undefined) {
    throw new UblError({
      code: "ubl/unknown-currency",
      value: shown(code),
      ...placeOf(element, field),
    });
  }
  return { code, minorUnitDigits };
}

export function requiredCurrencyAt(from: XmlElement, path: string, field: string): Currency {
  return currencyAt(from, path, field) ?? missing(from, path, field);
}

/** An amount in minor units of the currency it must be in. */
export function amountAt(
  from: XmlElement,
  path: string,
  field: string,
  currency: Currency,
): bigint | undefined {
  const element = elementAt(from, path, field);
  if (element === undefined) return undefined;
  requireCurrency(element, field, currency);
  const value = textOf(element, field) ?? "";
  const result = minorUnitsFromDecimal(value, currency.minorUnitDigits);
  if ("value" in result) return result.value;
  throw decimalError(
    result.problem,
    "ubl/bad-amount",
    value,
    currency.minorUnitDigits,
    placeOf(element, field),
  );
}

export function requiredAmountAt(
  from: XmlElement,
  path: string,
  field: string,
  currency: Currency,
): bigint {
  return amountAt(from, path, field, currency) ?? missing(from, path, field);
}

/** A quantity, price or percentage as a canonical decimal string. */
export function decimalAt(from: XmlElement, path: string, field: string): string | undefined {
  const element = elementAt(from, path, field);
  if (element === undefined) return undefined;
  const value = textOf(element, field) ?? "";
  const result = canonicalDecimal(value);
  if ("value" in result) return result.value;
  throw decimalError(
    result.problem,
    "ubl/bad-number",
    value,
    DECIMALS_MAX,
    placeOf(element, field),
  );
}

export function requiredDecimalAt(from: XmlElement, path: string, field: string): string {
  return decimalAt(from, path, field) ?? missing(from, path, field);
}

export function requireCurrency(amount: XmlElement, field: string, currency: Currency): void {
  const code = requiredAttributeOf(amount, "currencyID", field);
  if (code === currency.code) return;
  throw new UblError({
    code: "ubl/currency-mismatch",
    value: shown(code),
    expected: currency.code,
    ...placeOf(amount, field),
  });
}

/** "/Invoice/cac:InvoiceLine[2]/cbc:ID": a repeated step carries its position, as in XPath. */
export function placeOf(element: XmlElement, field: string): UblFieldPlace {
  return { field, path: pathOf(element), line: element.line };
}

/** Names the missing element's place: the path down to where the document stops following it. */
export function missing(from: XmlElement, path: string, field: string): never {
  let deepest = from;
  for (const name of path.split("/")) {
    const [child] = childrenOf(deepest, name);
    if (child === undefined) break;
    deepest = child;
  }
  throw new UblError({
    code: "ubl/missing-field",
    field,
    path: `${pathOf(from)}/${path}`,
    line: deepest.line,
  });
}

/** Drops the keys that have no value, so that an absent field is absent and not `undefined`. */
export function withoutUndefined<T extends object>(record: T): WithoutUndefined<T> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as WithoutUndefined<T>;
}

type WithoutUndefined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function pathOf(element: XmlElement): string {
  const { parent } = element;
  if (parent === undefined) return `/${element.name}`;
  const siblings = childrenOf(parent, element.name);
  const position = siblings.length > 1 ? `[${siblings.indexOf(element) + 1}]` : "";
  return `${pathOf(parent)}/${element.name}${position}`;
}

function decimalError(
  problem: DecimalProblem,
  badCode: "ubl/bad-amount" | "ubl/bad-number",
  value: string,
  decimalsMax: number,
  place: UblFieldPlace,
): UblError {
  const facts = { value: shown(value), ...place };
  switch (problem) {
    case "not-a-decimal":
      return new UblError({ code: badCode, ...facts });
    case "too-many-decimals":
      return new UblError({ code: "ubl/too-many-decimals", decimalsMax, ...facts });
    case "out-of-range":
      return new UblError({ code: "ubl/number-out-of-range", ...facts });
  }
}

function isIsoDate(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // February 30 becomes March 2 in some engines and NaN in others; neither prints the same again.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
