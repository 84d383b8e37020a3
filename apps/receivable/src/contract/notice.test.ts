import { describe, test } from "vitest";
import { output, receivableNetwork, refuses, signedBy } from "../../test/receivable-network.ts";
import { receivableContract } from "./index.ts";

const { notice, notify, acknowledge, assignor, lender, debtor } = await receivableNetwork();
const by = (...signers: (typeof lender)[]) => signedBy(receivableContract, ...signers);

describe("notify", () => {
  const valid = notify(notice());

  test("the lender tells the debtor whom to pay", async () => {
    await valid.verifies();
  });

  refuses(valid, [
    ["receivable/notify-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/status-edge", "acknowledged by itself", output(0, { status: "acknowledged" })],
    ["receivable/status-edge", "released", output(0, { status: "released" })],
    ["receivable/notify-keeps-amount", "of more", output(0, { amount: 100_001n })],
    ["receivable/notify-counts", "and the notice is gone", (tx) => tx.dropOutput(0)],
  ]);
});

describe("acknowledge", () => {
  const valid = acknowledge(notice({ status: "given" }));

  test("the debtor says that it was told", async () => {
    await valid.verifies();
  });

  refuses(valid, [
    ["receivable/acknowledge-signed-by-debtor", "by the lender alone", by(lender)],
    ["receivable/acknowledge-signed-by-debtor", "by the assignor for it", by(assignor, lender)],
    ["receivable/acknowledge-signed-by-owner", "by the debtor alone", by(debtor)],
    ["receivable/acknowledge-keeps-lender", "to pay another", output(0, { lender: debtor.party })],
    ["tx/signer-missing", "without its signature", (tx) => tx.withoutSignatureOf(debtor)],
    ["receivable/acknowledge-counts", "and the notice is gone", (tx) => tx.dropOutput(0)],
  ]);
});
