/** A business term or group of EN 16931 ("BT-1", "BG-25") and where it stands, or should. */
export interface UblFieldPlace {
  readonly field: string;
  /** The XML path with the prefixes cac and cbc, whatever the document calls them. */
  readonly path: string;
  /** Of the start tag of the element, or of the nearest one around a missing element. */
  readonly line: number;
}

/** What can be wrong with a document. Codes are stable; values are cut to a readable length. */
export type UblFault =
  | { code: "ubl/too-large"; bytesMax: number }
  | { code: "ubl/too-deep"; line: number; depthMax: number }
  | { code: "ubl/too-many-elements"; line: number; elementsMax: number }
  | { code: "ubl/too-many-attributes"; line: number; attributesMax: number }
  | { code: "ubl/text-too-long"; line: number; charactersMax: number }
  | { code: "ubl/too-many-marks"; line: number; marksMax: number }
  | { code: "ubl/encoding-refused"; encoding: string }
  | { code: "ubl/xml-version-refused"; version: string }
  | { code: "ubl/doctype-refused"; line: number }
  | { code: "ubl/not-well-formed"; line: number; detail: string }
  | { code: "ubl/not-an-invoice"; element: string; namespace: string }
  | ({ code: "ubl/missing-field" } & UblFieldPlace)
  | ({ code: "ubl/repeated-field" } & UblFieldPlace)
  | ({ code: "ubl/not-plain-text" } & UblFieldPlace)
  | ({ code: "ubl/bad-type-code"; value: string; kind: string } & UblFieldPlace)
  | ({ code: "ubl/bad-indicator"; value: string } & UblFieldPlace)
  | ({ code: "ubl/bad-date"; value: string } & UblFieldPlace)
  | ({ code: "ubl/bad-amount"; value: string } & UblFieldPlace)
  | ({ code: "ubl/bad-number"; value: string } & UblFieldPlace)
  | ({ code: "ubl/too-many-decimals"; value: string; decimalsMax: number } & UblFieldPlace)
  | ({ code: "ubl/number-out-of-range"; value: string } & UblFieldPlace)
  | ({ code: "ubl/unknown-currency"; value: string } & UblFieldPlace)
  | ({ code: "ubl/currency-mismatch"; value: string; expected: string } & UblFieldPlace);

export type UblErrorCode = UblFault["code"];

/** Thrown by `readUbl`: the message says what is wrong, where, and what to change. */
export class UblError extends Error {
  readonly fault: UblFault;

  constructor(fault: UblFault) {
    super(describe(fault));
    this.name = "UblError";
    this.fault = fault;
  }

  get code(): UblErrorCode {
    return this.fault.code;
  }
}

const SHOWN_LENGTH_MAX = 80;

/** The document's author chooses the text that errors quote; a log line must stay one short line. */
export function shown(text: string): string {
  const oneLine = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u00b7");
  return oneLine.length <= SHOWN_LENGTH_MAX
    ? oneLine
    : `${oneLine.slice(0, SHOWN_LENGTH_MAX).toWellFormed()}\u2026`;
}

function describe(fault: UblFault): string {
  return "field" in fault ? describeField(fault) : describeDocument(fault);
}

function describeDocument(fault: Exclude<UblFault, UblFieldPlace>): string {
  switch (fault.code) {
    case "ubl/too-large":
      return `the document is larger than ${fault.bytesMax} bytes: send attachments beside the invoice, not inside it`;
    case "ubl/too-deep":
      return `line ${fault.line}: elements are nested more than ${fault.depthMax} deep: this is not a UBL invoice`;
    case "ubl/too-many-elements":
      return `line ${fault.line}: more than ${fault.elementsMax} elements: split the invoice`;
    case "ubl/too-many-attributes":
      return `line ${fault.line}: an element has more than ${fault.attributesMax} attributes: remove what UBL does not know`;
    case "ubl/text-too-long":
      return `line ${fault.line}: a value is longer than ${fault.charactersMax} characters: shorten it or attach it`;
    case "ubl/too-many-marks":
      return `line ${fault.line}: more than ${fault.marksMax} combining marks follow one another: this is no text`;
    case "ubl/encoding-refused":
      return `the document is encoded or declared as ${fault.encoding}: save it as UTF-8 and declare that or nothing`;
    case "ubl/xml-version-refused":
      return `the document declares XML ${fault.version}: UBL is XML 1.0`;
    case "ubl/doctype-refused":
      return `line ${fault.line}: the document has a DOCTYPE: remove it, UBL uses none`;
    case "ubl/not-well-formed":
      return `line ${fault.line}: the document is not well-formed XML (${fault.detail}): correct it at its source`;
    case "ubl/not-an-invoice":
      return `the root element is ${fault.element} in namespace "${fault.namespace}": expected a UBL 2 Invoice or CreditNote`;
  }
}

function describeField(fault: Extract<UblFault, UblFieldPlace>): string {
  const place = `${fault.field} at ${fault.path}, line ${fault.line}`;
  switch (fault.code) {
    case "ubl/missing-field":
      return `${place}: missing or empty: add it`;
    case "ubl/repeated-field":
      return `${place}: given more than once: EN 16931 allows one value, keep one`;
    case "ubl/not-plain-text":
      return `${place}: holds elements where a value belongs: put the plain value there`;
    case "ubl/bad-type-code":
      return `${place}: type code "${fault.value}" is not one of a UBL ${fault.kind}: use one that EN 16931 lists, or the other document type`;
    case "ubl/bad-indicator":
      return `${place}: "${fault.value}" is neither true nor false: write true for a charge, false for an allowance`;
    case "ubl/bad-date":
      return `${place}: "${fault.value}" is not a date: write an existing day as yyyy-mm-dd, without a time zone`;
    case "ubl/bad-amount":
      return `${place}: "${fault.value}" is not an amount: write digits with a point before the decimals`;
    case "ubl/bad-number":
      return `${place}: "${fault.value}" is not a number: write digits with a point before the decimals`;
    case "ubl/too-many-decimals":
      return `${place}: "${fault.value}" has more than ${fault.decimalsMax} decimals: round it where it is calculated`;
    case "ubl/number-out-of-range":
      return `${place}: "${fault.value}" is too large to be recorded: check the value`;
    case "ubl/unknown-currency":
      return `${place}: "${fault.value}" is not a current ISO 4217 currency with minor units: use one`;
    case "ubl/currency-mismatch":
      return `${place}: the currency is "${fault.value}" where ${fault.expected} is due: give every amount in the document's currency`;
  }
}
