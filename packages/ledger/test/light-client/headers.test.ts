import { decode, encode } from "@stateset/codec";
import {
  type ChainValidator,
  hashChainHeader,
  hashChainValidators,
  signedHeaderSchema,
  verifySignedHeader,
} from "@stateset/ledger/light-client";
import { expect, test } from "vitest";
import {
  named,
  refusalOf,
  signedHeaderOf,
  validatorsOf,
  validatorsOfHeader,
  vectors,
} from "./light-client-vectors.ts";

const { chainId, headers, validatorSets } = vectors;

test.each(headers)("header: $name", ({ name, hash, refused }) => {
  const signedHeader = signedHeaderOf(name);
  expect(hashChainHeader(signedHeader.header)).toBe(hash);
  const validators = validatorsOfHeader(name);
  expect(refusalOf(() => verifySignedHeader({ chainId, signedHeader, validators }))).toBe(refused);
});

test.each(validatorSets)("validators: $name", ({ name, hash }) => {
  expect(hashChainValidators(validatorsOf(name))).toBe(hash);
});

test("there are headers that hold and such that do not", () => {
  const refused = headers.filter((row) => row.refused !== undefined);
  expect(refused.length).toBeGreaterThan(40);
  expect(headers.length - refused.length).toBeGreaterThan(15);
});

test("a signed header survives its canonical encoding", () => {
  for (const name of ["one validator", "four, one absent", "far above"]) {
    const signedHeader = signedHeaderOf(name);
    const decoded = decode(signedHeaderSchema, encode(signedHeaderSchema, signedHeader));
    expect(decoded).toEqual(signedHeader);
  }
});

test("a validator that stands twice is refused, though the header's hash says so", () => {
  const { header, commit } = signedHeaderOf("one of one");
  const [validator] = validatorsOf("one");
  if (validator === undefined) throw new Error("no validator");
  const validators = [validator, validator];
  const twice = { ...header, validatorsHash: hashChainValidators(validators) };
  const blockId = { ...commit.blockId, hash: hashChainHeader(twice) };
  const signedHeader = { header: twice, commit: { ...commit, blockId } };
  expect(() => verifySignedHeader({ chainId, signedHeader, validators })).toThrow(
    "a key stands twice",
  );
});

test("more validators than the bound are refused before they are hashed", () => {
  const signedHeader = signedHeaderOf("one of one");
  const [validator] = validatorsOf("one");
  const validators = Array.from({ length: 101 }, () => validator as ChainValidator);
  expect(() => verifySignedHeader({ chainId, signedHeader, validators })).toThrow("more than 100");
});

test("power that would overflow is refused", () => {
  const { header, commit } = signedHeaderOf("two of four");
  const validators = validatorsOf("four").map((each) => ({ ...each, power: 2n ** 60n - 1n }));
  const heavy = { ...header, validatorsHash: hashChainValidators(validators) };
  const blockId = { ...commit.blockId, hash: hashChainHeader(heavy) };
  const signedHeader = { header: heavy, commit: { ...commit, blockId } };
  expect(() => verifySignedHeader({ chainId, signedHeader, validators })).toThrow("too large");
});

test("the facts of a refusal say what was found", () => {
  const validators = validatorsOfHeader("four of seven");
  const signedHeader = signedHeaderOf("four of seven");
  expect(() => verifySignedHeader({ chainId, signedHeader, validators })).toThrow(
    expect.objectContaining({
      fault: { code: "light-client/power-missing", of: "header", found: 4n, needed: 5n },
    }),
  );
  expect(named(headers, "four of seven").refused).toBe("light-client/power-missing");
});
