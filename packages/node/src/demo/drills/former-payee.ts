import { paymentToFormerPayee } from "./contracts/forced-drafts.ts";
import type { Drill } from "./drill.ts";
import { cashOf, ownersOf } from "./drill-books.ts";
import { acceptedOffer, fund, giveNotice, issueApproved } from "./staged-invoice.ts";

/** After the notice only the new owner of the claim can be paid: by the flow, and by the contract. */
export const formerPayee: Drill = {
  name: "former-payee",
  title: "The buyer pays the seller after the notice of assignment",
  async run(stage, notes) {
    const { seller, buyer, lender } = stage.parties;
    const { states, refusalOf } = stage.contracts;
    const invoice = await issueApproved(stage);
    const { currency, linearId, payable } = invoice;
    for (const party of [lender, buyer])
      await fund(stage, party, { minorUnits: payable, currency });
    const offer = await acceptedOffer(stage, invoice, lender);
    const assigned = await lender.run("receivable/assign", { offer });
    await giveNotice(stage, lender, assigned);
    const before = await cashOf(buyer, currency);
    await notes.mustBeRefused(
      `${buyer.name} starts invoice/pay, payee ${seller.name}`,
      ["invoice/another-payee"],
      () => buyer.run("invoice/pay", { invoice: linearId, payee: seller.legalName }),
    );
    await notes.contractMustRefuse(
      "a transaction that pays the seller, signed by all without any flow",
      { contract: "invoice", code: "pays-current-payee" },
      () => refusalOf(paymentToFormerPayee(states)),
    );
    const owners = await ownersOf(linearId, [seller, buyer, lender]);
    notes.check(
      owners.join() === lender.identity,
      "seller, buyer and lender name the lender as owner",
    );
    notes.check((await cashOf(buyer, currency)) === before, "the buyer has paid nobody");
  },
};
