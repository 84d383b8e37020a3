import { cashContract } from "@stateset/cash/contract";
import { describe, test } from "vitest";
import { invoiceNetwork, keyAlone, refuses, signedBy } from "../../test/invoice-network.ts";
import { invoiceContract } from "./index.ts";

const { approved, invoice, creditNote, transfer, cash, ...parties } = await invoiceNetwork();
const { seller, buyer, factor, stranger } = parties;

const before = approved();
const assignment = transfer(before);

test("old and new owner move an invoice", async () => {
  await assignment.verifies();
  await transfer(invoice()).verifies();
});

test("against cash, both or neither", async () => {
  const sale = assignment.tweak((tx) =>
    tx
      .input(cashContract, "cash", cash(factor, 80_000n))
      .output(cashContract, "cash", cash(seller, 80_000n))
      .command(cashContract, "move", {}, factor),
  );
  await sale.verifies();
  await sale
    .tweak((tx) => tx.changeInput(1, () => cash(factor, 79_999n)))
    .failsWith("cash/move-conserves");
});

test("tx/holder-unproven: another's name over a key of one's own", async () => {
  const { key } = before.owner;
  await assignment
    .tweak((tx) => tx.changeOutput(0, () => ({ owner: { ...factor.holder(), key } })))
    .tweak(signedBy(invoiceContract, seller, keyAlone(seller, before.owner)))
    .failsWith("tx/holder-unproven");
});

describe("fault: anyone can factor any invoice", () => {
  refuses(assignment, [
    [
      "invoice/transfer-signed-by-owner",
      "a lender takes it",
      (tx) => tx.changeCommands(() => ({ signers: [factor] })),
    ],
    [
      "invoice/transfer-signed-by-owner",
      "the buyer sells it",
      (tx) => tx.changeCommands(() => ({ signers: [buyer, factor] })),
    ],
    [
      "invoice/transfer-signed-by-owner",
      "the seller sells it twice",
      (tx) => tx.changeInput(0, () => ({ owner: stranger.holder() })),
    ],
    [
      "tx/authority-unsatisfied",
      "the owner listed, without its signature",
      (tx) => tx.withoutSignatureOf(seller),
    ],
    [
      "invoice/transfer-signed-by-owner",
      "nobody is asked to take it",
      (tx) => tx.changeCommands(() => ({ signers: [seller] })),
    ],
    [
      "tx/signer-missing",
      "the new owner listed, without its signature",
      (tx) => tx.withoutSignatureOf(factor),
    ],
  ]);
});

refuses(assignment, [
  [
    "invoice/owner-changes",
    "to oneself",
    (tx) => tx.changeOutput(0, () => ({ owner: seller.holder() })),
  ],
  [
    "invoice/owner-is-not-buyer",
    "to the buyer",
    (tx) =>
      tx
        .changeOutput(0, () => ({ owner: buyer.holder() }))
        .changeCommands(() => ({ signers: [seller, buyer] })),
  ],
  [
    "invoice/status-edge",
    "once rejected",
    (tx) =>
      tx
        .changeInput(0, () => ({ status: "rejected" }))
        .changeOutput(0, () => ({ status: "rejected" })),
  ],
  ["invoice/transfer-counts", "the invoice vanishes", (tx) => tx.dropOutput(0)],
  [
    "invoice/transfer-counts",
    "the invoice is split",
    (tx) => tx.output(invoiceContract, "invoice", approved({ linearId: "b2".repeat(16) })),
  ],
  [
    "invoice/transfer-counts",
    "a credit note in passing",
    (tx) => tx.output(invoiceContract, "credit-note", creditNote()),
  ],
]);
