import { fromHex, toHex } from "@stateset/codec";
import {
  advanceTrust,
  encodeProofOps,
  readRpcStoreProof,
  type StoreProof,
  trustPointOf,
  verifyStoreProof,
} from "@stateset/ledger/light-client";
import { expect, test } from "vitest";
import {
  named,
  type ProofRow,
  refusalOf,
  signedHeaderOf,
  validatorsOf,
  validatorsOfHeader,
  vectors,
} from "./light-client-vectors.ts";

const { proofs } = vectors;

const claimOf = (row: ProofRow): StoreProof => ({
  proof: fromHex(row.proof),
  storeKey: row.store,
  key: fromHex(row.key),
  value: row.value === undefined ? undefined : fromHex(row.value),
  appHash: row.appHash,
});

test.each(proofs)("proof: $name", (row) => {
  expect(refusalOf(() => verifyStoreProof(claimOf(row)))).toBe(row.refused);
});

const answered = proofs.filter(({ answer }) => answer !== undefined);

test.each(answered)("a node's answer: $name", (row) => {
  const read = readRpcStoreProof(JSON.stringify(row.answer));
  expect(toHex(read.proof)).toBe(row.proof);
  expect(toHex(read.key)).toBe(row.key);
  expect(read.value && toHex(read.value)).toBe(row.value);
});

test("there are proofs that hold and such that do not", () => {
  expect(answered.length).toBeGreaterThan(15);
  expect(proofs.length - answered.length).toBeGreaterThan(50);
});

test("from a trusted header to what the state was", () => {
  const [trusted, next] = ["seven, all", "ten of equal power"];
  const point = advanceTrust({
    trusted: trustPointOf(signedHeaderOf(trusted).header),
    next: signedHeaderOf(next),
    validators: validatorsOfHeader(next),
    trustedValidators: validatorsOf("replaced"),
    nowMs: Number(signedHeaderOf(next).header.timeNs / 1_000_000n) + 1,
    trustingPeriodMs: 3_600_000,
    clockDriftMs: 0,
  });
  const row = named(proofs, "a key of an earlier version");
  const { height } = readRpcStoreProof(JSON.stringify(row.answer));
  // The answer shows the state after block 3, whose app hash the header of block 4 has.
  expect(height).toBe(3);
  expect(signedHeaderOf("four, all").header.appHash).toBe(row.appHash);
  verifyStoreProof({ ...claimOf(row), appHash: signedHeaderOf("four, all").header.appHash });
  expect(refusalOf(() => verifyStoreProof({ ...claimOf(row), appHash: point.appHash }))).toBe(
    "light-client/proof-mismatch",
  );
});

test("ops encode to what a node would send", () => {
  const ops = [{ type: "ics23:iavl", key: Uint8Array.of(1), data: new Uint8Array() }];
  expect(toHex(encodeProofOps(ops))).toBe("0a0f0a0a69637332333a6961766c120101");
});
