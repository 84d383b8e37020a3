import { cashContract } from "@stateset/cash/contract";
import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import { DUE, receivableNetwork } from "../../test/receivable-network.ts";
import {
  noticeSchema,
  offerSchema,
  plusDays,
  receivableContract,
  receivableSchema,
} from "./index.ts";

const network = await receivableNetwork();
const { requested, offered, receivable, notice, invoice, terms, cash, tx } = network;
const { lender, assignor, debtor, stranger } = network;

type Changes = { [field: string]: object };

const CLAIM: Changes = {
  invoice: { invoice: "a2".repeat(16) },
  invoiceNumber: { invoiceNumber: "AB-1" },
  lender: { lender: stranger.party },
  assignor: { assignor: stranger.party },
  debtor: { debtor: stranger.party },
  currency: { currency: "CHF" },
  owner: { owner: stranger.holder() },
};
const amounts = (...fields: string[]): Changes =>
  Object.fromEntries(fields.map((field) => [field, { [field]: 7n }]));
const CHANGES: { [type: string]: Changes } = {
  offer: {
    ...CLAIM,
    ...amounts("face"),
    dueDate: { dueDate: "2027-01-01" },
    status: { status: "expired" },
    terms: { terms: terms({ advanceRate: "81" }) },
    validUntil: { validUntil: 1 },
  },
  receivable: {
    ...CLAIM,
    ...amounts("face", "advance", "reserve", "paidBefore", "creditedBefore"),
    ...amounts("collected", "diluted", "discount", "fee", "released", "charged"),
    dueDate: { dueDate: "2027-01-01" },
    assignedOn: { assignedOn: "2026-03-11" },
    terms: { terms: terms({ dilutionRecourse: true }) },
    status: { status: "overdue" },
  },
  notice: {
    ...CLAIM,
    ...amounts("amount"),
    receivable: { receivable: "5f".repeat(16) },
    status: { status: "released" },
  },
};

const late = plusDays(DUE, 31);
const overdue = receivable({ status: "overdue", terms: terms({ recourseDays: 30 }) });
const collect = network.collect(receivable(), invoice([["2026-03-20", 1n]]));
const repurchase = network.repurchase(overdue, invoice(), late);
const SETTLEMENT = ["collected", "diluted", "discount", "fee", "released", "charged", "status"];

/**
 * Each command, the type and the output that it updates, and what it may change of it: not taken
 * from the contract, so that nothing more may change there unnoticed.
 */
const UPDATES: [command: string, type: string, index: number, may: string[], TestTransaction][] = [
  ["quote", "offer", 0, ["status", "terms", "validUntil"], network.quote(requested())],
  ["accept", "offer", 0, ["status"], network.accept(offered())],
  ["decline", "offer", 0, ["status"], network.decline(offered())],
  ["withdraw", "offer", 0, ["status"], network.withdraw(offered())],
  ["expire", "offer", 0, ["status"], network.expire(offered())],
  ["notify", "notice", 0, ["status"], network.notify(notice())],
  ["acknowledge", "notice", 0, ["status"], network.acknowledge(notice({ status: "given" }))],
  ["collect", "receivable", 0, ["collected", "diluted", "status"], collect],
  [
    "settle",
    "receivable",
    0,
    SETTLEMENT,
    network.settle(receivable(), invoice([[DUE, 100_000n]]), DUE),
  ],
  ["mark-overdue", "receivable", 0, ["status"], network.markOverdue(receivable(), invoice(), late)],
  ["call-recourse", "receivable", 0, ["status"], network.callRecourse(overdue, invoice(), DUE)],
  ["repurchase", "receivable", 0, SETTLEMENT, repurchase],
  ["repurchase", "notice", 1, ["status"], repurchase],
  ["default", "receivable", 0, ["status"], network.default(overdue, invoice(), late)],
];

test("no field and no update is left out", () => {
  const schemas = { offer: offerSchema, receivable: receivableSchema, notice: noticeSchema };
  for (const [type, { fields }] of Object.entries(schemas)) {
    const changing = Object.keys(fields).filter((field) => field !== "linearId");
    expect(Object.keys(CHANGES[type] ?? {}).sort()).toEqual(changing.sort());
  }
  const declared = Object.entries(receivableContract.commands).flatMap(([command, { updates }]) =>
    Object.keys(updates ?? {}).map((type) => `${command} ${type}`),
  );
  expect(UPDATES.map(([command, type]) => `${command} ${type}`).sort()).toEqual(declared.sort());
});

/** Fault: what was agreed is changed afterwards. Every command tries every field. */
describe.each(UPDATES)("%s of the %s keeps", (command, type, index, may, valid) => {
  const kept = Object.entries(CHANGES[type] ?? {}).filter(([field]) => !may.includes(field));

  test("nothing that it may change, and is valid", async () => {
    await valid.verifies();
  });

  test.each(kept)("%s", async (field, change) => {
    const name = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    await valid
      .tweak((each) => each.changeOutput(index, () => change))
      .failsWith(`receivable/${command}-keeps-${name}`);
  });

  test("the linear id: another is another state", async () => {
    await valid
      .tweak((each) => each.changeOutput(index, () => ({ linearId: "b2".repeat(16) })))
      .failsWith(`receivable/${command}-counts`);
  });

  test("its authority: nobody but the lender ends it", async () => {
    await valid
      .tweak((each) => each.withoutSignatureOf(lender))
      .failsWith("tx/authority-unsatisfied");
  });
});

test.each(Object.keys(receivableContract.commands))("%s of nothing at all", async (command) => {
  await tx()
    .input(cashContract, "cash", cash(debtor, 1n))
    .output(cashContract, "cash", cash(assignor, 1n))
    .command(cashContract, "move", {}, debtor)
    .command(receivableContract, command, {}, lender, assignor)
    .failsWith(`receivable/${command}-counts`);
});
