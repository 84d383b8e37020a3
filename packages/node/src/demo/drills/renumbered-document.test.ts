import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readUbl, type UblInvoice } from "@stateset/invoice";
import { expect, test } from "vitest";
import { numberLike, renumberedDocument } from "./renumbered-document.ts";

const ROOT = join(import.meta.dirname, "../../../../..");
const SAMPLES = globSync(join(ROOT, "samples/invoice-*.xml"));
const PUBLISHED = globSync(join(ROOT, "../shared/data/{en16931,peppol-billing}/examples/*.xml"));

const DATE = "2020-02-29";

function readable(path: string): UblInvoice | undefined {
  try {
    return readUbl(new Uint8Array(readFileSync(path)));
  } catch {
    return undefined;
  }
}

test.each(
  [...SAMPLES, ...PUBLISHED].flatMap((path) => {
    const ubl = readable(path);
    return ubl === undefined ? [] : [[path.slice(ROOT.length), path, ubl] as const];
  }),
)("%s says the same under another number", (_, path, ubl) => {
  const xml = new Uint8Array(readFileSync(path));
  const number = `<&> ${ubl.number.slice(0, 20)} 'D"`;
  const changed = renumberedDocument(xml, { number, issueDate: DATE });
  expect(changed.ubl).toEqual({ ...ubl, number, issueDate: DATE });
  expect(readUbl(changed.xml)).toEqual(changed.ubl);
  const back = renumberedDocument(changed.xml, { number: ubl.number, issueDate: ubl.issueDate });
  expect(back.ubl).toEqual(ubl);
});

test("the date stays unless one is given", () => {
  const [sample = ""] = SAMPLES;
  const { number: _, ...before } = readUbl(new Uint8Array(readFileSync(sample)));
  const { ubl } = renumberedDocument(new Uint8Array(readFileSync(sample)), { number: "other" });
  expect(ubl).toEqual({ ...before, number: "other" });
});

test("what only looks like the number is passed over", () => {
  const [sample = ""] = SAMPLES;
  const text = readFileSync(sample, "utf8");
  const tricky = text
    .replace("<cbc:ID>", "<!-- <cbc:ID>no</cbc:ID> --><?x <cbc:ID>?><cbc:ID><![CDATA[<cbc:ID>]]>")
    .replace(/^/, "\ufeff");
  const { ubl, xml } = renumberedDocument(new TextEncoder().encode(tricky), { number: "other" });
  expect(ubl.number).toBe("other");
  expect(new TextDecoder().decode(xml)).toContain("<!-- <cbc:ID>no</cbc:ID> --><?x <cbc:ID>?>");
});

test.each([
  ["AB-1", "AB-1-again"],
  ["12345678901234567890123 later", "12345678901234567890123-again"],
  [`${"1".repeat(23)}\u{1f600}`, `${"1".repeat(23)}\ufffd-again`],
])("a number like %s is %s", (number, expected) => {
  expect(numberLike(number, "again")).toBe(expected);
});
