import { globSync, readFileSync } from "node:fs";
import cashApp from "@stateset/cash";
import type { App } from "@stateset/flow/app";
import invoiceApp from "@stateset/invoice";
import type { Contract } from "@stateset/ledger/contract";
import receivableApp from "@stateset/receivable";
import { expect, test } from "vitest";
import { type DeclaredCode, declaredCodes, textsIn, thrownCodes } from "./declared-codes.ts";

const ROOT = new URL("../../../", import.meta.url);
const DOCUMENT = "docs/spec/errors.md";
const CODE = /^[a-z][a-z-]*\/[a-z][a-z0-9-]*$/;

/** Texts of the same form that are no codes: what apps call their own, kinds of requests. */
const OTHER_NAMES = [
  ...[cashApp, invoiceApp, receivableApp].flatMap(namesOf),
  ...[
    "ledger/bundles",
    "ledger/transactions",
    "notary/notarise",
    "notary/receipt",
    "notary/absence",
    "notary/block-signature",
    "notary/absence-signature",
  ],
  ...["invoice/source", "invoice/contact", "invoice/free-text"],
];
/** `<errno>` stands for what the operating system says; `internal` is what nobody foresaw. */
const WITHOUT_A_TEXT = ["file/<errno>", "internal"];

function namesOf({ contract, flows, responders, tables }: App): string[] {
  const { commands } = contract as unknown as Contract;
  return [
    ...Object.keys(commands).map((name) => `${contract.name}/${name}`),
    ...flows.map(({ name }) => name),
    ...responders.map(({ protocol }) => protocol.name),
    ...tables.map(({ contract, type }) => `${contract}/${type}`),
  ];
}

type Row = { code: string; facts: string[] | undefined; remedy: string };

const sources = globSync("{packages,apps}/*/src/**/*.ts", { cwd: ROOT })
  .filter((path) => !path.endsWith(".test.ts") && !path.startsWith("packages/testing/"))
  .map((path) => ({ path, text: read(path) }));
const rows = rowsOf(read(DOCUMENT));
const documented = rows.map(({ code }) => code);
const prefixes = new Set(documented.map(prefixOf));
const declared = sources.flatMap(({ path, text }) => declaredIn(path, text));
const used = sources
  .flatMap(({ path, text }) => textsIn(path, text))
  .filter((text) => CODE.test(text) && prefixes.has(prefixOf(text)))
  .filter((text) => !OTHER_NAMES.includes(text));
const thrown = sources.flatMap(({ path, text }) => thrownCodes(path, text));
const codes = new Set([...declared.map(({ code }) => code), ...thrown, ...used]);

test("the unions of faults are found", () => {
  const families = new Set(declared.map(({ code }) => prefixOf(code)));
  for (const family of ["access", "app", "codec", "config", "contract-vm", "flow", "keys"])
    expect(families).toContain(family);
  for (const family of [
    "network",
    "network-map",
    "notary",
    "postgres",
    "store",
    "tx",
    "ubl",
    "vault",
  ])
    expect(families).toContain(family);
});

test("every code that a program may meet stands in the document", () => {
  const families = new Set(declared.map(({ code }) => prefixOf(code)));
  expect([...families].filter((family) => !prefixes.has(family))).toEqual([]);
  expect([...codes].filter((code) => !documented.includes(code)).toSorted()).toEqual([]);
});

test("the document lists each code once, and none that is gone", () => {
  expect(documented.filter((code, index) => documented.indexOf(code) !== index)).toEqual([]);
  const known = new Set([...codes, ...WITHOUT_A_TEXT]);
  expect(documented.filter((code) => !known.has(code))).toEqual([]);
});

test("the document names the facts of each code as its union does", () => {
  const factsOf = new Map(declared.map(({ code, facts }) => [code, facts]));
  const wrong = rows.flatMap(({ code, facts }) => {
    const expected = factsOf.get(code);
    const isSame =
      expected === undefined || facts === undefined || facts.join() === expected.join();
    return isSame ? [] : [{ code, expected, found: facts }];
  });
  expect(wrong).toEqual([]);
});

test("every code has a remedy", () => {
  expect(rows.filter(({ remedy }) => remedy === "").map(({ code }) => code)).toEqual([]);
});

/** Those of the contract VM have their prefix in messages and problems alone. */
function declaredIn(path: string, text: string): DeclaredCode[] {
  return declaredCodes(path, text).map(({ code, facts }) =>
    path.startsWith("packages/contract-vm/")
      ? { code: `contract-vm/${code}`, facts }
      : { code, facts },
  );
}

/** The rows that begin with a code; in tables of four columns the second one has the facts. */
function rowsOf(document: string): Row[] {
  return document.split("\n").flatMap((line) => {
    const cells = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    const code = /^`([a-z-]+\/[a-z0-9<>-]+|internal)`$/.exec(cells[0] ?? "")?.[1];
    if (code === undefined) return [];
    const facts = cells.length > 3 ? namesIn(cells[1] ?? "") : undefined;
    return [{ code, facts, remedy: cells.at(-1) ?? "" }];
  });
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([A-Za-z]+\??)`/g)].map(([, name]) => name as string);
}

function prefixOf(code: string): string {
  return code.split("/")[0] as string;
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}
