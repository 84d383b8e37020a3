import { readFileSync } from "node:fs";
import { type Hex, toHex } from "@stateset/codec";
import { LedgerError } from "@stateset/ledger";
import {
  type ChainValidators,
  readRpcSignedHeader,
  readRpcValidators,
  type SignedHeader,
} from "@stateset/ledger/light-client";

/** `test-vectors/light-client.json`, which the chain's Go code writes. */
type Vectors = {
  chainId: string;
  validatorSets: { name: string; hash: Hex; answer: object }[];
  headers: { name: string; answer: object; validators: string; hash: Hex; refused?: string }[];
  steps: {
    name: string;
    trusted: string;
    trustedValidators: string;
    next: string;
    nowMs: number;
    trustingPeriodMs: number;
    clockDriftMs: number;
    trustLevel: [number, number];
    refused?: string;
  }[];
  proofs: ProofRow[];
};

export type ProofRow = {
  name: string;
  store: string;
  key: Hex;
  value?: Hex;
  appHash: Hex;
  proof: Hex;
  answer?: object;
  refused?: string;
};

const FILE = new URL("../../../../test-vectors/light-client.json", import.meta.url);
export const vectors = JSON.parse(readFileSync(FILE, "utf8")) as Vectors;

export function signedHeaderOf(name: string): SignedHeader {
  return readRpcSignedHeader(JSON.stringify(named(vectors.headers, name).answer));
}

/** The validators of a set, or of a header. */
export function validatorsOf(name: string): ChainValidators {
  return readRpcValidators(JSON.stringify(named(vectors.validatorSets, name).answer));
}

export function validatorsOfHeader(name: string): ChainValidators {
  return validatorsOf(named(vectors.headers, name).validators);
}

export function named<T extends { name: string }>(rows: readonly T[], name: string): T {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`there is no row ${name}`);
  return row;
}

/** The code that a check refuses with; undefined where it accepts. */
export function refusalOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}

/** The same bytes with one bit turned, given by its number. */
export function withBitTurned(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
  return changed;
}

export const hexWithBitTurned = <T extends Hex>(hex: T, bit: number): T =>
  toHex(withBitTurned(Buffer.from(hex, "hex"), bit)) as T;
