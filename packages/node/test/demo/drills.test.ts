import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runDemo } from "../../src/demo/demo.ts";
import { readDemoInvoice } from "../../src/demo/demo-invoice.ts";
import { type DemoNetwork, startDemoNetwork } from "../../src/demo/demo-network.ts";
import {
  type Drill,
  type DrillAttempt,
  DrillNotes,
  type DrillParty,
  type DrillStage,
} from "../../src/demo/drills/drill.ts";
import { openDrillStage, reconcileDrilled } from "../../src/demo/drills/drill-stage.ts";
import { formerPayee } from "../../src/demo/drills/former-payee.ts";
import { killedLender } from "../../src/demo/drills/killed-lender.ts";
import { racingLenders } from "../../src/demo/drills/racing-lenders.ts";
import { DRILLS, type DrillsOutcome, runDrills } from "../../src/demo/drills/run-drills.ts";
import { sameInvoiceTwice } from "../../src/demo/drills/same-invoice-twice.ts";
import { shortOfCash } from "../../src/demo/drills/short-of-cash.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const SAMPLE = join(ROOT, "samples/invoice-eur-standard.xml");
const folder = mkdtempSync(join(tmpdir(), "stateset-drills-"));
const ALL_DRILLS_MS = 300_000;

let demo: DemoNetwork;
let stage: DrillStage;
let outcome: DrillsOutcome;
const attempts = new Map<string, DrillAttempt[]>();
const findings: string[] = [];

beforeAll(async () => {
  const invoice = await readDemoInvoice(new Uint8Array(readFileSync(SAMPLE)));
  const dir = join(folder, "network");
  demo = await startDemoNetwork({ names: invoice.names, hasRival: true, dir, log: () => {} });
  const { running } = demo.network;
  const { reconciliation } = await runDemo(running, invoice);
  expect(reconciliation.differences).toEqual([]);
  const opened = await openDrillStage(demo.network, dir, invoice);
  stage = opened.stage;
  outcome = await runDrills(stage, (waiting) => reconcileDrilled(opened.nodes, waiting), {
    onAttempt: ({ name }, attempt) => attempts.set(name, [...(attempts.get(name) ?? []), attempt]),
    onFinding: (_, sentence) => findings.push(sentence),
  });
}, ALL_DRILLS_MS);

afterAll(async () => {
  await demo?.network.remove();
  rmSync(folder, { recursive: true, force: true });
});

const refusals = (name: string) =>
  attempts.get(name)?.map(({ refusedBy = "completed" }) => refusedBy);

test("every drill ends as it must, and the books agree", () => {
  expect(outcome.results.map(({ name, failures }) => ({ name, failures }))).toEqual(
    DRILLS.map(({ name }) => ({ name, failures: [] })),
  );
  expect(outcome.reconciliation.differences).toEqual([]);
});

test("each is refused by its own rule or code", () => {
  expect(refusals("racing-lenders")?.sort()).toEqual([
    "completed",
    expect.stringMatching(/^(notary\/conflict|receivable\/no-title)$/),
  ]);
  expect(refusals("same-invoice-twice")).toEqual(["notary/unique-key-taken"]);
  expect(refusals("killed-lender")).toEqual(["completed"]);
  expect(refusals("former-payee")).toEqual(["invoice/another-payee", "invoice/pays-current-payee"]);
  expect(refusals("short-of-cash")).toEqual(["vault/insufficient", "receivable/cash-for-title"]);
});

test("the contracts refuse hundreds of illegal commands, each command some", () => {
  const commands = findings.flatMap(
    (each) => /^(invoice|receivable)\/[a-z-]+/.exec(each)?.[0] ?? [],
  );
  expect(commands.length).toBe(23);
  expect(attempts.get("illegal-commands")?.length).toBeGreaterThan(1500);
});

/** A party whose flow of that name does something else. */
function withFlow(party: DrillParty, flow: string, instead: () => Promise<object>): DrillParty {
  return {
    name: party.name,
    legalName: party.legalName,
    identity: party.identity,
    run: async (name, input) =>
      name === flow ? ((await instead()) as Record<string, unknown>) : party.run(name, input),
    holds: (txId) => party.holds(txId),
    states: (type, query) => party.states(type, query),
  };
}

async function failuresOf(drill: Drill, change: Partial<DrillStage>): Promise<string[]> {
  const notes = new DrillNotes();
  await drill.run({ ...stage, ...change }, notes);
  return notes.failures;
}

const done = async () => ({});

/** Fault: the guard is gone, and what must be refused goes through. */
describe("a drill fails where its guard is gone", () => {
  test("racing-lenders: both have the title", async () => {
    const { lender, rival } = stage.parties;
    const both = { rival: withFlow(rival, "receivable/assign", done) };
    expect(
      await failuresOf(racingLenders, { parties: { ...stage.parties, lender, ...both } }),
    ).toEqual(["it does not hold that exactly one of the two has the title"]);
  });

  test("same-invoice-twice: it is issued", async () => {
    const seller = withFlow(stage.parties.seller, "invoice/issue", done);
    const found = await failuresOf(sameInvoiceTwice, { parties: { ...stage.parties, seller } });
    expect(found[0]).toMatch(/completed, and must be refused by notary\/unique-key-taken$/);
  });

  test("killed-lender: it does not come back to its flow", async () => {
    const processes: DrillStage["processes"] = {
      ...stage.processes,
      arm: async () => {},
      died: async () => false,
      revive: async () => {},
      start: async (name, start) => ({
        ...(await stage.processes.start(name, start)),
        status: "FAILED",
        error: { code: "notary/absent", detail: "" },
      }),
    };
    const found = await failuresOf(killedLender, { processes });
    expect(found).toEqual([
      expect.stringMatching(/^it does not hold that the lender's node ended at/),
      expect.stringMatching(/refused by notary\/absent, and must be completed$/),
    ]);
  });

  test("former-payee: the seller is paid, by flow and by contract", async () => {
    const buyer = withFlow(stage.parties.buyer, "invoice/pay", done);
    const contracts = { ...stage.contracts, refusalOf: async () => undefined };
    const found = await failuresOf(formerPayee, {
      parties: { ...stage.parties, buyer },
      contracts,
    });
    expect(found).toEqual([
      expect.stringMatching(/completed, and must be refused by invoice\/another-payee$/),
      expect.stringMatching(/completed, and must be refused by invoice\/pays-current-payee$/),
    ]);
  });

  test("short-of-cash: the title moves without all of the cash", async () => {
    const rival = withFlow(stage.parties.rival, "receivable/assign", done);
    const contracts = { ...stage.contracts, refusalOf: async () => undefined };
    const found = await failuresOf(shortOfCash, {
      parties: { ...stage.parties, rival },
      contracts,
    });
    expect(found).toEqual([
      expect.stringMatching(/completed, and must be refused by vault\/insufficient$/),
      expect.stringMatching(/completed, and must be refused by receivable\/cash-for-title$/),
    ]);
  });

  test("a drill that breaks off is failed, and the next is run", async () => {
    const broken: Drill = {
      name: "broken",
      title: "breaks off",
      run: () => Promise.reject(new Error("no network")),
    };
    const idle: Drill = { name: "idle", title: "does nothing", run: async () => {} };
    const { results } = await runDrills(stage, async () => outcome.reconciliation, {
      drills: [broken, idle],
    });
    expect(results.map(({ failures }) => failures)).toEqual([["it broke off: no network"], []]);
  });
});
