import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import { invoiceNetwork } from "../../test/invoice-network.ts";
import { type InvoiceState, type InvoiceStatus, invoiceSchema, RESPONSE_STATUS } from "./index.ts";

const { invoice, creditNote, respond, pay, credit, transfer, voiding, writeOff } =
  await invoiceNetwork();

/** From which statuses which command may go on; a dot is `invoice/status-edge`. */
const TABLE = `
                         AB IP UQ CA RE AP pay credit transfer void write-off
  issued                 x  x  x  x  x  x  .   .      x        x    x
  acknowledged           .  x  x  x  x  x  .   .      x        x    x
  in-process             .  .  x  x  x  x  .   .      x        x    x
  under-query            .  x  .  x  x  x  .   .      x        x    x
  conditionally-accepted .  .  x  .  x  x  .   .      x        x    x
  rejected               .  .  .  .  .  .  .   .      .        x    .
  approved               .  .  .  .  .  .  x   x      x        .    x
  partially-paid         .  .  .  .  .  .  x   x      x        .    x
  paid                   .  .  .  .  .  .  .   .      .        .    .
  credited               .  .  .  .  .  .  .   .      .        .    .
  void                   .  .  .  .  .  .  .   .      .        .    .
  written-off            .  .  .  .  .  .  .   .      .        .    .
`;

const [commands = [], ...rows] = TABLE.trim()
  .split("\n")
  .map((line) => line.trim().split(/\s+/));
const edges = rows.flatMap(([from = "", ...cells]) =>
  cells.map((cell, i): [string, string, boolean] => [from, commands[i] ?? "", cell === "x"]),
);

/** What each command does of a valid invoice, whatever its status. */
function step(command: string, before: InvoiceState): TestTransaction {
  const outstanding = before.paidOnLedger === 0n ? "approved" : "partially-paid";
  switch (command) {
    case "pay":
      return pay(before, 10_000n);
    case "credit":
      return credit(before, creditNote(), { status: outstanding });
    case "transfer":
      return transfer(before);
    case "void":
      return voiding(before);
    case "write-off":
      return writeOff(before);
    default: {
      const reason = ["UQ", "CA", "RE"].includes(command) ? { clarification: "REF" } : {};
      const status = RESPONSE_STATUS[command as keyof typeof RESPONSE_STATUS];
      return respond(command, before, { status, ...reason });
    }
  }
}

const inStatus = (from: string) => {
  const paidOnLedger = from === "partially-paid" ? 40_000n : 0n;
  return invoice({ status: from as InvoiceStatus, paidOnLedger });
};

test("the table is whole", () => {
  expect(rows.map(([from]) => from)).toEqual(invoiceSchema.fields.status.values);
  expect(new Set(edges.map(([, , allowed]) => allowed)).size).toBe(2);
  expect(edges.length).toBe(rows.length * commands.length);
});

describe("from each status", () => {
  test.each(edges)("%s: %s, %s", async (from, command, allowed) => {
    const transaction = step(command, inStatus(from));
    if (allowed) await transaction.verifies();
    else await transaction.failsWith("invoice/status-edge");
  });
});

describe("a command leads to its own status only", () => {
  const outcomes = invoiceSchema.fields.status.values;
  test.each(commands)("%s", async (command) => {
    const from = ["pay", "credit", "transfer"].includes(command) ? "approved" : "issued";
    const valid = step(command, inStatus(from));
    const expected = (await valid.verifies()).outputs[0]?.state.status;
    const rule = command === "transfer" ? "invoice/transfer-keeps-status" : "invoice/status-edge";
    for (const status of outcomes.filter((each) => each !== expected))
      await valid.tweak((tx) => tx.changeOutput(0, () => ({ status }))).failsWith(rule);
  });
});
