import { SaxesParser, type SaxesTagNS } from "saxes";
import { shown, UblError } from "./ubl-error.ts";

/** Room for the largest invoices seen, which carry a PDF or two inside. */
export const BYTES_MAX = 8 * 1024 * 1024;
/** UBL's own nesting ends near 12; extensions and signatures go deeper. */
export const DEPTH_MAX = 64;
/** Some 5,000 lines with all their details. */
export const ELEMENTS_MAX = 200_000;
/** UBL needs 5 attributes at most, plus namespace declarations at the root. */
export const ATTRIBUTES_MAX = 64;
export const TEXT_LENGTH_MAX = 20_000;
export const ATTRIBUTE_LENGTH_MAX = 2_000;
/** As in Unicode's stream-safe format (UAX 15): sorting a longer run takes quadratic time. */
const MARKS_MAX = 30;
const TOO_MANY_MARKS = new RegExp(`\\p{M}{${MARKS_MAX + 1}}`, "u");

export interface XmlElement {
  /** Canonical prefix and local name, whatever prefix the document uses. */
  readonly name: string;
  /** Of the start tag. */
  readonly line: number;
  /** NFC, trimmed; of a comment-broken text, all of it. */
  readonly text: string;
  /** Those without a namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly parent: XmlElement | undefined;
}

export interface XmlVocabulary {
  /** Namespace → canonical prefix. Elements of other namespaces are dropped with all they hold. */
  readonly prefixes: ReadonlyMap<string, string>;
  /** Canonical names of elements whose text is not kept and not limited. */
  readonly textDropped: ReadonlySet<string>;
}

export interface XmlDocument {
  readonly root: XmlElement;
  readonly namespace: string;
  readonly localName: string;
}

/** Reads hostile XML: every limit is checked while parsing, before memory is spent on more. */
export function parseXmlTree(xml: string | Uint8Array, vocabulary: XmlVocabulary): XmlDocument {
  const builder = new XmlTreeBuilder(vocabulary);
  const parser = new SaxesParser({
    xmlns: true,
    position: true,
    defaultXMLVersion: "1.0",
    forceXMLVersion: true,
  });
  parser.on("error", (error) => {
    throw new UblError({
      code: "ubl/not-well-formed",
      line: parser.line,
      detail: shown(withoutPosition(error.message)),
    });
  });
  parser.on("xmldecl", ({ encoding, version }) => {
    if (encoding !== undefined && encoding.toUpperCase() !== "UTF-8") refuseEncoding(encoding);
    if (version !== "1.0")
      throw new UblError({ code: "ubl/xml-version-refused", version: shown(version ?? "") });
  });
  parser.on("doctype", () => {
    throw new UblError({ code: "ubl/doctype-refused", line: parser.line });
  });
  parser.on("opentagstart", () => builder.start(parser.line));
  parser.on("attribute", ({ value }) => builder.attribute(value));
  parser.on("opentag", (tag) => builder.open(tag));
  parser.on("text", (text) => builder.text(text));
  parser.on("cdata", (text) => builder.text(text));
  parser.on("closetag", () => builder.close());
  parser.write(decode(xml)).close();
  return builder.document();
}

function decode(xml: string | Uint8Array): string {
  if (typeof xml === "string") return checkedString(xml);
  if (xml.length > BYTES_MAX) throw new UblError({ code: "ubl/too-large", bytesMax: BYTES_MAX });
  const [first, second] = xml;
  // UTF-16 shows in its byte order mark, or in the zero byte beside the first "<".
  if (
    (first === 0xfe && second === 0xff) ||
    (first === 0xff && second === 0xfe) ||
    first === 0 ||
    second === 0
  ) {
    refuseEncoding("UTF-16 or UTF-32");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(xml);
  } catch {
    return refuseEncoding("something other than UTF-8");
  }
}

function checkedString(xml: string): string {
  // A UTF-16 code unit takes at least one byte, so the cheap test comes first.
  if (xml.length > BYTES_MAX || new TextEncoder().encode(xml).length > BYTES_MAX) {
    throw new UblError({ code: "ubl/too-large", bytesMax: BYTES_MAX });
  }
  // saxes takes the character after a lone surrogate for its other half, even a "<".
  if (!xml.isWellFormed()) refuseEncoding("text with half of a surrogate pair");
  return xml;
}

function refuseEncoding(encoding: string): never {
  throw new UblError({ code: "ubl/encoding-refused", encoding: shown(encoding) });
}

function withoutPosition(message: string): string {
  return message.replace(/^\d+:\d+: /, "");
}

function cleanText(text: string, line: number): string {
  if (TOO_MANY_MARKS.test(text)) {
    throw new UblError({ code: "ubl/too-many-marks", line, marksMax: MARKS_MAX });
  }
  return text.normalize("NFC").trim();
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

interface OpenElement {
  name: string;
  line: number;
  text: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  parent: XmlElement | undefined;
}

class XmlTreeBuilder {
  readonly #vocabulary: XmlVocabulary;
  #root: XmlDocument | undefined;
  #current: OpenElement | undefined;
  readonly #open: OpenElement[] = [];
  /** Elements open, of the tree and dropped ones together. */
  #depth = 0;
  /** The depth at which a foreign element began, while inside it. */
  #droppedFrom: number | undefined;
  #elements = 0;
  #attributes = 0;
  #line = 1;

  constructor(vocabulary: XmlVocabulary) {
    this.#vocabulary = vocabulary;
  }

  start(line: number): void {
    this.#line = line;
    this.#attributes = 0;
    this.#depth += 1;
    this.#elements += 1;
    if (this.#depth > DEPTH_MAX)
      throw new UblError({ code: "ubl/too-deep", line, depthMax: DEPTH_MAX });
    if (this.#elements > ELEMENTS_MAX) {
      throw new UblError({ code: "ubl/too-many-elements", line, elementsMax: ELEMENTS_MAX });
    }
  }

  attribute(value: string): void {
    this.#attributes += 1;
    if (this.#attributes > ATTRIBUTES_MAX) {
      throw new UblError({
        code: "ubl/too-many-attributes",
        line: this.#line,
        attributesMax: ATTRIBUTES_MAX,
      });
    }
    if (value.length > ATTRIBUTE_LENGTH_MAX) {
      throw new UblError({
        code: "ubl/text-too-long",
        line: this.#line,
        charactersMax: ATTRIBUTE_LENGTH_MAX,
      });
    }
  }

  open(tag: SaxesTagNS): void {
    if (this.#droppedFrom !== undefined) return;
    const prefix = this.#vocabulary.prefixes.get(tag.uri);
    if (prefix === undefined && this.#depth > 1) {
      this.#droppedFrom = this.#depth;
      return;
    }
    const element: OpenElement = {
      name: prefix === undefined || prefix === "" ? tag.local : `${prefix}:${tag.local}`,
      line: this.#line,
      text: "",
      attributes: plainAttributes(tag, this.#line),
      children: [],
      parent: this.#current,
    };
    if (this.#current === undefined)
      this.#root = { root: element, namespace: tag.uri, localName: tag.local };
    this.#current?.children.push(element);
    this.#open.push(element);
    this.#current = element;
  }

  text(text: string): void {
    const element = this.#current;
    if (element === undefined || this.#droppedFrom !== undefined) return;
    if (this.#vocabulary.textDropped.has(element.name)) return;
    // The white space between the children of a group is no value, and there may be much of it.
    if (element.text === "" && /^\s*$/.test(text)) return;
    element.text += text;
    if (element.text.length > TEXT_LENGTH_MAX) {
      throw new UblError({
        code: "ubl/text-too-long",
        line: element.line,
        charactersMax: TEXT_LENGTH_MAX,
      });
    }
  }

  close(): void {
    this.#depth -= 1;
    if (this.#droppedFrom !== undefined) {
      if (this.#depth < this.#droppedFrom) this.#droppedFrom = undefined;
      return;
    }
    const element = this.#open.pop();
    if (element !== undefined) element.text = cleanText(element.text, element.line);
    this.#current = this.#open.at(-1);
  }

  document(): XmlDocument {
    // saxes refuses a document without a root before this is asked.
    if (this.#root === undefined) throw new Error("no root element");
    return this.#root;
  }
}

function plainAttributes(tag: SaxesTagNS, line: number): ReadonlyMap<string, string> {
  const plain = Object.values(tag.attributes).filter(({ uri }) => uri === "");
  if (plain.length === 0) return NO_ATTRIBUTES;
  return new Map(plain.map(({ local, value }) => [local, cleanText(value, line)]));
}
