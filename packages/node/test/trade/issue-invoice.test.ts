import { encryptionKeysOf } from "@stateset/flow";
import {
  decodeSignedTransaction,
  privateForms,
  readPrivateComponent,
  type TransactionId,
} from "@stateset/ledger";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { anotherInvoice, changed, sampleDocument } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;

beforeAll(async () => {
  trade = await TradeNodes.start();
});
afterEach(async () => await assertBooksAgree(trade));
afterAll(async () => await trade.stop());

const inputOf = (document: Buffer) => ({
  document: document.toString("base64"),
  cashIssuers: ["Bank"],
});

/** Refused where it is issued: the buyer has not even heard of it. */
async function refusedAtOnce(document: Buffer, code: string, words: RegExp) {
  const before = await trade.node("buyer").engine.list({ flow: "invoice/issue", limit: 500 });
  const error = await trade.refused("seller", "invoice/issue", inputOf(document), code);
  expect(error.detail).toMatch(words);
  const after = await trade.node("buyer").engine.list({ flow: "invoice/issue", limit: 500 });
  expect(after.items).toHaveLength(before.items.length);
  return error;
}

/** What of a transaction's private components a node can read. */
async function readableAt(trader: string, id: TransactionId) {
  const { keys, store } = trade.node(trader);
  const [stored] = await store.transactions([id]);
  if (stored === undefined) return undefined;
  const wrapped = await store.contentKeys(id);
  const forms = privateForms(decodeSignedTransaction(stored.signed).transaction);
  return forms.flatMap((form, index) => {
    const on = { wrapped, keys: encryptionKeysOf(keys) };
    const component = readPrivateComponent(form, index, on);
    return component === undefined ? [] : [component];
  });
}

test("the document is readable at seller and buyer, and at a lender that buys it is not", async () => {
  await trade.fund("lender", trade.ubl.totals.payable);
  const issued = await trade.done("seller", "invoice/issue", inputOf(trade.document));
  const id = issued.transactionId as TransactionId;
  const invoice = issued.linearId as string;
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  for (const trader of ["seller", "buyer"]) {
    const read = (await readableAt(trader, id)) ?? [];
    const source = read.find(({ kind }) => kind === "invoice/source");
    expect(Buffer.from(source?.content ?? []).equals(trade.document)).toBe(true);
    expect(read.map(({ subject }) => subject)).toContain("buyer-contact");
  }
  await trade.done("buyer", "invoice/respond", { invoice, response: "AP" });
  await trade.sold(invoice);
  expect(await readableAt("lender", id)).toEqual([]);
  expect(await readableAt("rival", id)).toBeUndefined();
});

test("the same number again is refused, and the key says that it is the number", async () => {
  const again = anotherInvoice(trade.document, 20);
  const number = /<cbc:ID>([^<]*)</.exec(trade.document.toString())?.[1];
  const sameNumber = changed(again, [/<cbc:ID>[^<]*</, `<cbc:ID>${number}<`]);
  await trade.issue(anotherInvoice(trade.document, 19));
  const { facts } = await trade.refused(
    "seller",
    "invoice/issue",
    inputOf(sameNumber),
    "notary/unique-key-taken",
  );
  trade.windowsEnd();
  expect(facts).toMatchObject({ keyKind: "invoice/number" });
});

test("the same invoice under another number is refused, and the key says fingerprint", async () => {
  const document = anotherInvoice(trade.document, 18);
  await trade.issue(document);
  const renumbered = changed(document, [/<cbc:ID>[^<]*</, "<cbc:ID>AB-2026-99999<"]);
  const { facts } = await trade.refused(
    "seller",
    "invoice/issue",
    inputOf(renumbered),
    "notary/unique-key-taken",
  );
  trade.windowsEnd();
  expect(facts).toMatchObject({ keyKind: "invoice/fingerprint" });
});

test("a document of another seller is refused, and both are named", async () => {
  const input = inputOf(anotherInvoice(trade.document, 17));
  const { detail, facts } = await trade.refused(
    "buyer",
    "invoice/issue",
    input,
    "invoice/party-differs",
  );
  expect(detail).toContain(trade.nameOf("seller"));
  expect(facts).toMatchObject({ field: "seller" });
});

test.each<[what: string, change: [RegExp, string], code: string, words: RegExp]>([
  [
    "a buyer that the network does not know",
    [/Nordhafen Logistik GmbH/, "Unbekannt GmbH"],
    "flow/unknown-party",
    /Unbekannt GmbH/,
  ],
  [
    "lines that do not add up",
    [/9700.00/, "9700.01"],
    "invoice/br-co-10",
    /BT-106 is the sum of the lines/,
  ],
  ["VAT that does not add up", [/2763.93/, "2763.92"], "invoice/br-co-14", /BT-110/],
  [
    "a total that does not add up",
    [
      /<cbc:PayableAmount currencyID="EUR">17381.55/,
      '<cbc:PayableAmount currencyID="EUR">17381.54',
    ],
    "invoice/br-co-16",
    /BT-115/,
  ],
  [
    "a due date before the issue date",
    [/<cbc:DueDate>2026-04-01/, "<cbc:DueDate>2026-01-01"],
    "invoice/due-not-before-issue",
    /the due date is not before the issue date/,
  ],
  ["no XML", [/<cbc:Note>/, "<cbc:Note"], "ubl/not-well-formed", /correct it at its source/],
  [
    "a DOCTYPE",
    [/<Invoice /, '<!DOCTYPE Invoice [<!ENTITY a "b">]><Invoice '],
    "ubl/doctype-refused",
    /remove it/,
  ],
])("%s: refused before anybody is asked", async (_, change, code, words) => {
  const document = changed(anotherInvoice(trade.document, 16), change);
  await refusedAtOnce(document, code, words);
});

test("a credit note is no invoice", async () => {
  const error = await refusedAtOnce(
    sampleDocument("credit-note-eur.xml"),
    "invoice/wrong-document",
    /credit-note/,
  );
  expect(error.facts).toMatchObject({ found: "credit-note", expected: "invoice" });
});

test("a document that is too large is not even begun with", async () => {
  const large = Buffer.alloc((1 << 20) + 1, " ");
  const { engine } = trade.node("seller");
  const started = engine.start({ flow: "invoice/issue", input: inputOf(large), startedBy: "test" });
  await expect(started).rejects.toMatchObject({
    fault: { code: "flow/bad-input", field: "document" },
  });
});
