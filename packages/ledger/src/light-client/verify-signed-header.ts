import { fromHex, type Hash, isZip215Signature } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import type { ChainValidator, ChainValidators, SignedHeader } from "./chain-header.ts";
import { hashChainHeader } from "./header-hash.ts";
import { checkValidators, validatorAddress } from "./validator-set.ts";
import { voteSignBytes } from "./vote-sign-bytes.ts";

/** CometBFT's `BlockProtocol`; another one may hash other fields. */
const BLOCK_VERSION = 11;

export type SignedHeaderToVerify = {
  chainId: string;
  signedHeader: SignedHeader;
  /** Those of the header's height. */
  validators: ChainValidators;
};

/**
 * Checks that the validators given decided this header: the commit is for its hash, and more than
 * two thirds of their power signed it. Whether they are to be trusted, `advanceTrust` says.
 * @returns the header's hash
 * @throws LedgerError `light-client/…` with the first fault
 */
export function verifySignedHeader(given: SignedHeaderToVerify): Hash {
  const { signedHeader, validators } = given;
  const hash = checkHeader(given);
  const total = checkValidators(validators, signedHeader.header.validatorsHash, "header");
  mustMatch("votes", validators.length, signedHeader.commit.votes.length);
  mustHavePower("header", powerFor(signedHeader.commit, validators), (total * 2n) / 3n);
  checkVotes(given);
  return hash;
}

/** That header and commit are of this chain, and of one block. */
function checkHeader({ chainId, signedHeader }: SignedHeaderToVerify): Hash {
  const { header, commit } = signedHeader;
  if (header.chainId !== chainId)
    throw new LedgerError({
      code: "light-client/wrong-chain",
      expected: chainId,
      found: header.chainId,
    });
  if (header.version.block !== BLOCK_VERSION)
    throw new LedgerError({
      code: "light-client/malformed",
      what: "header",
      reason: `its block protocol is ${header.version.block}, not ${BLOCK_VERSION}`,
    });
  const hash = hashChainHeader(header);
  mustMatch("height", header.height, commit.height);
  mustMatch("hash", hash, commit.blockId.hash);
  return hash;
}

/**
 * Every signature is checked, of votes for nil too and beyond two thirds, as CometBFT's nodes do
 * (`VerifyCommit`; its light client stops at two thirds): what they have decided passes, and no
 * byte of a commit can change unnoticed.
 */
function checkVotes({ chainId, signedHeader, validators }: SignedHeaderToVerify): void {
  const { commit } = signedHeader;
  for (const [index, vote] of commit.votes.entries()) {
    if (vote.kind === "absent") continue;
    const { publicKey } = validators[index] as ChainValidator;
    mustMatch("address", validatorAddress(publicKey), vote.address);
    const message = voteSignBytes({ chainId, ...commit }, vote);
    if (!isZip215Signature(publicKey, message, fromHex(vote.signature)))
      throw new LedgerError({
        code: "light-client/signature-invalid",
        index,
        address: vote.address,
      });
  }
}

function powerFor({ votes }: SignedHeader["commit"], validators: ChainValidators): bigint {
  return validators.reduce(
    (sum, { power }, index) => (votes[index]?.kind === "commit" ? sum + power : sum),
    0n,
  );
}

/** Power counts where it is more than `bound`. */
export function mustHavePower(of: "header" | "trusted", found: bigint, bound: bigint): void {
  if (found > bound) return;
  throw new LedgerError({ code: "light-client/power-missing", of, found, needed: bound + 1n });
}

function mustMatch(
  what: "height" | "hash" | "votes" | "address",
  expected: string | number,
  found: string | number,
): void {
  if (expected === found) return;
  throw new LedgerError({
    code: "light-client/commit-mismatch",
    what,
    expected: String(expected),
    found: String(found),
  });
}
