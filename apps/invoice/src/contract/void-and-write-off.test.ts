import { describe, test } from "vitest";
import { invoiceNetwork, refuses } from "../../test/invoice-network.ts";
import { invoiceContract } from "./index.ts";

const { invoice, approved, creditNote, voiding, writeOff, seller, buyer, factor, stranger } =
  await invoiceNetwork();

const other = invoice({ linearId: "b2".repeat(16) });

describe("void, fault: without checking who signs", () => {
  test("seller and owner take an invoice back", async () => {
    await voiding(invoice()).verifies();
    await voiding(invoice({ status: "rejected", clarification: "DEL" })).verifies();
  });

  test("invoice/void-signed-by-owner: the seller voids what it has sold", async () => {
    await voiding(invoice({ owner: factor.holder() })).failsWith("invoice/void-signed-by-owner");
  });

  test("invoice/void-signed-by-seller: the new owner voids what it has bought", async () => {
    await voiding(invoice({ owner: factor.holder() }))
      .tweak((tx) => tx.changeCommands(() => ({ signers: [factor] })))
      .failsWith("invoice/void-signed-by-seller");
  });

  refuses(voiding(invoice()), [
    [
      "invoice/void-signed-by-seller",
      "the buyer",
      (tx) => tx.changeCommands(() => ({ signers: [buyer] })),
    ],
    [
      "invoice/void-signed-by-seller",
      "a stranger",
      (tx) => tx.changeCommands(() => ({ signers: [stranger] })),
    ],
    [
      "tx/authority-unsatisfied",
      "without the owner's signature",
      (tx) => tx.withoutSignatureOf(seller),
    ],
    [
      "invoice/status-edge",
      "what the buyer has approved",
      (tx) => tx.changeInput(0, () => ({ status: "approved" })),
    ],
    ["invoice/void-counts", "the invoice vanishes", (tx) => tx.dropOutput(0)],
    [
      "invoice/void-counts",
      "two at once",
      (tx) =>
        tx
          .input(invoiceContract, "invoice", other)
          .output(invoiceContract, "invoice", { ...other, status: "void" }),
    ],
  ]);
});

describe("write-off, fault: without checking who signs", () => {
  test("the owner gives up its claim", async () => {
    await writeOff(approved()).verifies();
    await writeOff(approved({ status: "partially-paid", paidOnLedger: 1n })).verifies();
  });

  test("invoice/write-off-signed-by-owner: the seller gives up what it has sold", async () => {
    await writeOff(approved({ owner: factor.holder() })).failsWith(
      "invoice/write-off-signed-by-owner",
    );
  });

  refuses(writeOff(approved()), [
    [
      "invoice/write-off-signed-by-owner",
      "the buyer writes off its debt",
      (tx) => tx.changeCommands(() => ({ signers: [buyer] })),
    ],
    [
      "tx/authority-unsatisfied",
      "without the owner's signature",
      (tx) => tx.withoutSignatureOf(seller),
    ],
    ["invoice/status-edge", "what is paid", (tx) => tx.changeInput(0, () => ({ status: "paid" }))],
    ["invoice/write-off-counts", "the invoice vanishes", (tx) => tx.dropOutput(0)],
    [
      "invoice/write-off-counts",
      "two at once",
      (tx) =>
        tx
          .input(invoiceContract, "invoice", other)
          .output(invoiceContract, "invoice", { ...other, status: "written-off" }),
    ],
    [
      "invoice/write-off-counts",
      "a credit note with it",
      (tx) => tx.input(invoiceContract, "credit-note", creditNote(1n, { owner: seller.holder() })),
    ],
  ]);
});
