import { readFileSync } from "node:fs";
import {
  decodeReceiptFile,
  encodeDossier,
  type Receipt,
  type TransactionId,
} from "@stateset/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryNodes } from "../flows/memory-nodes.ts";
import { startRestFixture } from "../rest/rest-fixture.ts";
import { at, receipt, verified, write } from "./run-receipt.ts";

let nodes: MemoryNodes;
let rest: Awaited<ReturnType<typeof startRestFixture>>;
let ids: TransactionId[];
let trust: string;

/** Two payments on a network, as a node shows them; the notary is the only one of its cluster. */
beforeAll(async () => {
  nodes = await MemoryNodes.start("Bank", "Alice");
  rest = await startRestFixture();
  ids = [await issue(1), await issue(2)];
  const { store } = nodes.node("Alice");
  const held = await store.transactions(ids);
  await rest.store.commit(held.map((transaction) => ({ kind: "transaction", transaction })));
  const [notary] = nodes.map.notaries();
  const [genesis] = notary?.memberSets ?? [];
  trust = write("trust.json", { network: nodes.map.network, genesis, changes: [] });
});
afterAll(async () => {
  await rest.server.close();
  await nodes.stop();
});

async function issue(minorUnits: number): Promise<TransactionId> {
  const { engine } = nodes.node("Bank");
  const amount = { minorUnits: String(minorUnits), currency: "CHF" };
  const input = { to: "Alice", amount };
  const { id } = await engine.start({ flow: "cash/issue", input, startedBy: "test" });
  const { result } = await engine.ended(id);
  return (JSON.parse(String(result)) as { transactionId: TransactionId }).transactionId;
}

const node = () => ["--node", rest.url, "--token", rest.operator];
const receiptAt = async (id: string) =>
  (await rest.call("GET", `/v1/transactions/${id}/receipt`)).json as {
    id: string;
    receipt: Receipt;
  };

describe("a receipt of a running network", () => {
  test("is saved from a node, and verified without it", async () => {
    const file = at("paid.receipt");
    const [id = ""] = ids;
    const got = await receipt("get", id, "--output", file, ...node(), "--json");
    const bytes = readFileSync(file);
    const { block } = decodeReceiptFile(bytes).receipt;
    const { height, blockTime, cluster } = block;
    expect(JSON.parse(got.stdout)).toEqual({ id, file, bytes: bytes.length, height, blockTime });
    expect(await verified(file, "--trust", trust)).toEqual({
      ...{ status: 0, ok: true, id, cluster, height, blockTime },
      ...{ epoch: 0, signers: 1, quorum: 1 },
    });
  });

  test("may be kept as what a command or REST prints", async () => {
    const [id = ""] = ids;
    const { stdout } = await receipt("get", id, ...node(), "--json");
    const { text } = await rest.call("GET", `/v1/transactions/${id}`);
    for (const printed of [stdout, text])
      expect(await verified(write("printed.json", printed), "--trust", trust)).toMatchObject({
        ...{ ok: true, id },
      });
    const { stdout: shown } = await receipt("get", id, ...node());
    expect(shown).toMatch(/notarised 20.*Z in block \d+ of cluster [0-9a-f]{64}\n/);
    expect(shown).toContain("receipt verify");
  });

  test("does not count for another transaction", async () => {
    const [one = "", other = ""] = ids;
    const { receipt: ofOne } = await receiptAt(one);
    const file = write("swapped.json", { id: other, receipt: ofOne });
    expect(await verified(file, "--trust", trust)).toMatchObject({
      ...{ status: 1, ok: false, error: { code: "receipt/not-in-block", id: other } },
    });
  });

  test("is not saved where a node gives that of another one", async () => {
    const [one] = await nodes.node("Alice").store.transactions(ids);
    if (one === undefined) throw new Error("it is held");
    const id = "3c".repeat(32) as TransactionId;
    await rest.store.commit([{ kind: "transaction", transaction: { ...one, id } }]);
    const got = receipt("get", id, "--output", at("false.receipt"), ...node());
    await expect(got).rejects.toMatchObject({ code: "receipt/not-in-block" });
    expect(() => readFileSync(at("false.receipt"))).toThrow("ENOENT");
  });

  test("is read by every role, and by nobody without a token", async () => {
    const path = `/v1/transactions/${ids[0]}/receipt`;
    for (const role of ["admin", "operator", "user", "viewer"] as const) {
      const token = await rest.tokenOf({ roles: [role] });
      expect(await rest.call("GET", path, { token })).toMatchObject({ status: 200 });
    }
    expect(await rest.call("GET", path, { token: "" })).toMatchObject({ status: 401 });
  });

  test.each([
    ["0f".repeat(32), 404, "rest/not-found"],
    ["0F", 400, "rest/malformed"],
  ])("of %s is refused", async (id, status, code) => {
    const answer = await rest.call("GET", `/v1/transactions/${id}/receipt`);
    expect(answer).toMatchObject({ status, json: { code } });
    await expect(receipt("get", id, ...node())).rejects.toMatchObject({ code });
  });
});

describe("a transaction file", () => {
  async function dossierWith(...receipts: Receipt[]): Promise<Uint8Array> {
    const [id, ...others] = ids as [TransactionId, TransactionId];
    const [stored] = await nodes.node("Alice").store.transactions([id]);
    if (stored === undefined) throw new Error("it is held");
    const told = receipts.map((each, index) => ({
      id: [id, ...others][index] as TransactionId,
      receipt: each,
    }));
    return encodeDossier({
      ...{ transaction: stored.signed, history: [], bundles: [], registrations: [] },
      ...{ parameters: [nodes.map.current], receipts: told },
    });
  }

  test("is verified by the receipt in it", async () => {
    const [id = ""] = ids;
    const file = write("paid.tx", await dossierWith((await receiptAt(id)).receipt));
    expect(await verified(file, "--trust", trust)).toMatchObject({ status: 0, ok: true, id });
  });

  test("without one is refused", async () => {
    const [id = ""] = ids;
    expect(await verified(write("bare.tx", await dossierWith()), "--trust", trust)).toMatchObject({
      ...{ status: 1, ok: false, error: { code: "receipt/missing", id } },
    });
  });

  test("names its notary itself", async () => {
    const { receipt: given } = await receiptAt(ids[0] ?? "");
    const { cluster: expected } = given.block;
    const found = "5a".repeat(32);
    const foreign = { ...given, block: { ...given.block, cluster: found as typeof expected } };
    expect(
      await verified(write("foreign.tx", await dossierWith(foreign)), "--trust", trust),
    ).toMatchObject({ ok: false, error: { code: "receipt/wrong-chain", expected, found } });
  });
});
