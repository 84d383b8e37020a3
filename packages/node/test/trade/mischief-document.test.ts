import type { Leaf } from "@stateset/ledger";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { Mischief } from "./mischief.ts";
import { anotherInvoice, changed, creditingAll } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
const mischief = new Mischief();
let issued = 0;

beforeAll(async () => {
  trade = await TradeNodes.start();
  await mischief.installAt(trade, "seller");
});
afterEach(async () => {
  mischief.how = {};
  trade.windowsEnd();
  await assertBooksAgree(trade);
});
afterAll(async () => {
  await trade.stop();
});

const bytes = (written: string) => new TextEncoder().encode(written);
const MEGABYTE = 1 << 20;
const DEPTH = 100_000;

describe("a seller whose state refers to", () => {
  const sources: [what: string, source: () => Uint8Array, code: string][] = [
    [
      "another document than it says",
      () => changed(document(), [/<cbc:DueDate>[^<]*</, "<cbc:DueDate>2026-12-31<"]),
      "invoice/not-as-documented",
    ],
    ["a credit note", () => creditingAll(document()), "invoice/wrong-document"],
    [
      "a document for somebody else",
      () => changed(document(), [/Nordhafen Logistik GmbH/, "Rival"]),
      "invoice/party-differs",
    ],
    ["nothing that can be read", () => bytes("an invoice, surely"), "ubl/not-well-formed"],
    ["a megabyte of zeros", () => new Uint8Array(MEGABYTE), "ubl/encoding-refused"],
    ["more than a document may have", () => padded(MEGABYTE), "ubl/too-large"],
    ["elements without an end", () => bytes("<a>".repeat(DEPTH)), "ubl/too-deep"],
    [
      "entities that grow",
      () => bytes('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
      "ubl/doctype-refused",
    ],
  ];

  test.each(sources)("%s", async (_, source, code) => {
    issued += 1;
    let leaf: Leaf | undefined;
    mischief.how.begins = (builder) => {
      const of = { kind: "invoice/source", mediaType: "application/xml" };
      leaf = builder.addPrivate({ ...of, content: Uint8Array.from(source()) });
    };
    mischief.how.output = (_type, state) => ({ ...state, source: leaf });
    const flow = "invoice/issue";
    const honest = { document: document().toString("base64"), cashIssuers: ["Bank"] };
    const input = { flow, input: JSON.stringify(honest) };
    await trade.refused("seller", "mischief/tampered", input, code);
    for (const trader of ["seller", "buyer"])
      expect(await trade.states(trader, "invoice/invoice")).toEqual([]);
  });
});

function document(): Buffer {
  return anotherInvoice(trade.document, issued);
}

/** The document itself, and then white space. */
function padded(bytesMore: number): Uint8Array {
  return Buffer.concat([document(), Buffer.alloc(bytesMore, " ")]);
}
