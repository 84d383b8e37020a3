import { decodeSignedTransaction, type TransactionId } from "@stateset/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { frameName } from "./forged-frames.ts";
import { MemoryNodes } from "./memory-nodes.ts";
import { Purse } from "./purse.ts";
import { refuse, ThreeSigners } from "./three-signers-app.ts";

const PARTIES = ["First", "Second", "Third", "Witness"];
const others = { second: "Second", third: "Third", witness: "Witness" };

let three: ThreeSigners;
let nodes: MemoryNodes;
let purse: Purse;

async function start(options: { transactionWindowMs?: number } = {}): Promise<void> {
  three = new ThreeSigners();
  const contractApps = [three.contractApp];
  nodes = await MemoryNodes.startWith({ contractApps, ...options }, ...PARTIES);
  purse = new Purse(nodes);
}

afterEach(async () => {
  await nodes.stop();
});

async function make(how = "properly") {
  return await purse.run("First", "pact/make", { ...others, how });
}

async function notes(name: string): Promise<unknown[]> {
  const { items } = await nodes.node(name).store.query({ contract: "pact", type: "pact" });
  return items.map(({ state }) => state.note);
}

/** The last flow of a name at a node. */
async function flowAt(name: string, flow: string) {
  const { items } = await nodes.node(name).engine.list({ flow, limit: 1 });
  return items[0];
}

async function signaturesAt(name: string, id: TransactionId): Promise<number | undefined> {
  const [stored] = await nodes.node(name).store.transactions([id]);
  return stored && decodeSignedTransaction(stored.signed).signatures.length;
}

describe("with time enough", () => {
  beforeEach(async () => await start());

  test("three sign, and each of them and who is told holds all signatures", async () => {
    const windows: unknown[] = [];
    three.agree = (_, { contents }) => void windows.push(contents.timeWindow);
    const made = await make();
    expect(made).toMatchObject({ status: "COMPLETED" });
    const { id } = JSON.parse(made.result ?? "{}") as { id: TransactionId };
    for (const name of PARTIES) {
      await expect.poll(() => notes(name)).toEqual(["made"]);
      expect(await signaturesAt(name, id)).toBe(3);
    }
    await purse.isQuiet(...PARTIES);
    // A dated transaction says when it began, a minute before it was built, for the clocks' sake.
    const { from, until } = windows[0] as { from: number; until: number };
    expect(until - from).toBe(11 * 60_000);
  });

  test("a later change of it is signed by all three again, with its history", async () => {
    await make();
    expect(await purse.run("First", "pact/renew", { note: "renewed" })).toMatchObject({
      status: "COMPLETED",
    });
    for (const name of PARTIES) await expect.poll(() => notes(name)).toEqual(["renewed"]);
  });

  test("whose signature completes it, or is not needed, is not sent those of the others", async () => {
    await make();
    await purse.isQuiet(...PARTIES);
    const said: string[] = [];
    nodes.onFrame = (_, frame) => said.push(frameName(frame)) > 0;
    const input = { note: "annotated", told: "", asked: "yes" };
    expect(await purse.run("First", "pact/annotate", input)).toMatchObject({ status: "COMPLETED" });
    for (const name of PARTIES.slice(0, 3))
      await expect.poll(() => notes(name)).toEqual(["annotated"]);
    expect(said.filter((each) => each === "signed" || each === "accepted")).toEqual([]);
  });

  test("one counterparty is sent what it always was, and no more", async () => {
    await purse.run("First", "cash/issue", {
      to: "Second",
      amount: { minorUnits: "5", currency: "CHF" },
    });
    await purse.isQuiet("First", "Second");
    const said: string[] = [];
    nodes.onFrame = (_, frame) => said.push(frameName(frame)) > 0;
    const input = { issuer: "First", amount: { minorUnits: "5", currency: "CHF" } };
    expect(await purse.run("Second", "cash/redeem", input)).toMatchObject({ status: "COMPLETED" });
    await purse.isQuiet("First", "Second");
    const messages = said.filter((each) => each !== "progress" && each !== "end");
    expect(messages).toEqual(["proposal", "signature", "final"]);
  });

  test("the notary is not asked before every signer holds all signatures", async () => {
    nodes.onPoint = (node, point) => {
      // It has given its signature.
      if (node === "First" && point === "pact/make/receive/after#1") nodes.node("Second").crash();
    };
    const id = await purse.start("First", "pact/make", others);
    const sent = "First:pact/make/receive/before#3";
    await expect.poll(() => nodes.points).toContain(sent);
    expect(nodes.points.filter((point) => point.includes("notarise"))).toEqual([]);
    await nodes.node("Second").restart();
    expect(await nodes.node("First").engine.ended(id)).toMatchObject({ status: "COMPLETED" });
    await expect.poll(() => notes("Second")).toEqual(["made"]);
  });

  test("what was verified partly is not recorded, whatever the notary says", async () => {
    const made = await make("recording what is partly verified");
    expect(made).toMatchObject({ status: "HOSPITAL", error: { code: "flow/not-verified" } });
    const { id } = (made.error?.facts ?? {}) as { id: TransactionId };
    expect(await signaturesAt("First", id)).toBeUndefined();
    expect(await notes("First")).toEqual([]);
    expect(await nodes.node("First").engine.retry(made.id)).toBeDefined();
    await expect.poll(() => flowAt("First", "pact/make")).toMatchObject({ status: "HOSPITAL" });
    expect(await notes("First")).toEqual([]);
  });

  test("what a signer checked as if signed, and refused, does not count as signed", async () => {
    three.agree = refuse;
    await purse.start("First", "pact/make", { ...others, how: "telling who refused" });
    const unsigned = { status: "FAILED", error: { code: "tx/signer-missing" } };
    for (const name of ["Second", "Third"]) {
      await expect.poll(() => flowAt(name, "pact/told")).toMatchObject(unsigned);
      expect(await notes(name)).toEqual([]);
    }
  });

  test("nor does what one signed itself, while another's signature is missing", async () => {
    three.agree = ({ self }) => {
      if (self.name.startsWith("O=Third,")) refuse();
    };
    await purse.start("First", "pact/make", { ...others, how: "telling who refused" });
    const unsigned = { status: "FAILED", error: { code: "tx/signer-missing" } };
    for (const name of ["Second", "Third"]) {
      await expect.poll(() => flowAt(name, "pact/told")).toMatchObject(unsigned);
      expect(await notes(name)).toEqual([]);
    }
  });
});

describe("with a window that ends soon", () => {
  beforeEach(async () => await start({ transactionWindowMs: 4000 }));

  test("a signer that refuses ends it for all, and nothing is recorded", async () => {
    three.agree = ({ self }) => {
      if (self.name.startsWith("O=Third,")) refuse();
    };
    expect(await make()).toMatchObject({ status: "FAILED", error: { code: "pact/refused" } });
    await expect
      .poll(() => flowAt("Second", "pact/sign"))
      .toMatchObject({ status: "FAILED", error: { code: "notary/absent" } });
    for (const name of PARTIES) expect(await notes(name)).toEqual([]);
    await purse.isQuiet(...PARTIES);
  });

  test.each(["without handing out", "handing out too few", "handing out what does not hold"])(
    "an initiator that keeps the signatures to itself, %s: who signed is held, for all to see",
    async (how) => {
      expect(await make(how)).toMatchObject({ status: "COMPLETED" });
      const held = { status: "HOSPITAL", error: { code: "flow/not-verified" } };
      await expect.poll(() => flowAt("Second", "pact/sign")).toMatchObject(held);
      expect(await notes("Second")).toEqual([]);
      expect(await notes("Third")).toEqual(["made"]);
      // What comes another way, here as the history of what it is told next, lets it go.
      const input = { note: "annotated", told: "Second" };
      expect(await purse.run("First", "pact/annotate", input)).toMatchObject({
        status: "COMPLETED",
      });
      await expect.poll(() => notes("Second")).toEqual(["annotated"]);
      const { id = "" } = (await flowAt("Second", "pact/sign")) ?? {};
      await nodes.node("Second").engine.retry(id);
      await expect.poll(() => flowAt("Second", "pact/sign")).toMatchObject({ status: "FAILED" });
    },
  );

  test("an initiator that is late with them: who signed waits, visibly, and then has them", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    three.late = promise;
    const id = await purse.start("First", "pact/make", { ...others, how: "handing out late" });
    const { engine } = nodes.node("Second");
    await expect.poll(() => flowAt("Second", "pact/sign")).toBeDefined();
    const { id: signing = "" } = (await flowAt("Second", "pact/sign")) ?? {};
    const steps: unknown[] = [];
    const stop = engine.watch(signing, ({ record }) => steps.push(record.progress));
    const shown = "waits for the others' signatures under a transaction that is notarised";
    await expect.poll(() => steps).toContain(shown);
    expect(await notes("Second")).toEqual([]);
    await nodes.node("Second").stop();
    await nodes.node("Second").restart();
    resolve();
    expect(await nodes.node("First").engine.ended(id)).toMatchObject({ status: "COMPLETED" });
    await expect.poll(() => notes("Second")).toEqual(["made"]);
    stop();
  });
});
