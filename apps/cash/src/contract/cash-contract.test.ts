import { join } from "node:path";
import { TestLedger } from "@stateset/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { cashContract } from "./cash-contract.ts";
import type { CashState } from "./cash-state.ts";

const APP = join(import.meta.dirname, "../..");

let ledger: TestLedger;
let fixture: ReturnType<typeof fixtureOf>;

beforeAll(async () => {
  ledger = await TestLedger.start({ contracts: [APP] });
  fixture = fixtureOf(ledger);
});

function fixtureOf(on: TestLedger) {
  const bank = on.party("Kantonsbank");
  const otherBank = on.party("Volksbank");
  const alice = on.party("Alice AG");
  const bob = on.party("Bob GmbH");
  const cash = (owner: typeof alice, minorUnits: bigint, change: Partial<CashState> = {}) => ({
    issuer: bank.party,
    owner: owner.holder({ oneTimeKey: true }),
    amount: { minorUnits, currency: "CHF" },
    ...change,
  });
  const issue = on
    .transaction()
    .output(cashContract, "cash", cash(alice, 1000n))
    .command(cashContract, "issue", {}, bank);
  const move = on
    .transaction()
    .input(cashContract, "cash", cash(alice, 700n))
    .input(cashContract, "cash", cash(alice, 500n))
    .output(cashContract, "cash", cash(bob, 900n))
    .output(cashContract, "cash", cash(alice, 300n))
    .command(cashContract, "move", {}, alice);
  const redemption = { issuer: bank.party.id, amount: { minorUnits: 400n, currency: "CHF" } };
  const redeem = on
    .transaction()
    .input(cashContract, "cash", cash(alice, 1000n))
    .output(cashContract, "cash", cash(alice, 600n))
    .command(cashContract, "redeem", redemption, alice, bank);
  return { bank, otherBank, alice, bob, cash, issue, move, redeem, redemption };
}

describe("issue", () => {
  test("the issuer creates cash", async () => {
    await fixture.issue.verifies();
  });

  test.each<[string, (f: typeof fixture) => Promise<unknown>]>([
    [
      "cash/issue-signed-by-issuer",
      ({ issue, alice }) =>
        issue
          .tweak((tx) => tx.changeCommands(() => ({ signers: [alice] })))
          .failsWith("cash/issue-signed-by-issuer"),
    ],
    [
      "cash/amounts-positive",
      ({ issue }) =>
        issue
          .tweak((tx) =>
            tx.changeOutput(0, () => ({ amount: { minorUnits: 0n, currency: "CHF" } })),
          )
          .failsWith("cash/amounts-positive"),
    ],
    [
      "cash/currency-form",
      ({ issue }) =>
        issue
          .tweak((tx) =>
            tx.changeOutput(0, () => ({ amount: { minorUnits: 1n, currency: "chf" } })),
          )
          .failsWith("cash/currency-form"),
    ],
    [
      "cash/issue-counts, when something is consumed",
      ({ issue, cash, alice }) =>
        issue
          .tweak((tx) => tx.input(cashContract, "cash", cash(alice, 1n)))
          .failsWith("cash/issue-counts"),
    ],
    [
      "cash/issue-counts, when nothing is created",
      ({ issue, cash, alice }) =>
        issue
          .tweak((tx) => tx.dropOutput(0).input(cashContract, "cash", cash(alice, 1n)))
          .failsWith("cash/issue-counts"),
    ],
    [
      "tx/signer-missing",
      ({ issue, bank }) =>
        issue.tweak((tx) => tx.withoutSignatureOf(bank)).failsWith("tx/signer-missing"),
    ],
  ])("refused by %s", async (_, check) => {
    await check(fixture);
  });
});

describe("move", () => {
  test("conserves money and costs little gas", async () => {
    const { gas } = await fixture.move.verifies();
    expect(gas).toBeLessThan(2_000_000n);
  });

  test.each<[string, (f: typeof fixture) => Promise<unknown>]>([
    [
      "cash/move-conserves, one minor unit more",
      ({ move }) =>
        move
          .tweak((tx) =>
            tx.changeOutput(0, () => ({ amount: { minorUnits: 901n, currency: "CHF" } })),
          )
          .failsWith("cash/move-conserves"),
    ],
    [
      "cash/move-conserves, one minor unit less",
      ({ move }) =>
        move
          .tweak((tx) =>
            tx.changeOutput(1, () => ({ amount: { minorUnits: 299n, currency: "CHF" } })),
          )
          .failsWith("cash/move-conserves"),
    ],
    [
      "cash/move-conserves, another currency",
      ({ move }) =>
        move
          .tweak((tx) =>
            tx.changeOutput(0, () => ({ amount: { minorUnits: 900n, currency: "EUR" } })),
          )
          .failsWith("cash/move-conserves"),
    ],
    [
      "cash/move-conserves, another issuer",
      ({ move, otherBank }) =>
        move
          .tweak((tx) => tx.changeOutput(0, () => ({ issuer: otherBank.party })))
          .failsWith("cash/move-conserves"),
    ],
    [
      "cash/amounts-positive",
      ({ move, cash, bob }) =>
        move
          .tweak((tx) => tx.output(cashContract, "cash", cash(bob, 0n)))
          .failsWith("cash/amounts-positive"),
    ],
    [
      "cash/move-signed-by-owner",
      ({ move, bob }) =>
        move
          .tweak((tx) => tx.changeCommands(() => ({ signers: [bob] })))
          .failsWith("cash/move-signed-by-owner"),
    ],
    [
      "cash/move-counts",
      ({ move }) =>
        move.tweak((tx) => tx.dropOutput(1).dropOutput(0)).failsWith("cash/move-counts"),
    ],
    [
      "tx/authority-unsatisfied",
      ({ move, alice }) =>
        move.tweak((tx) => tx.withoutSignatureOf(alice)).failsWith("tx/authority-unsatisfied"),
    ],
  ])("refused by %s", async (_, check) => {
    await check(fixture);
  });
});

describe("redeem", () => {
  test("holder and issuer take money out of circulation", async () => {
    await fixture.redeem.verifies();
  });

  test.each<[string, (f: typeof fixture) => Promise<unknown>]>([
    [
      "cash/redeem-conserves, too much change",
      ({ redeem }) =>
        redeem
          .tweak((tx) =>
            tx.changeOutput(0, () => ({ amount: { minorUnits: 601n, currency: "CHF" } })),
          )
          .failsWith("cash/redeem-conserves"),
    ],
    [
      "cash/redeem-conserves, another issuer's debt",
      ({ redeem, redemption, otherBank }) =>
        redeem
          .tweak((tx) =>
            tx.changeCommands(() => ({ data: { ...redemption, issuer: otherBank.party.id } })),
          )
          .failsWith("cash/redeem-conserves"),
    ],
    [
      "cash/redeem-signed-by-issuer",
      ({ redeem, alice }) =>
        redeem
          .tweak((tx) => tx.changeCommands(() => ({ signers: [alice] })))
          .failsWith("cash/redeem-signed-by-issuer"),
    ],
    [
      "cash/redeem-signed-by-owner",
      ({ redeem, bank }) =>
        redeem
          .tweak((tx) => tx.changeCommands(() => ({ signers: [bank] })))
          .failsWith("cash/redeem-signed-by-owner"),
    ],
  ])("refused by %s", async (_, check) => {
    await check(fixture);
  });
});
