import { CodecError } from "@stateset/codec";
import { describe, expect, test } from "vitest";
import { invoiceNetwork, type Refusal, refuses, signedBy } from "../../test/invoice-network.ts";
import { type CreditNoteState, invoiceContract } from "./index.ts";

const { issueCreditNote, approved, invoice, creditNote, credit, pay, tx, update, ...parties } =
  await invoiceNetwork();
const { seller, buyer, factor, stranger } = parties;

const state =
  (change: (state: CreditNoteState) => object): Refusal[2] =>
  (tx) =>
    tx.changeOutput(0, change);
const total = (field: keyof CreditNoteState["totals"], by: bigint) =>
  state(({ totals }) => ({ totals: { ...totals, [field]: totals[field] + by } }));

describe("a credit note", () => {
  test("is the seller's to issue, and the buyer's to own", async () => {
    await issueCreditNote.verifies();
  });

  test("may name the invoice that it credits, and who owns that by now", async () => {
    const precedingInvoice = approved().linearId;
    for (const named of [{ precedingInvoice }, { precedingInvoice, payee: factor.party }])
      await issueCreditNote.tweak(state(() => named)).verifies();
  });

  test("names them as its seller will: only what it credits is checked, when it does", async () => {
    for (const named of [
      { precedingInvoice: "b2".repeat(16) },
      { payee: factor.party },
      { payee: stranger.party, precedingInvoice: approved().linearId },
      { payee: seller.party },
      { payee: buyer.party },
    ])
      await issueCreditNote.tweak(state(() => named)).verifies();
  });

  test("names an invoice by its linear id, not by its number", () => {
    const tweaked = issueCreditNote.tweak(state(() => ({ precedingInvoice: approved().number })));
    expect(() => tweaked.sign()).toThrow(CodecError);
  });

  refuses(issueCreditNote, [
    [
      "tx/party-unregistered",
      "a payee by another company's name",
      state(() => ({ payee: { ...factor.party, name: stranger.party.name } })),
    ],
    ["invoice/br-co-10", "BT-106", total("lineNet", 1n)],
    ["invoice/br-co-11", "BT-107", total("allowances", 1n)],
    ["invoice/br-co-12", "BT-108", total("charges", 1n)],
    ["invoice/br-co-13", "BT-109", total("withoutVat", 1n)],
    ["invoice/br-co-14", "BT-110", total("vat", 1n)],
    ["invoice/br-co-15", "BT-112", total("withVat", 1n)],
    ["invoice/br-co-16", "BT-115", total("payable", 1n)],
    [
      "invoice/payable-positive",
      "a credit of nothing",
      state(({ totals }) => ({ totals: { ...totals, paid: totals.payable, payable: 0n } })),
    ],
    ["invoice/type-code", "an invoice's code", state(() => ({ typeCode: "380" }))],
    ["invoice/buyer-owns", "kept by the seller", state(() => ({ owner: seller.holder() }))],
    [
      "tx/holder-unproven",
      "in the buyer's name, over the seller's key",
      state(() => {
        const { key } = seller.holder({ oneTimeKey: true });
        return { owner: { ...buyer.holder(), key } };
      }),
    ],
    [
      "invoice/parties-differ",
      "to oneself",
      state(() => ({ buyer: seller.party, owner: seller.holder() })),
    ],
    [
      "invoice/issue-credit-note-signed-by-seller",
      "the buyer writes its own",
      (tx) => tx.changeCommands(() => ({ signers: [buyer] })),
    ],
    [
      "invoice/issue-credit-note-counts",
      "two at once",
      (tx) =>
        tx.output(
          invoiceContract,
          "credit-note",
          creditNote(1n, { linearId: "c2".repeat(16), number: "GS-2026-8" }),
        ),
    ],
    [
      "invoice/issue-credit-note-counts",
      "an invoice in passing",
      (tx) => tx.output(invoiceContract, "invoice", invoice()),
    ],
    [
      "invoice/issue-credit-note-counts",
      "one out of another",
      (tx) =>
        tx.input(invoiceContract, "credit-note", creditNote(1n, { linearId: "c2".repeat(16) })),
    ],
    [
      "invoice/issue-credit-note-counts",
      "its own successor",
      (tx) => tx.input(invoiceContract, "credit-note", creditNote(1n)),
    ],
  ]);
});

describe("credit", () => {
  const valid = credit(approved(), creditNote());

  test("reduces what is owed by what the note is worth", async () => {
    const { outputs, inputs } = await valid.verifies();
    expect(outputs.map(({ state }) => state.creditedOnLedger)).toEqual([10_000n]);
    expect(inputs.length).toBe(2);
  });

  test("in full, in part, and after a payment", async () => {
    await credit(approved(), creditNote(100_000n), { status: "credited" }).verifies();
    const half = approved({ status: "partially-paid", paidOnLedger: 40_000n });
    await credit(half, creditNote(10_000n)).verifies();
    await credit(half, creditNote(60_000n), { status: "paid" }).verifies();
  });

  test("by two notes at once", async () => {
    const second = creditNote(5_000n, { linearId: "c2".repeat(16) });
    await valid
      .tweak((tx) =>
        tx
          .input(invoiceContract, "credit-note", second)
          .changeOutput(0, () => ({ creditedOnLedger: 15_000n })),
      )
      .verifies();
  });

  refuses(valid, [
    [
      "invoice/credits-exactly",
      "more than the note is worth",
      (tx) => tx.changeOutput(0, () => ({ creditedOnLedger: 10_001n })),
    ],
    [
      "invoice/credits-exactly",
      "less than the note is worth",
      (tx) => tx.changeOutput(0, () => ({ creditedOnLedger: 9_999n })),
    ],
    [
      "invoice/credits-exactly",
      "a note counted twice",
      (tx) => tx.changeOutput(0, () => ({ creditedOnLedger: 20_000n })),
    ],
    [
      "invoice/credits-this-invoice",
      "another seller's note",
      (tx) => tx.changeInput(1, () => ({ seller: stranger.party })),
    ],
    [
      "invoice/credits-this-invoice",
      "another buyer's note",
      (tx) => tx.changeInput(1, () => ({ buyer: stranger.party })),
    ],
    [
      "invoice/credits-this-invoice",
      "a note in another currency",
      (tx) => tx.changeInput(1, () => ({ currency: "CHF" })),
    ],
    ["invoice/status-edge", "called paid", (tx) => tx.changeOutput(0, () => ({ status: "paid" }))],
    [
      "invoice/status-edge",
      "before approval",
      (tx) => tx.changeInput(0, () => ({ status: "issued" })),
    ],
    [
      "invoice/credit-signed-by-owner",
      "the note's owner is not asked",
      (tx) => tx.changeCommands(() => ({ signers: [seller] })),
    ],
    [
      "tx/authority-unsatisfied",
      "the buyer's signature is missing",
      (tx) => tx.withoutSignatureOf(buyer),
    ],
    [
      "invoice/credit-counts",
      "no credit note",
      (tx) =>
        tx
          .changeInput(1, () => ({ linearId: "c2".repeat(16) }))
          .output(invoiceContract, "credit-note", creditNote(1n, { linearId: "c2".repeat(16) })),
    ],
    [
      "invoice/credit-counts",
      "the note lives on",
      (tx) => tx.output(invoiceContract, "credit-note", creditNote()),
    ],
    [
      "invoice/credit-counts",
      "the note twice",
      (tx) => tx.input(invoiceContract, "credit-note", creditNote()),
    ],
    [
      "invoice/credit-counts",
      "the invoice vanishes",
      (tx) =>
        tx
          .dropOutput(0)
          .output(invoiceContract, "credit-note", creditNote(1n, { linearId: "c3".repeat(16) })),
    ],
  ]);

  describe("of a note that names its invoice", () => {
    const OTHER = "b2".repeat(16);
    const naming = (precedingInvoice: string, change: Partial<CreditNoteState> = {}) =>
      creditNote(10_000n, { precedingInvoice, ...change });

    test("that invoice, whoever the note says is its payee", async () => {
      const { linearId } = approved();
      await credit(approved(), naming(linearId)).verifies();
      for (const { party } of [seller, buyer, factor, stranger])
        await credit(approved(), naming(linearId, { payee: party })).verifies();
    });

    test("invoice/credits-this-invoice: another invoice of the same parties", async () => {
      await credit(approved(), naming(OTHER)).failsWith("invoice/credits-this-invoice");
      await credit(approved({ linearId: OTHER }), naming(OTHER)).verifies();
      await credit(approved({ linearId: OTHER }), naming(approved().linearId)).failsWith(
        "invoice/credits-this-invoice",
      );
    });

    test("invoice/credits-this-invoice: one of two notes names another", async () => {
      const both = (precedingInvoice: string) =>
        credit(approved(), naming(approved().linearId)).tweak((tx) =>
          tx
            .input(
              invoiceContract,
              "credit-note",
              naming(precedingInvoice, { linearId: "c2".repeat(16) }),
            )
            .changeOutput(0, () => ({ creditedOnLedger: 20_000n })),
        );
      await both(approved().linearId).verifies();
      await both(OTHER).failsWith("invoice/credits-this-invoice");
    });

    test("invoice/credits-this-invoice: the invoice, and another seller's note", async () => {
      const note = naming(approved().linearId, { seller: stranger.party });
      await credit(approved(), note).failsWith("invoice/credits-this-invoice");
    });
  });

  test("a note that names none credits any invoice of its parties", async () => {
    await credit(approved({ linearId: "b2".repeat(16) }), creditNote()).verifies();
  });

  test("the owner whom a note names as payee is asked like any other", async () => {
    const sold = approved({ owner: factor.holder({ oneTimeKey: true }) });
    const named = { precedingInvoice: sold.linearId, payee: factor.party };
    const credited = credit(sold, creditNote(10_000n, named));
    await credited.failsWith("invoice/credit-signed-by-owner");
    await credited.tweak(signedBy(invoiceContract, factor, seller, buyer)).verifies();
  });

  test("invoice/not-overpaid: more than is still owed", async () => {
    await credit(approved(), creditNote(100_001n), { status: "credited" }).failsWith(
      "invoice/not-overpaid",
    );
    const half = approved({ status: "partially-paid", paidOnLedger: 40_000n });
    await credit(half, creditNote(60_001n), { status: "paid" }).failsWith("invoice/not-overpaid");
  });

  test("invoice/credit-signed-by-owner: of an assigned invoice, the seller cannot give away what it sold", async () => {
    await credit(approved({ owner: factor.holder() }), creditNote()).failsWith(
      "invoice/credit-signed-by-owner",
    );
  });

  test("invoice/credit-signed-by-seller: buyer and new owner alone", async () => {
    await credit(approved({ owner: factor.holder() }), creditNote())
      .tweak(signedBy(invoiceContract, factor, buyer))
      .failsWith("invoice/credit-signed-by-seller");
  });

  test("invoice/credit-counts: a credit without a note, a note without an invoice", async () => {
    const unfounded = update(approved(), { creditedOnLedger: 10_000n });
    const burnt = tx().input(invoiceContract, "credit-note", creditNote());
    for (const each of [unfounded, burnt])
      await each
        .command(invoiceContract, "credit", {}, seller, buyer)
        .failsWith("invoice/credit-counts");
  });

  test("no cash need move, and none is counted", async () => {
    const { outputs } = await valid.verifies();
    expect(outputs[0]?.state).toMatchObject({ paidOnLedger: 0n, status: "approved" });
    await pay(approved({ creditedOnLedger: 10_000n }), 90_000n).verifies();
  });
});
