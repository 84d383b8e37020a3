import { readFileSync } from "node:fs";
import { readUbl, type UblInvoice } from "@stateset/invoice";
import { formatX500Name, parseX500Name } from "@stateset/ledger";
import { expect, test } from "vitest";
import { registeredNames } from "./registered-names.ts";

const SAMPLE = new URL("../../../../samples/invoice-eur-standard.xml", import.meta.url);
const sample = readUbl(readFileSync(SAMPLE));

type Party = UblInvoice["seller"];
const named = (seller: Partial<Party>, buyer: Partial<Party> = {}): UblInvoice => ({
  ...sample,
  seller: { ...sample.seller, ...seller },
  buyer: { ...sample.buyer, ...buyer },
});
const sellerName = (seller: Partial<Party>) =>
  formatX500Name(registeredNames(named(seller)).seller);

test("parties register as the document calls them, with their LEIs", () => {
  const { seller, buyer, leis } = registeredNames(sample);
  expect(formatX500Name(seller)).toBe("O=Alpenblick Maschinenbau AG,L=Rosenheim,C=DE");
  expect(formatX500Name(buyer)).toBe("O=Nordhafen Logistik GmbH,L=Hamburg,C=DE");
  expect(leis).toEqual({ seller: "999900ALPENBLICK0108", buyer: "999900NORDHAFEN00149" });
});

test.each<[string, Partial<Party>, string]>([
  [
    "quotes and commas",
    { name: 'Bolt, Nut & "Sons"' },
    'O=Bolt\\, Nut & \\"Sons\\",L=Rosenheim,C=DE',
  ],
  ["no address", { name: "A", address: undefined as never }, "O=A,C=XX"],
  ["a country that is no code", { name: "A", address: { country: "Germany" } }, "O=A,C=XX"],
  ["blanks and line ends", { name: " A\n\t B\u200b ", address: { city: " " } }, "O=A B,C=XX"],
  ["decomposed letters", { name: "Mu\u0308ller", address: {} }, "O=Müller,C=XX"],
  ["invisible characters only", { name: "\u200b\u2060", address: {} }, "O=Unnamed,C=XX"],
])("a name with %s can be registered", (_, seller, expected) => {
  expect(sellerName(seller)).toBe(expected);
});

test.each([
  ["letters", "x".repeat(500)],
  ["a pair of surrogates at the end", `${"x".repeat(127)}😀 and more`],
  ["a space at the end", `${"x".repeat(127)} and more`],
])("a very long name is cut, with %s", (_, name) => {
  const { organisation } = parseX500Name(sellerName({ name }));
  expect(name.startsWith(organisation)).toBe(true);
  expect(organisation.length).toBeGreaterThanOrEqual(127);
});

test("two parties of one name stay two, and one named as the bank is not the bank", () => {
  const address = { city: "Basel", country: "CH" };
  const one = { name: "Rheinbank AG", address };
  const { seller, buyer } = registeredNames(named(one, one));
  const names = [seller, buyer].map(formatX500Name);
  expect(new Set([...names, "O=Rheinbank AG,L=Basel,C=CH"]).size).toBe(3);
  expect([seller.organisation, buyer.organisation]).toEqual(["Rheinbank AG", "Rheinbank AG"]);
});

test("a LEI with wrong check digits is left out", () => {
  const legalId = { id: "999900ALPENBLICK0109", scheme: "0199" };
  expect(registeredNames(named({ legalId, identifiers: [] })).leis).not.toHaveProperty("seller");
});
