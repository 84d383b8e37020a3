import { spawnSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { encode, HASH_BYTES, hex, list, record } from "@stateset/codec";
import {
  encodeReceiptFile,
  memberSetChangeSchema,
  memberSetSchema,
  type Receipt,
} from "@stateset/ledger";
import { describe, expect, test } from "vitest";
import { at, receipt, verified, write } from "./run-receipt.ts";
import {
  BLOCK,
  CHANGE,
  CLUSTER,
  ID,
  memberSet,
  RECEIPT,
  SHORT_CHANGE,
  signedBy,
  trustOf,
  VOUCHED,
  workers,
} from "./sample-cluster.ts";

const STATESET = join(import.meta.dirname, "../../bin/stateset.mjs");
const encoded = encodeReceiptFile({ id: ID, receipt: RECEIPT });
const file = write("valid.receipt", encoded);
const trust = write("notary.trust.json", trustOf());
const rotated = write("rotated.trust.json", trustOf(CHANGE));
const ok = {
  ...{ status: 0, ok: true, id: ID, cluster: CLUSTER, height: 3 },
  ...{ blockTime: BLOCK.blockTime, epoch: 0, signers: 5, quorum: 5 },
};
const refused = (code: string, facts: object = {}) => ({
  status: 1,
  ok: false,
  error: { code, detail: expect.stringMatching(/.: |;/), ...facts },
});

describe("a valid receipt", () => {
  test("is told by who signed what", async () => {
    expect(await verified(file, "--trust", trust)).toEqual(ok);
    const { status, stdout, stderr } = await receipt("verify", file, "--trust", trust);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(`${ID} was notarised\n`);
    expect(stdout).toContain("  block       3, 2026-01-02T00:00:00.000Z\n");
    expect(stdout).toContain("  signatures  5 of 7 members, 5 needed\n");
  });

  test("may be JSON, with whatever else stands beside it", async () => {
    const json = { groups: [], id: ID, notarisedAt: "…", receipt: RECEIPT, signatures: [] };
    expect(await verified(write("tx.json", json), "--trust", trust)).toEqual(ok);
    const spaced = write("spaced.json", `\n ${JSON.stringify(json, undefined, 2)}`);
    expect(await verified(spaced, "--trust", trust)).toEqual(ok);
  });

  test("may be checked by a canonical trust file", async () => {
    const schema = record({
      network: hex({ length: HASH_BYTES }),
      genesis: memberSetSchema,
      changes: list(memberSetChangeSchema, { max: 1 }),
    });
    const canonical = write("notary.trust", encode(schema, trustOf(CHANGE)));
    const vouched = write("vouched.json", { id: ID, receipt: VOUCHED });
    expect(await verified(vouched, "--trust", canonical)).toEqual(ok);
  });
});

describe("a receipt of a retired epoch", () => {
  test("needs a current block that vouches for its own", async () => {
    const detail = expect.stringContaining("have retired");
    const facts = { epoch: 0, current: 1, detail };
    expect(await verified(file, "--trust", rotated)).toEqual(
      refused("receipt/retired-epoch", facts),
    );
    const vouched = write("vouched.receipt", encodeReceiptFile({ id: ID, receipt: VOUCHED }));
    expect(await verified(vouched, "--trust", rotated)).toEqual(ok);
    const { stdout } = await receipt("verify", vouched, "--trust", rotated);
    expect(stdout).toContain("of epoch 0, retired; block 4 of epoch 1 vouches for it");
  });

  test.each<[string, (history: NonNullable<Receipt["inHistory"]>) => object, string]>([
    ["index", ({ index }) => ({ index: index - 1 }), "receipt/retired-epoch"],
    ["size", ({ size }) => ({ size: size + 2 }), "receipt/retired-epoch"],
    ["path", ({ path }) => ({ path: path.slice(1) }), "receipt/retired-epoch"],
    ["signatures", () => ({ signatures: RECEIPT.signatures }), "receipt/quorum-missing"],
    ["block", () => ({ block: BLOCK, signatures: RECEIPT.signatures }), "receipt/retired-epoch"],
  ])("is refused with another %s in its history", async (field, change, code) => {
    const { inHistory } = VOUCHED;
    if (inHistory === undefined) throw new Error("the sample has a history");
    const broken = { ...VOUCHED, inHistory: { ...inHistory, ...change(inHistory) } };
    const path = write(`history-${field}.json`, { id: ID, receipt: broken });
    expect(await verified(path, "--trust", rotated)).toMatchObject(refused(code));
  });
});

/** Each row changes one field; whoever changed it has no member's key. */
const HASH = "5a".repeat(32);
const { inBlock, signatures } = RECEIPT;
const [first, ...others] = signatures as [Receipt["signatures"][0], ...Receipt["signatures"]];
const mutations: [field: string, change: object, code: string][] = [
  ["block.cluster", { block: { ...BLOCK, cluster: HASH } }, "receipt/unknown-notary"],
  ["block.height", { block: { ...BLOCK, height: 4 } }, "receipt/quorum-missing"],
  ["block.blockTime", { block: { ...BLOCK, blockTime: 1 } }, "receipt/quorum-missing"],
  ["block.memberEpoch", { block: { ...BLOCK, memberEpoch: 1 } }, "receipt/untrusted-members"],
  [
    "block.memberSetHash",
    { block: { ...BLOCK, memberSetHash: HASH } },
    "receipt/untrusted-members",
  ],
  ["block.blockRoot", { block: { ...BLOCK, blockRoot: HASH } }, "receipt/quorum-missing"],
  ["block.historyRoot", { block: { ...BLOCK, historyRoot: HASH } }, "receipt/quorum-missing"],
  [
    "signatures.0.signature",
    { signatures: [{ ...first, signature: HASH + HASH }, ...others] },
    "receipt/quorum-missing",
  ],
  [
    "signatures.0.key",
    { signatures: [{ ...first, key: HASH }, ...others] },
    "receipt/quorum-missing",
  ],
  ["signatures, one less", { signatures: others }, "receipt/quorum-missing"],
  ["signatures, one twice", { signatures: [...others, others[0]] }, "receipt/quorum-missing"],
  [
    "signatures, of the next members",
    { signatures: signedBy(BLOCK, workers(1)) },
    "receipt/quorum-missing",
  ],
  ["inBlock.index", { inBlock: { ...inBlock, index: 1 } }, "receipt/not-in-block"],
  ["inBlock.size", { inBlock: { ...inBlock, size: 3 } }, "receipt/not-in-block"],
  [
    "inBlock.path",
    { inBlock: { ...inBlock, path: inBlock.path.toReversed() } },
    "receipt/not-in-block",
  ],
];

test.each(mutations)("another %s is refused", async (field, change, code) => {
  const path = write(`${field}.json`, { id: ID, receipt: { ...RECEIPT, ...change } });
  expect(await verified(path, "--trust", trust)).toMatchObject(refused(code));
});

test("another id is refused", async () => {
  const path = write("id.json", { id: HASH, receipt: RECEIPT });
  expect(await verified(path, "--trust", trust)).toEqual(
    refused("receipt/not-in-block", { id: HASH }),
  );
});

describe("without trust", () => {
  test("a receipt is never verified, and only said to be consistent", async () => {
    expect(await verified(file)).toEqual(
      refused("receipt/no-trust", { id: ID, cluster: CLUSTER, height: 3, epoch: 0 }),
    );
    const { status, stdout, stderr } = await receipt("verify", file);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^receipt\/no-trust: Not verified\..* give --trust/);
  });

  test("one that is not even consistent is said not to be", async () => {
    const path = write("id.json", { id: HASH, receipt: RECEIPT });
    expect(await verified(path)).toMatchObject(refused("receipt/not-in-block"));
  });
});

describe("a trust that is not the receipt's", () => {
  const other = { ...memberSet(0), quorum: 4 };
  test.each<[string, object, string]>([
    ["another network", { ...trustOf(), network: HASH }, "receipt/quorum-missing"],
    [
      "another cluster",
      { ...trustOf(), genesis: { ...memberSet(0), cluster: HASH } },
      "receipt/unknown-notary",
    ],
    [
      "other members",
      { ...trustOf(), genesis: { ...memberSet(1), epoch: 0 } },
      "receipt/untrusted-members",
    ],
    ["another quorum", { ...trustOf(), genesis: other }, "receipt/untrusted-members"],
    ["a change that too few agreed to", trustOf(SHORT_CHANGE), "receipt/untrusted-members"],
    ["no changes", { network: HASH, genesis: other }, "receipt/malformed"],
    ["another field besides", { ...trustOf(), more: 1 }, "receipt/malformed"],
  ])("%s is refused", async (name, content, code) => {
    const path = write(`${name}.json`, content);
    expect(await verified(file, "--trust", path)).toMatchObject(refused(code));
  });

  test("a trust file at fault is named, with the field", async () => {
    const genesis = { ...memberSet(0), quorum: 0 };
    const path = write("quorum.json", { ...trustOf(), genesis });
    const { error } = await verified(file, "--trust", path);
    expect(error).toMatchObject({ code: "receipt/malformed", path });
    expect(error.detail).toContain(path);
    expect(error.detail).toContain("genesis.quorum");
  });
});

describe("a file that is none", () => {
  test("cut short anywhere, it is refused", async () => {
    const path = write("short.receipt", encoded);
    for (let length = encoded.length - 1; length >= 0; length -= 37) {
      truncateSync(path, length);
      expect(await verified(path, "--trust", trust)).toMatchObject(refused("receipt/malformed"));
    }
  });

  test.each<[string, string | Uint8Array, string]>([
    [
      "JSON cut short",
      JSON.stringify({ id: ID, receipt: RECEIPT }).slice(0, -1),
      "receipt/malformed",
    ],
    ["JSON that is no UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "receipt/malformed"],
    ["JSON nested without end", `{"id":${"[".repeat(200_000)}`, "receipt/malformed"],
    [
      "a transaction without its receipt",
      JSON.stringify({ id: ID, groups: [] }),
      "receipt/missing",
    ],
    ["a list", "[]", "receipt/malformed"],
    ["the head of a transaction file", Uint8Array.of(0xa6, 0x00), "tx/malformed"],
  ])("%s", async (name, content, code) => {
    expect(await verified(write(name, content), "--trust", trust)).toMatchObject(
      refused(code, { detail: expect.any(String) }),
    );
  });

  test("the field at fault is named", async () => {
    const block = { ...BLOCK, height: 0 };
    const path = write("height.json", { id: ID, receipt: { ...RECEIPT, block } });
    const { error } = await verified(path, "--trust", trust);
    expect(error.detail).toContain("receipt.block.height");
  });

  test("one that is too large is not read to its end", async () => {
    const path = write("large.receipt", "");
    truncateSync(path, (64 << 20) + 1);
    expect(await verified(path)).toMatchObject(
      refused("file/too-large", { path, bytesMax: 64 << 20 }),
    );
    expect(await verified("/dev/zero")).toMatchObject(refused("file/too-large"));
  });

  test("one that is not there is named", async () => {
    const path = at("nowhere");
    for (const args of [[path], [file, "--trust", path]])
      expect(await verified(...args)).toMatchObject(
        refused("file/enoent", { path, detail: expect.any(String) }),
      );
  });
});

describe("the command line", () => {
  const stateset = (...args: string[]) =>
    spawnSync(process.execPath, [STATESET, "receipt", ...args], { encoding: "utf8" });

  test("exits with 0, 1 or 2", () => {
    const wrong = write("id.json", { id: HASH, receipt: RECEIPT });
    expect(stateset("verify", file, "--trust", trust).status).toBe(0);
    expect(stateset("verify", wrong, "--trust", trust).status).toBe(1);
    expect(stateset("verify", file).status).toBe(1);
    expect(stateset("verify", file, "--trust", trust, "--dir", ".").status).toBe(2);
  });

  test.each([
    [["--network-map", "x"], "go together"],
    [["--network", HASH], "go together"],
    [["--network", "x"], "64 hexadecimal digits"],
    [["--authority", HASH.toUpperCase()], "64 hexadecimal digits"],
    [["--trust", "x", "--network-map", "y"], "cannot be used with"],
    [["--dir", "x", "--network-map", "y"], "cannot be used with"],
  ])("%j is wrong usage", async (args, reason) => {
    const command = receipt("verify", file, ...args);
    await expect(command).rejects.toThrow(expect.objectContaining({ name: "CommanderError" }));
    await expect(command).rejects.toThrow(reason);
  });
});
