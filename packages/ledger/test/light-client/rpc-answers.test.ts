import {
  readRpcSignedHeader,
  readRpcStoreProof,
  readRpcValidators,
} from "@stateset/ledger/light-client";
import { expect, test } from "vitest";
import { named, vectors } from "./light-client-vectors.ts";

/** Each row sets one field of a sound answer, by its path; `undefined` takes it away. */
type Row = [path: string, value: unknown];

const header = named(vectors.headers, "four, one absent").answer;
const validators = named(vectors.validatorSets, "four").answer;
const proof = named(vectors.proofs, "a key among many").answer ?? {};

test.each<Row>([
  ["result", undefined],
  ["result.signed_header", null],
  ["result.signed_header.header", []],
  ["result.signed_header.header.version.block", 11],
  ["result.signed_header.header.version.app", "01"],
  ["result.signed_header.header.chain_id", ""],
  ["result.signed_header.header.chain_id", "x".repeat(51)],
  ["result.signed_header.header.chain_id", "stateset\u0000"],
  ["result.signed_header.header.height", "0"],
  ["result.signed_header.header.height", 3],
  ["result.signed_header.header.height", "-3"],
  ["result.signed_header.header.height", "9007199254740992"],
  ["result.signed_header.header.time", "0001-01-01T00:00:00Z"],
  ["result.signed_header.header.last_block_id.parts.total", -1],
  ["result.signed_header.header.last_block_id.parts.total", 4_294_967_296],
  ["result.signed_header.header.data_hash", ""],
  ["result.signed_header.header.data_hash", "e3".repeat(32)],
  ["result.signed_header.header.app_hash", "E"],
  ["result.signed_header.header.app_hash", "E3".repeat(65)],
  ["result.signed_header.header.proposer_address", "E3".repeat(32)],
  ["result.signed_header.commit.round", 0.5],
  ["result.signed_header.commit.round", 2 ** 31],
  ["result.signed_header.commit.signatures", {}],
  ["result.signed_header.commit.signatures", Array(101).fill({})],
  ["result.signed_header.commit.signatures.0", "vote"],
  ["result.signed_header.commit.signatures.0.block_id_flag", 4],
  ["result.signed_header.commit.signatures.0.block_id_flag", 0],
  ["result.signed_header.commit.signatures.0.signature", null],
  ["result.signed_header.commit.signatures.0.signature", "AA=="],
  ["result.signed_header.commit.signatures.0.signature", "AB".repeat(43)],
  ["result.signed_header.commit.signatures.2.validator_address", "E3".repeat(20)],
  ["result.signed_header.commit.signatures.2.signature", "AA=="],
])("a header's answer with %s = %j is refused", (path, value) => {
  expectMalformed("header", () => readRpcSignedHeader(changed(header, path, value)));
});

test.each<Row>([
  ["result.validators", []],
  ["result.validators", Array(101).fill({})],
  ["result.total", "5"],
  ["result.total", 4],
  ["result.validators.0.address", "E3".repeat(20)],
  ["result.validators.0.pub_key.type", "tendermint/PubKeySecp256k1"],
  ["result.validators.0.pub_key.value", "AA=="],
  ["result.validators.0.pub_key.value", "A".repeat(44)],
  ["result.validators.0.voting_power", "0"],
  ["result.validators.0.voting_power", 1],
  ["result.validators.0.voting_power", "1152921504606846976"],
])("an answer of validators with %s = %j is refused", (path, value) => {
  expectMalformed("validators", () => readRpcValidators(changed(validators, path, value)));
});

test.each<Row>([
  ["result.response.code", 1],
  ["result.response.code", "0"],
  ["result.response.proofOps", null],
  ["result.response.proofOps.ops", null],
  ["result.response.proofOps.ops", [{}, {}, {}]],
  ["result.response.proofOps.ops.0.type", "x".repeat(33)],
  ["result.response.proofOps.ops.0.data", "A"],
  ["result.response.proofOps.ops.0.data", "AB=="],
  ["result.response.key", 1],
  ["result.response.height", 3],
])("a proof's answer with %s = %j is refused", (path, value) => {
  expectMalformed("proof", () => readRpcStoreProof(changed(proof, path, value)));
});

test.each(["", "{", "null", "[]", "1", '{"error":{"code":-32603}}', '{"__proto__":{"result":{}}}'])(
  "%j is no answer",
  (body) => {
    for (const read of [readRpcSignedHeader, readRpcValidators, readRpcStoreProof])
      expect(() => read(body)).toThrow("light-client/malformed");
  },
);

test("an answer beyond its bound is not even parsed", () => {
  const body = `${JSON.stringify(header)}${" ".repeat(2 ** 23)}`;
  expectMalformed("header", () => readRpcSignedHeader(body));
});

test("nesting without end is refused", () => {
  const body = "[".repeat(2 ** 21) + "]".repeat(2 ** 21 - 1);
  expectMalformed("header", () => readRpcSignedHeader(body));
});

test("a missing version of the application is zero, as Go leaves it out", () => {
  const body = changed(header, "result.signed_header.header.version.app", undefined);
  expect(readRpcSignedHeader(body).header.version.app).toBe(0);
});

function expectMalformed(what: string, read: () => unknown): void {
  expect(read).toThrow(
    expect.objectContaining({
      fault: { code: "light-client/malformed", what, reason: expect.any(String) },
    }),
  );
}

function changed(answer: object, path: string, value: unknown): string {
  const copy = structuredClone(answer) as Record<string, unknown>;
  const names = path.split(".");
  const last = names.pop() as string;
  let at = copy;
  for (const name of names) at = at[name] as Record<string, unknown>;
  at[last] = value;
  return JSON.stringify(copy);
}
