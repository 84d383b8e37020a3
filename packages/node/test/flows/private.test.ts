import { toHex } from "@stateset/codec";
import { encryptionKeysOf, type FlowRecord } from "@stateset/flow";
import {
  decodeSignedTransaction,
  type Leaf,
  leafOf,
  privateForms,
  readPrivateComponent,
  type TransactionId,
  unwrapContentKey,
} from "@stateset/ledger";
import { afterEach, expect, test } from "vitest";
import { Letters } from "./letter-app.ts";
import { type MemoryNode, MemoryNodes } from "./memory-nodes.ts";
import { Purse } from "./purse.ts";
import { Written } from "./written.ts";

let nodes: MemoryNodes | undefined;
afterEach(async () => {
  await nodes?.stop();
  nodes = undefined;
});

const SECRET = "The goods are of poor quality, and we both know it.";
const letter = {
  kind: "letter",
  subject: "s-1",
  mediaType: "text/plain",
  content: new TextEncoder().encode(SECRET),
};
const contact = {
  kind: "contact",
  mediaType: "text/vcard",
  content: new Uint8Array(70).fill(0xc7),
};

async function start(): Promise<{ made: MemoryNodes; letters: Letters; purse: Purse }> {
  const letters = new Letters();
  letters.components = [letter, contact];
  const made = await MemoryNodes.startWith({ apps: [letters.app()] }, "Alice", "Bob", "Carol");
  nodes = made;
  return { made, letters, purse: new Purse(made) };
}

async function send(made: MemoryNodes): Promise<FlowRecord> {
  const { engine } = made.node("Alice");
  const request = { flow: "letter/send", input: { to: "Bob" }, clientId: "letter-1" };
  return await engine.ended((await engine.start({ ...request, startedBy: "test" })).id);
}

function idOf({ result }: FlowRecord): TransactionId {
  return (JSON.parse(result ?? "{}") as { id: TransactionId }).id;
}

async function formsAt({ store }: MemoryNode, id: TransactionId) {
  const [found] = await store.transactions([id]);
  if (found === undefined) throw new Error(`${id} is not there`);
  return privateForms(decodeSignedTransaction(found.signed).transaction);
}

/** As the node's REST interface reads it. */
async function readAt(node: MemoryNode, id: TransactionId) {
  const by = { wrapped: await node.store.contentKeys(id), keys: encryptionKeysOf(node.keys) };
  return (await formsAt(node, id)).map((form, index) => readPrivateComponent(form, index, by));
}

async function contentKeysAt(node: MemoryNode, id: TransactionId): Promise<Uint8Array[]> {
  const leaves = new Map(
    (await formsAt(node, id)).map((form) => [form.kind === "sealed" && form.keyId, leafOf(form)]),
  );
  const keys = encryptionKeysOf(node.keys);
  return (await node.store.contentKeys(id)).map((wrapped) => {
    const leaf = toHex(leaves.get(wrapped.keyId) ?? new Uint8Array()) as Leaf;
    return unwrapContentKey(wrapped, { leaf, keys });
  });
}

test("a letter is read by its receiver, and lies and travels sealed", async () => {
  const { made, letters, purse } = await start();
  const written = new Written(made, "Alice", "Bob", "Carol");
  const sent = await send(made);
  expect(sent).toMatchObject({ status: "COMPLETED" });
  const id = idOf(sent);
  expect(letters.received).toMatchObject([[letter, contact]]);
  await expect.poll(() => purse.coins("Bob")).toEqual([100]);
  expect(await purse.pay("Bob", "Carol", 100)).toMatchObject({ status: "COMPLETED" });
  for (const name of ["Alice", "Bob"]) {
    const forms = await formsAt(made.node(name), id);
    expect(forms.map(({ kind }) => kind)).toEqual(["sealed", "sealed"]);
    expect(await readAt(made.node(name), id)).toEqual([letter, contact]);
    for (const form of forms)
      if (form.kind === "sealed") expect(written.holds(form.ciphertext)).toBe(true);
    const keys = await contentKeysAt(made.node(name), id);
    expect(new Set(keys.map(toHex)).size).toBe(2);
    for (const key of keys) expect(written.holds(key)).toBe(false);
  }
  for (const { content } of [letter, contact]) expect(written.holds(content)).toBe(false);
  expect((await formsAt(made.node("Carol"), id)).map(({ kind }) => kind)).toEqual([
    "hashed",
    "hashed",
  ]);
  expect(await made.node("Carol").store.contentKeys(id)).toEqual([]);
});

test("it is readable after a restart, and no more once its key is erased", async () => {
  const { made, purse } = await start();
  const id = idOf(await send(made));
  await expect.poll(() => purse.coins("Bob")).toEqual([100]);
  const bob = made.node("Bob");
  await bob.stop();
  await bob.restart();
  expect(await readAt(bob, id)).toEqual([letter, contact]);
  const [first] = await formsAt(bob, id);
  if (first?.kind !== "sealed") throw new Error("the letter is not sealed");
  await bob.store.eraseContentKeys(id, [first.keyId]);
  expect(await readAt(bob, id)).toEqual([undefined, contact]);
  expect(await readAt(made.node("Alice"), id)).toEqual([letter, contact]);
});

test("a receiver whose keys were changed on their way says so, and nothing is recorded", async () => {
  const { made, letters } = await start();
  letters.changeKeys = (wrapped) =>
    wrapped.map(({ keyId, wrapped: bytes }) => ({ keyId, wrapped: bytes.map((byte) => byte ^ 1) }));
  const { engine, store } = made.node("Alice");
  const request = { flow: "letter/send", input: { to: "Bob" }, startedBy: "test" };
  // Alice has signed, and so waits for the end of the transaction's window.
  const { id } = await engine.start(request);
  const refused = made.node("Bob").store;
  await expect
    .poll(async () => (await refused.flows({ limit: 1 })).items)
    .toMatchObject([{ status: "FAILED", error: { code: "tx/cannot-unwrap" } }]);
  expect(letters.received).toEqual([]);
  expect(await store.flow(id)).not.toMatchObject({ status: "COMPLETED" });
});

test("a component whose key did not come is left out", async () => {
  const { made, letters, purse } = await start();
  letters.changeKeys = (wrapped) => wrapped.slice(1);
  const id = idOf(await send(made));
  expect(letters.received).toMatchObject([[contact]]);
  await expect.poll(() => purse.coins("Bob")).toEqual([100]);
  expect(await readAt(made.node("Bob"), id)).toEqual([undefined, contact]);
});

const passed = await (async () => {
  const { made } = await start();
  made.points.length = 0;
  await send(made);
  await made.stop();
  nodes = undefined;
  return made.points.filter((point) => /^(Alice|Bob):letter\//.test(point));
})();

test.each(passed)("killed at %s, both can read what both recorded", async (where) => {
  const { made, purse } = await start();
  const [victim = "", point] = where.split(":");
  const killed = new Promise<void>((resolve) => {
    made.onPoint = (node, at) => {
      if (node !== victim || at !== point) return;
      made.onPoint = undefined;
      made.node(victim).crash();
      resolve();
    };
  });
  const first = send(made).catch(() => undefined);
  await killed;
  await made.node(victim).restart();
  if (victim === "Bob") await first;
  const sent = await send(made);
  expect(sent).toMatchObject({ status: "COMPLETED" });
  await expect.poll(() => purse.coins("Bob")).toEqual([100]);
  for (const name of ["Alice", "Bob"]) {
    expect(await made.node(name).store.contentKeys(idOf(sent))).toHaveLength(2);
    expect(await readAt(made.node(name), idOf(sent))).toEqual([letter, contact]);
  }
});
