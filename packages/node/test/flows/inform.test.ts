import { RemoteFailure } from "@stateset/flow";
import type { TransactionId } from "@stateset/ledger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { frameName } from "./forged-frames.ts";
import { MemoryNodes } from "./memory-nodes.ts";
import { Purse } from "./purse.ts";
import { refuse, ThreeSigners } from "./three-signers-app.ts";

const PARTIES = ["First", "Second", "Third", "Witness"];
const others = { second: "Second", third: "Third", witness: "Witness" };

let three: ThreeSigners;
let nodes: MemoryNodes;
let purse: Purse;

beforeEach(async () => {
  three = new ThreeSigners();
  nodes = await MemoryNodes.startWith({ contractApps: [three.contractApp] }, ...PARTIES);
  purse = new Purse(nodes);
});
afterEach(async () => {
  await nodes.stop();
});

async function completes(flow: string, input: object): Promise<TransactionId> {
  const ended = await purse.run("First", flow, input);
  expect(ended).toMatchObject({ status: "COMPLETED" });
  return (JSON.parse(ended.result ?? "{}") as { id: TransactionId }).id;
}

async function pacts(name: string): Promise<string[]> {
  const query = { contract: "pact", type: "pact", status: "all" } as const;
  const { items } = await nodes.node(name).store.query(query);
  return items.map(({ state, status }) => `${state.note} ${status}`);
}

async function told(): Promise<string[]> {
  const { items } = await nodes.node("Witness").engine.list({ flow: "pact/told", limit: 10 });
  return items.map(({ status }) => status);
}

test("who is down hears of it when it is back, however often the others were restarted", async () => {
  nodes.node("Witness").crash();
  const id = await completes("pact/make", others);
  for (const name of ["First", "Second"]) {
    await nodes.node(name).stop();
    await nodes.node(name).restart();
  }
  // The flow is over, and only the outbox remembers.
  expect(await nodes.node("First").store.unfinished()).toEqual([]);
  expect(await nodes.node("First").store.undelivered()).toHaveLength(1);
  await nodes.node("Witness").restart();
  await expect.poll(() => pacts("Witness")).toEqual(["made unconsumed"]);
  expect(await nodes.node("Witness").engine.transaction(id)).toMatchObject({ id });
  await purse.isQuiet(...PARTIES);
});

test("who hears of a later transaction first has the earlier ones from its history", async () => {
  let isEarlier = true;
  const held = new Set<string>();
  nodes.onFrame = (node, frame) => {
    if (node !== "Witness" || frameName(frame) !== "recorded" || !isEarlier) return true;
    held.add(frameName(frame));
    return false;
  };
  await completes("pact/make", others);
  await expect.poll(() => held.size).toBe(1);
  isEarlier = false;
  await completes("pact/annotate", { note: "one", told: "" });
  await completes("pact/annotate", { note: "two", told: "Witness" });
  const all = ["made consumed", "one consumed", "two unconsumed"];
  await expect.poll(() => pacts("Witness")).toEqual(all);
  // What was lost comes with the next connection, and changes nothing.
  nodes.cut("First", "Witness");
  nodes.mend("First", "Witness");
  await expect.poll(told).toEqual(["COMPLETED", "COMPLETED"]);
  expect(await pacts("Witness")).toEqual(all);
  await purse.isQuiet(...PARTIES);
});

test("who is told what it has recorded already changes nothing", async () => {
  await completes("pact/make", others);
  await completes("pact/annotate", { note: "one", told: "Witness,Second,Witness" });
  await expect.poll(told).toEqual(["COMPLETED", "COMPLETED", "COMPLETED"]);
  for (const name of ["Second", "Witness"])
    await expect.poll(() => pacts(name)).toEqual(["made consumed", "one unconsumed"]);
  await purse.isQuiet(...PARTIES);
});

test("who does not agree records nothing, and is nobody else's trouble", async () => {
  three.agree = ({ self }) => {
    if (self.name.startsWith("O=Witness,")) refuse();
  };
  await completes("pact/make", others);
  await expect.poll(told).toEqual(["FAILED"]);
  expect(await pacts("Witness")).toEqual([]);
  for (const name of ["First", "Second", "Third"])
    await expect.poll(() => pacts(name)).toEqual(["made unconsumed"]);
  await purse.isQuiet(...PARTIES);
});

test("who is told while its peer cannot be asked fetches the history when it can", async () => {
  nodes.cut("First", "Witness");
  await completes("pact/make", others);
  await completes("pact/annotate", { note: "one", told: "" });
  await completes("pact/annotate", { note: "two", told: "Witness" });
  const { network } = nodes.node("Witness");
  const { request } = network;
  let isAway = true;
  network.request = async (peer, kind, ...rest) => {
    if (isAway && kind === "ledger/transactions")
      throw new RemoteFailure("network/disconnected", "the peer is gone");
    return await request(peer, kind, ...rest);
  };
  nodes.mend("First", "Witness");
  const waits = "Witness warn flow waits for what is away";
  await expect.poll(() => nodes.logs.some((line) => line.startsWith(waits))).toBe(true);
  expect(await pacts("Witness")).not.toContain("two unconsumed");
  isAway = false;
  await expect
    .poll(() => pacts("Witness"))
    .toEqual(["made consumed", "one consumed", "two unconsumed"]);
  await purse.isQuiet(...PARTIES);
});
