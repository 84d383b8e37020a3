import type { Drill } from "./drill.ts";
import { refsOf } from "./drill-books.ts";
import { numberLike, renumberedDocument } from "./renumbered-document.ts";

/** Behind the contract's name, in the kind of the key that was taken. */
const FINGERPRINT = "fingerprint";

/** Double financing begins with a second invoice for the same delivery: it cannot be issued. */
export const sameInvoiceTwice: Drill = {
  name: "same-invoice-twice",
  title: "The financed invoice is issued again under another number",
  async run({ parties, financed }, notes) {
    const { seller, buyer, lender, bank, rival } = parties;
    const everybody = [seller, buyer, lender, bank, rival];
    const number = numberLike(financed.ubl.number, "again");
    const { xml } = renumberedDocument(financed.xml, { number });
    const before = await Promise.all(everybody.map((each) => refsOf(each, "invoice/invoice")));
    const refusal = await notes.mustBeRefused(
      `${seller.name} starts invoice/issue, number ${number}`,
      ["notary/unique-key-taken"],
      () =>
        seller.run("invoice/issue", {
          document: Buffer.from(xml).toString("base64"),
          cashIssuers: [bank.legalName],
          buyer: buyer.legalName,
        }),
    );
    notes.leavesWaiting(
      { party: buyer.name, flow: "invoice/issue" },
      "the buyer, who was to have it, waits until nobody can bring it again",
    );
    const [, kind] = String(refusal?.facts.keyKind).split("/");
    notes.check(kind === FINGERPRINT, "it was known by its fingerprint, not by its number");
    const after = await Promise.all(everybody.map((each) => refsOf(each, "invoice/invoice")));
    notes.check(before.join() === after.join(), "nobody has recorded anything of it");
  },
};
