import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import { DUE, receivableNetwork, signedBy } from "../../test/receivable-network.ts";
import {
  type NoticeState,
  noticeSchema,
  type OfferState,
  offerSchema,
  plusDays,
  type ReceivableState,
  receivableContract,
  receivableSchema,
} from "./index.ts";

const network = await receivableNetwork();
const { requested, offered, receivable, notice, invoice, terms } = network;

/** From which statuses which command may go on; a dot is `receivable/status-edge`. */
const OFFERS = `
             quote accept decline withdraw expire
  requested  x     .      x       x        .
  offered    x     x      x       x        x
  accepted   .     .      .       .        x
  declined   .     .      .       .        .
  withdrawn  .     .      .       .        .
  expired    .     .      .       .        .
`;
const RECEIVABLES = `
                  collect settle mark-overdue call-recourse repurchase default
  assigned        x       x      x            .             x          .
  collecting      x       x      x            .             x          .
  overdue         x       x      .            x             x          x
  recourse-called x       x      .            .             x          x
  defaulted       x       x      .            .             x          .
  settled         .       .      .            .             .          .
  diluted         .       .      .            .             .          .
  repurchased     .       .      .            .             .          .
  recovered       .       .      .            .             .          .
  written-off     .       .      .            .             .          .
`;
const NOTICES = `
               notify acknowledge repurchase
  prepared     x      .           x
  given        .      x           x
  acknowledged .      .           x
  released     .      .           .
`;

type Edge = [from: string, command: string, allowed: boolean];

function edgesOf(table: string): { statuses: string[]; commands: string[]; edges: Edge[] } {
  const [commands = [], ...rows] = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const edges = rows.flatMap(([from = "", ...cells]) =>
    cells.map((cell, i): Edge => [from, commands[i] ?? "", cell === "x"]),
  );
  return { statuses: rows.map(([from = ""]) => from), commands, edges };
}

/** What each command does of a valid state, whatever its status. */
function ofOffer(from: string, command: string): TestTransaction {
  const made = from === "requested" ? requested() : offered();
  const before: OfferState = { ...made, status: from as OfferState["status"] };
  const { quote, accept, decline, withdraw, expire } = network;
  const steps: Record<string, (before: OfferState) => TestTransaction> = {
    ...{ quote, accept, decline, withdraw, expire },
  };
  return (steps[command] as (before: OfferState) => TestTransaction)(before);
}

function ofReceivable(from: string, command: string): TestTransaction {
  const before = receivable({
    status: from as ReceivableState["status"],
    terms: terms({ recourseDays: 30 }),
  });
  const late = (days: number) => plusDays(DUE, days);
  const steps: Record<string, () => TestTransaction> = {
    collect: () => network.collect(before, invoice([["2026-03-20", 1n]])),
    settle: () => network.settle(before, invoice([[DUE, 100_000n]]), DUE),
    "mark-overdue": () => network.markOverdue(before, invoice(), late(1)),
    "call-recourse": () => network.callRecourse(before, invoice(), late(30)),
    repurchase: () => network.repurchase(before, invoice(), late(31)),
    default: () => network.default(before, invoice(), late(31)),
  };
  return (steps[command] as () => TestTransaction)();
}

function ofNotice(from: string, command: string): TestTransaction {
  const before = notice({ status: from as NoticeState["status"] });
  if (command === "notify") return network.notify(before);
  if (command === "acknowledge") return network.acknowledge(before);
  return network.repurchase(receivable(), invoice(), plusDays(DUE, 1), before);
}

describe.each([
  ["offer", OFFERS, offerSchema.fields.status.values, ofOffer],
  ["receivable", RECEIVABLES, receivableSchema.fields.status.values, ofReceivable],
  ["notice", NOTICES, noticeSchema.fields.status.values, ofNotice],
] as const)("%s", (_, table, values, step) => {
  const { statuses, commands, edges } = edgesOf(table);

  test("the table is whole", () => {
    expect(statuses).toEqual(values);
    expect(edges.length).toBe(statuses.length * commands.length);
  });

  test.each(edges)("%s: %s, %s", async (from, command, allowed) => {
    if (allowed) await step(from, command).verifies();
    else await step(from, command).failsWith("receivable/status-edge");
  });

  test.each(commands)("%s leads to its own status only", async (command) => {
    const [from = ""] = edges.find(([, name, allowed]) => name === command && allowed) ?? [];
    const valid = step(from, command);
    const index = command === "repurchase" && step === ofNotice ? 1 : 0;
    const expected = (await valid.verifies()).outputs[index]?.state.status;
    for (const status of values.filter((each) => each !== expected))
      await valid
        .tweak((tx) => tx.changeOutput(index, () => ({ status })))
        .failsWith("receivable/status-edge");
  });
});

test("no command is left out of the tables", () => {
  const named = [OFFERS, RECEIVABLES, NOTICES].flatMap((table) => edgesOf(table).commands);
  const updating = Object.entries(receivableContract.commands).filter(([, { updates }]) => updates);
  expect([...new Set(named)].sort()).toEqual(updating.map(([command]) => command).sort());
});

test("receivable/status-edge: the lender alone answers a request, and never an accepted offer", async () => {
  const by = signedBy(receivableContract, network.lender);
  await network.decline(requested()).tweak(by).verifies();
  await network.decline(network.accepted()).tweak(by).failsWith("receivable/status-edge");
  await network.withdraw(network.accepted()).tweak(by).failsWith("receivable/status-edge");
});
