import { expect, test } from "vitest";
import { UblError, type UblFault } from "./ubl-error.ts";
import {
  ATTRIBUTE_LENGTH_MAX,
  ATTRIBUTES_MAX,
  BYTES_MAX,
  DEPTH_MAX,
  ELEMENTS_MAX,
  parseXmlTree,
  TEXT_LENGTH_MAX,
  type XmlVocabulary,
} from "./xml-tree.ts";

const VOCABULARY: XmlVocabulary = {
  prefixes: new Map([["urn:a", "a"]]),
  textDropped: new Set(["a:blob"]),
};

function faultOf(xml: string | Uint8Array): UblFault | undefined {
  try {
    parseXmlTree(xml, VOCABULARY);
    return undefined;
  } catch (error) {
    if (error instanceof UblError) return error.fault;
    throw error;
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const wrap = (content: string): string => `<x xmlns="urn:a">${content}</x>`;
const nested = (depth: number): string =>
  `<x xmlns="urn:a">${"<x>".repeat(depth - 1)}${"</x>".repeat(depth - 1)}</x>`;

test("keeps names by namespace, lines, attributes and text", () => {
  const { root, namespace } = parseXmlTree(
    bytes(
      '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<q:x xmlns:q="urn:a">\n  <q:y u=" 1 " q:v="2"> A&amp;B <!-- c -->C<![CDATA[<D>]]></q:y>\n</q:x>',
    ),
    VOCABULARY,
  );
  expect(namespace).toBe("urn:a");
  expect(root.name).toBe("a:x");
  const [child] = root.children;
  expect(child).toMatchObject({ name: "a:y", line: 3, text: "A&B C<D>", parent: root });
  expect([...(child?.attributes ?? [])]).toEqual([["u", "1"]]);
});

test("text is normalised to NFC", () => {
  expect(parseXmlTree(wrap("A\u030a"), VOCABULARY).root.text).toBe("\u00c5");
});

test("elements of other namespaces are dropped with all they hold", () => {
  const { root } = parseXmlTree(
    wrap('<f xmlns="urn:f">lost<x xmlns="urn:a">lost</x></f><y>kept</y>'),
    VOCABULARY,
  );
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([["a:y", "kept"]]);
});

const BILLION_LAUGHS = `<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<x xmlns="urn:a">&c;</x>`;

test.each<[string, string | Uint8Array, UblFault["code"]]>([
  ["billion laughs", BILLION_LAUGHS, "ubl/doctype-refused"],
  [
    "an external entity",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]><x>&e;</x>',
    "ubl/doctype-refused",
  ],
  ["an external DTD", '<!DOCTYPE x SYSTEM "x.dtd"><x/>', "ubl/doctype-refused"],
  ["a DOCTYPE after a comment", "<!-- <x> --><!DOCTYPE x><x/>", "ubl/doctype-refused"],
  ["an endless DOCTYPE", `<!DOCTYPE x [${"<!ENTITY a 'b'>".repeat(1000)}`, "ubl/not-well-formed"],
  ["an entity XML does not have", wrap("&nbsp;"), "ubl/not-well-formed"],
  ["a forbidden character", wrap("&#0;"), "ubl/not-well-formed"],
  ["an unclosed element", '<x xmlns="urn:a"><y>', "ubl/not-well-formed"],
  ["crossed elements", wrap("<y><z></y></z>"), "ubl/not-well-formed"],
  ["two roots", "<x/><x/>", "ubl/not-well-formed"],
  ["a repeated attribute", '<x a="1" a="2"/>', "ubl/not-well-formed"],
  ["an unbound prefix", "<q:x/>", "ubl/not-well-formed"],
  ["text after the root", "<x/>more", "ubl/not-well-formed"],
  ["nothing", "", "ubl/not-well-formed"],
  ["no XML", "%PDF-1.7", "ubl/not-well-formed"],
  ["half a surrogate pair before a tag", "<x>\ud800<y/></x>", "ubl/encoding-refused"],
  ["UTF-16, little endian", new Uint8Array([0xff, 0xfe, 0x3c, 0x00]), "ubl/encoding-refused"],
  [
    "UTF-16, big endian, unmarked",
    new Uint8Array([0x00, 0x3c, 0x00, 0x78]),
    "ubl/encoding-refused",
  ],
  [
    "Latin-1 bytes",
    new Uint8Array([...bytes("<x>"), 0xe9, ...bytes("</x>")]),
    "ubl/encoding-refused",
  ],
  [
    "an overlong byte sequence",
    new Uint8Array([...bytes("<x>"), 0xc0, 0xbc, ...bytes("</x>")]),
    "ubl/encoding-refused",
  ],
  [
    "a declared encoding",
    '<?xml version="1.0" encoding="ISO-8859-1"?><x/>',
    "ubl/encoding-refused",
  ],
  ["XML 1.1", '<?xml version="1.1"?><x/>', "ubl/xml-version-refused"],
  ["deep nesting", nested(DEPTH_MAX + 1), "ubl/too-deep"],
  ["very deep nesting", "<x>".repeat(1_000_000), "ubl/too-deep"],
  ["deep nesting of a foreign element", `<f>${"<f>".repeat(DEPTH_MAX)}`, "ubl/too-deep"],
  ["many elements", wrap("<y/>".repeat(ELEMENTS_MAX)), "ubl/too-many-elements"],
  ["a huge attribute", `<x a="${"a".repeat(1_000_000)}"/>`, "ubl/text-too-long"],
  [
    "a long namespace",
    `<x xmlns:q="${"q".repeat(ATTRIBUTE_LENGTH_MAX + 1)}"/>`,
    "ubl/text-too-long",
  ],
  [
    "many attributes",
    `<x ${Array.from({ length: ATTRIBUTES_MAX + 1 }, (_, i) => `a${i}=""`).join(" ")}/>`,
    "ubl/too-many-attributes",
  ],
  ["a long text", wrap(`<y>${"a".repeat(TEXT_LENGTH_MAX + 1)}</y>`), "ubl/text-too-long"],
  ["a heap of combining marks", wrap(`a${"\u0301\u0316".repeat(9_000)}`), "ubl/too-many-marks"],
  [
    "such a heap in an attribute",
    `<x xmlns="urn:a" a="${"\u0301".repeat(31)}"/>`,
    "ubl/too-many-marks",
  ],
  [
    "a long text in pieces",
    wrap(`<y>${"a<!-- -->".repeat(TEXT_LENGTH_MAX + 1)}</y>`),
    "ubl/text-too-long",
  ],
  ["a large document", wrap(" ".repeat(BYTES_MAX)), "ubl/too-large"],
  ["large bytes", new Uint8Array(BYTES_MAX + 1), "ubl/too-large"],
  [
    "a document larger in bytes than in characters",
    wrap("\u20ac".repeat(BYTES_MAX / 3)),
    "ubl/too-large",
  ],
])("refuses %s", (_name, xml, code) => {
  expect(faultOf(xml)?.code).toBe(code);
});

test.each<[string, string]>([
  ["the deepest nesting", nested(DEPTH_MAX)],
  ["the longest text", wrap(`<y>${"a".repeat(TEXT_LENGTH_MAX)}</y>`)],
  ["any white space between elements", wrap(`${" ".repeat(TEXT_LENGTH_MAX + 1)}<y/>`)],
  ["an attachment's content of any length", wrap(`<blob>${"QUJD".repeat(TEXT_LENGTH_MAX)}</blob>`)],
  ["foreign content of any length", wrap(`<f xmlns="">${"a".repeat(TEXT_LENGTH_MAX + 1)}</f>`)],
  ["a processing instruction", '<?xml-stylesheet href="a.xsl"?><x xmlns="urn:a"/>'],
])("accepts %s", (_name, xml) => {
  expect(faultOf(xml)).toBeUndefined();
});

test("an error quotes a hostile name in one short line", () => {
  const fault = faultOf(`<x xmlns="urn:a"></${"y".repeat(100_000)}\u202e>`);
  expect(fault?.code).toBe("ubl/not-well-formed");
  expect(new UblError(fault ?? { code: "ubl/too-large", bytesMax: 0 }).message.length).toBeLessThan(
    300,
  );
});
