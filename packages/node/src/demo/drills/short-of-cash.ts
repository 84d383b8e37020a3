import { assignmentShortOfCash } from "./contracts/forced-drafts.ts";
import type { Drill } from "./drill.ts";
import { cashOf, ownersOf } from "./drill-books.ts";
import { acceptedOffer, fund, issueApproved } from "./staged-invoice.ts";

/** Delivery against payment: where the cash leg fails, title stays where it was. */
export const shortOfCash: Drill = {
  name: "short-of-cash",
  title: "A lender takes over an invoice without the cash for its advance",
  async run(stage, notes) {
    const { seller, buyer, rival } = stage.parties;
    const { states, refusalOf } = stage.contracts;
    const invoice = await issueApproved(stage);
    const { currency, linearId, payable } = invoice;
    // It offers all of the invoice, and has a minor unit less.
    const has = await cashOf(rival, currency);
    const missing = payable - 1n - has;
    if (missing > 0n) await fund(stage, rival, { minorUnits: missing, currency });
    if (missing < 0n)
      await rival.run("cash/redeem", {
        issuer: stage.parties.bank.legalName,
        amount: { minorUnits: String(-missing), currency },
      });
    const offer = await acceptedOffer(stage, invoice, rival, { advanceRate: "100" });
    const before = await cashOf(seller, currency);
    await notes.mustBeRefused(
      `${rival.name} starts receivable/assign, one minor unit short`,
      ["vault/insufficient"],
      () => rival.run("receivable/assign", { offer }),
    );
    await notes.contractMustRefuse(
      "a transaction that pays one minor unit less than the advance, signed by all",
      { contract: "receivable", code: "cash-for-title" },
      () => refusalOf(assignmentShortOfCash(states)),
    );
    const owners = await ownersOf(linearId, [seller, buyer]);
    notes.check(owners.join() === seller.identity, "seller and buyer name the seller as owner");
    notes.check((await cashOf(seller, currency)) === before, "the seller was paid nothing");
    notes.check((await cashOf(rival, currency)) === payable - 1n, `${rival.name} kept its money`);
  },
};
