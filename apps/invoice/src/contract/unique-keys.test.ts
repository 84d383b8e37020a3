import { CodecError } from "@stateset/codec";
import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import { invoiceNetwork, refuses } from "../../test/invoice-network.ts";
import type { InvoiceState } from "./index.ts";

const { issue, issueCreditNote, invoice, seller, buyer, stranger } = await invoiceNetwork();

const changed = (change: Partial<InvoiceState>) =>
  issue.tweak((tx) => tx.changeOutput(0, () => change));

async function keysOf(transaction: TestTransaction): Promise<Map<string, string>> {
  const { contents } = await transaction.verifies();
  return new Map(contents.uniqueKeys.map(({ kind, value }) => [kind, value]));
}

const original = await keysOf(issue);
const [spindle, lubricant] = invoice().lines as [
  InvoiceState["lines"][0],
  InvoiceState["lines"][0],
];

describe("fault: invoice numbers not unique", () => {
  test("an invoice claims its number and its fingerprint in its seller's name", async () => {
    const { contents } = await issue.verifies();
    const owners = contents.uniqueKeys.map(({ kind, owner }) => [kind, owner]);
    expect(owners.sort()).toEqual([
      ["invoice/fingerprint", seller.party.id],
      ["invoice/number", seller.party.id],
    ]);
  });

  test("the same number twice is the same key, whatever else the invoice says", async () => {
    const other = await keysOf(changed({ issueDate: "2026-03-05", linearId: "b2".repeat(16) }));
    expect(other.get("invoice/number")).toBe(original.get("invoice/number"));
    expect(other.get("invoice/fingerprint")).not.toBe(original.get("invoice/fingerprint"));
  });

  test("a credit note's keys are of kinds of their own", async () => {
    const kinds = [...(await keysOf(issueCreditNote)).keys()].sort();
    expect(kinds).toEqual(["invoice/credit-note-fingerprint", "invoice/credit-note-number"]);
  });

  refuses(issue, [
    ["tx/unique-keys-differ", "no key claimed", (tx) => tx.uniqueKeys([])],
    [
      "tx/unique-keys-differ",
      "another number claimed",
      (tx) =>
        tx.uniqueKeys([
          { kind: "invoice/number", owner: seller.party.id, fields: ["AB-1"] },
          { kind: "invoice/fingerprint", owner: seller.party.id, fields: ["AB-1"] },
        ]),
    ],
    [
      "tx/unique-key-owner-missing",
      "claimed in another's name",
      (tx) =>
        tx.uniqueKeys([
          { kind: "invoice/number", owner: buyer.party.id, fields: ["AB-2026-00417"] },
        ]),
    ],
  ]);
});

describe("fault: one receivable issued twice under different numbers", () => {
  test.each<[string, Partial<InvoiceState>]>([
    ["another number", { number: "AB-2026-00999" }],
    ["another linear id and source", { linearId: "b2".repeat(16), source: "51".repeat(32) }],
    ["another due date and references", { dueDate: "2026-12-31", orderReference: "PO-1" }],
    ["another type code", { typeCode: "388" }],
    ["other issuers of cash", { cashIssuers: [stranger.party.id] }],
    ["lines in another order", { lines: [lubricant, spindle] }],
    [
      "other names, ids and items",
      {
        lines: [
          { ...spindle, id: "7", name: "Hauptspindel", sellerItemId: "SP" },
          { ...lubricant, id: "9", name: "\u00d6l" },
        ],
      },
    ],
    [
      "dozens for pieces",
      { lines: [{ ...spindle, quantity: "1", unit: "NPR", price: "800" }, lubricant] },
    ],
    [
      "a price for a hundred",
      { lines: [spindle, { ...lubricant, price: "150", priceBaseQuantity: "100" }] },
    ],
    [
      "a line of nothing",
      { lines: [spindle, lubricant, { ...lubricant, id: "3", quantity: "0", netAmount: 0n }] },
    ],
    ["another owner's key", { owner: seller.holder({ oneTimeKey: true }) }],
  ])("the same fingerprint with %s", async (_, change) => {
    const twin = await keysOf(changed({ number: "AB-2", ...change }));
    expect(twin.get("invoice/fingerprint")).toBe(original.get("invoice/fingerprint"));
    expect(twin.get("invoice/number")).not.toBe(original.get("invoice/number"));
  });

  const { totals } = invoice();
  const asTwin = (tx: TestTransaction) =>
    tx.changeOutput(0, () => ({ ordinal: 1 })).changeCommands(() => ({ signers: [seller, buyer] }));
  test.each<[string, TestTransaction]>([
    ["amount", changed({ totals: { ...totals, rounding: -29n, payable: 100_001n } })],
    [
      "amounts of lines",
      changed({
        lines: [
          { ...spindle, netAmount: 80_001n },
          { ...lubricant, netAmount: 29_999n },
        ],
      }),
    ],
    ["issue date", changed({ issueDate: "2026-03-03" })],
    ["currency", changed({ currency: "CHF" })],
    ["buyer", changed({ buyer: stranger.party })],
    ["ordinal, which the buyer signs", issue.tweak(asTwin)],
  ])("another fingerprint with another %s", async (_, transaction) => {
    const other = await keysOf(transaction);
    expect(other.get("invoice/fingerprint")).not.toBe(original.get("invoice/fingerprint"));
  });

  test("fingerprints of two sellers do not collide: keys live in their owner's namespace", async () => {
    const sold = changed({ seller: stranger.party, owner: stranger.holder() });
    const other = await sold
      .tweak((tx) => tx.changeCommands(() => ({ signers: [stranger] })))
      .verifies();
    expect(new Set(other.contents.uniqueKeys.map(({ owner }) => owner))).toEqual(
      new Set([stranger.party.id]),
    );
  });

  refuses(issue, [
    [
      "invoice/twin-needs-buyer",
      "an ordinal without the buyer",
      (tx) => tx.changeOutput(0, () => ({ ordinal: 1 })),
    ],
    [
      "invoice/twin-needs-buyer",
      "an ordinal that another signs",
      (tx) => asTwin(tx).changeCommands(() => ({ signers: [seller, stranger] })),
    ],
    [
      "tx/signer-missing",
      "an ordinal that the buyer only seems to sign",
      (tx) => asTwin(tx).withoutSignatureOf(buyer),
    ],
  ]);
  refuses(issueCreditNote, [
    [
      "invoice/twin-needs-buyer",
      "a credit note's ordinal",
      (tx) => tx.changeOutput(0, () => ({ ordinal: 1 })),
    ],
  ]);
});

/** A schema's refusal comes before anything is built. */
describe("a number has one spelling", () => {
  test.each(["2.0", "02", "+2", "-0", "2e0", ".5", " 2", "2,5", ""])("quantity %j", (quantity) => {
    const tx = changed({ lines: [{ ...spindle, quantity }, lubricant] });
    expect(() => tx.sign()).toThrow(CodecError);
  });
  test.each(["2026-02-30", "2026-3-2", "20260302", "0000-01-01"])("date %j", (issueDate) => {
    expect(() => changed({ issueDate }).sign()).toThrow(CodecError);
  });
  test.each(["", "A\u0308B"])("document number %j", (number) => {
    expect(() => changed({ number }).sign()).toThrow(CodecError);
  });
});
