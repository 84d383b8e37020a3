import { type Hash, type Hex, sha256, toHex } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import { ADDRESS_BYTES, type ChainValidators, POWER_MAX, VALIDATORS_MAX } from "./chain-header.ts";
import { bytesField, joinBytes, messageField, varintField } from "./protobuf-writer.ts";
import { simpleMerkleRoot } from "./simple-merkle.ts";

/** The hash of a validator set that headers carry: of keys and powers, in the set's order. */
export function hashChainValidators(validators: ChainValidators): Hash {
  const items = validators.map(({ publicKey, power }) =>
    joinBytes(messageField(1, bytesField(1, publicKey)), varintField(2, power)),
  );
  return toHex(simpleMerkleRoot(items)) as Hash;
}

/** CometBFT's name for an Ed25519 key. */
export function validatorAddress(publicKey: Uint8Array): Hex {
  return toHex(sha256(publicKey).subarray(0, ADDRESS_BYTES));
}

/**
 * Checks that these are the validators of that hash, each once, and their power in bounds.
 * @returns their power together
 */
export function checkValidators(
  validators: ChainValidators,
  expected: Hash,
  of: "header" | "trusted",
): bigint {
  if (validators.length > VALIDATORS_MAX) throw malformed(`more than ${VALIDATORS_MAX}`);
  const found = hashChainValidators(validators);
  if (found !== expected)
    throw new LedgerError({ code: "light-client/validators-mismatch", of, expected, found });
  if (new Set(validators.map(({ publicKey }) => toHex(publicKey))).size < validators.length)
    throw malformed("a key stands twice");
  const total = validators.reduce((sum, { power }) => sum + power, 0n);
  if (total > POWER_MAX) throw malformed("their power together is too large");
  return total;
}

function malformed(reason: string): LedgerError {
  return new LedgerError({ code: "light-client/malformed", what: "validators", reason });
}
