import { join } from "node:path";
import { TestLedger, type TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import { cashContract } from "./cash-contract.ts";
import type { CashState } from "./cash-state.ts";

const ledger = await TestLedger.start({ contracts: [join(import.meta.dirname, "../..")] });
const [bank, otherBank] = [ledger.party("Kantonsbank"), ledger.party("Volksbank")];
const [alice, bob] = [ledger.party("Alice AG"), ledger.party("Bob GmbH")];

const cash = (owner: typeof alice, minorUnits: bigint): CashState => ({
  issuer: bank.party,
  owner: owner.holder({ oneTimeKey: true }),
  amount: { minorUnits, currency: "CHF" },
});

const issue = ledger
  .transaction()
  .output(cashContract, "cash", cash(alice, 1000n))
  .command(cashContract, "issue", {}, bank);

const move = ledger
  .transaction()
  .input(cashContract, "cash", cash(alice, 700n))
  .input(cashContract, "cash", cash(alice, 500n))
  .output(cashContract, "cash", cash(bob, 900n))
  .output(cashContract, "cash", cash(alice, 300n))
  .command(cashContract, "move", {}, alice);

const redemption = { issuer: bank.party.id, amount: { minorUnits: 400n, currency: "CHF" } };
const redeem = ledger
  .transaction()
  .input(cashContract, "cash", cash(alice, 1000n))
  .output(cashContract, "cash", cash(alice, 600n))
  .command(cashContract, "redeem", redemption, alice, bank);

/** The rule that refuses, in words what is broken, and the change that breaks it. */
type Refusal = [rule: string, breach: string, change: (tx: TestTransaction) => unknown];

function refuses(valid: TestTransaction, refusals: Refusal[]): void {
  test.each(refusals)("%s: %s", async (rule, _, change) => {
    await valid.tweak(change).failsWith(rule);
  });
}

const amount =
  (output: number, minorUnits: bigint, currency = "CHF"): Refusal[2] =>
  (tx) =>
    tx.changeOutput(output, () => ({ amount: { minorUnits, currency } }));
const signedBy =
  (...signers: (typeof alice)[]): Refusal[2] =>
  (tx) =>
    tx.changeCommands(() => ({ signers }));
const redeems =
  (data: object): Refusal[2] =>
  (tx) =>
    tx.changeCommands(() => ({ data: { ...redemption, ...data } }));

describe("issue", () => {
  test("the issuer creates cash", async () => {
    await issue.verifies();
  });

  refuses(issue, [
    ["cash/issue-signed-by-issuer", "by its holder", signedBy(alice)],
    ["cash/issue-signed-by-issuer", "by another issuer", signedBy(otherBank)],
    ["tx/signer-missing", "without a signature", (tx) => tx.withoutSignatureOf(bank)],
    ["cash/amounts-positive", "of nothing", amount(0, 0n)],
    ["cash/currency-form", "of no currency", amount(0, 1n, "chf")],
    [
      "cash/issue-counts",
      "out of other cash",
      (tx) => tx.input(cashContract, "cash", cash(alice, 1n)),
    ],
    [
      "cash/issue-counts",
      "of no state at all",
      (tx) => tx.dropOutput(0).input(cashContract, "cash", cash(alice, 1n)),
    ],
  ]);
});

describe("move", () => {
  test("conserves money and costs little gas", async () => {
    const { gas } = await move.verifies();
    expect(gas).toBeLessThan(10_000_000n); // nearly all of it for loading
  });

  refuses(move, [
    ["cash/move-conserves", "one minor unit more", amount(0, 901n)],
    ["cash/move-conserves", "one minor unit less", amount(1, 299n)],
    ["cash/move-conserves", "another currency", amount(0, 900n, "EUR")],
    [
      "cash/move-conserves",
      "another issuer",
      (tx) => tx.changeOutput(0, () => ({ issuer: otherBank.party })),
    ],
    [
      "cash/amounts-positive",
      "a coin of nothing",
      (tx) => tx.output(cashContract, "cash", cash(bob, 0n)),
    ],
    ["cash/move-signed-by-owner", "by whom it goes to", signedBy(bob)],
    ["cash/move-signed-by-owner", "by its issuer", signedBy(bank)],
    ["cash/move-counts", "to nobody", (tx) => tx.dropOutput(1).dropOutput(0)],
    [
      "tx/authority-unsatisfied",
      "without the owner's signature",
      (tx) => tx.withoutSignatureOf(alice),
    ],
  ]);
});

describe("redeem", () => {
  test("holder and issuer take money out of circulation", async () => {
    await redeem.verifies();
    const all = redeems({ amount: { minorUnits: 1000n, currency: "CHF" } });
    await redeem.tweak((tx) => all(tx.dropOutput(0))).verifies();
  });

  refuses(redeem, [
    ["cash/redeem-conserves", "too much change", amount(0, 601n)],
    ["cash/redeem-conserves", "too little change", amount(0, 599n)],
    ["cash/redeem-conserves", "another issuer's debt", redeems({ issuer: otherBank.party.id })],
    [
      "cash/redeem-conserves",
      "another currency",
      redeems({ amount: { minorUnits: 400n, currency: "EUR" } }),
    ],
    ["cash/amounts-positive", "nothing", redeems({ amount: { minorUnits: 0n, currency: "CHF" } })],
    ["cash/redeem-signed-by-issuer", "behind the issuer's back", signedBy(alice)],
    ["cash/redeem-signed-by-owner", "behind the owner's back", signedBy(bank)],
  ]);

  test("cash/redeem-counts: out of nothing", async () => {
    await ledger
      .transaction()
      .output(cashContract, "cash", cash(alice, 600n))
      .command(cashContract, "redeem", redemption, bank)
      .failsWith("cash/redeem-counts");
  });
});
