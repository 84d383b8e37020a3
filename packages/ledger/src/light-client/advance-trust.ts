import { type Hash, toHex } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import type { ChainHeader, ChainValidators, SignedHeader, TrustPoint } from "./chain-header.ts";
import { hashChainHeader } from "./header-hash.ts";
import { checkValidators } from "./validator-set.ts";
import { mustHavePower, verifySignedHeader } from "./verify-signed-header.ts";

const NS_PER_MS = 1_000_000n;

/** How much of the trusted validators' power must have signed a later header: more than this. */
export type TrustLevel = { numerator: number; denominator: number };
/** One correct validator among them: the least that is safe. */
const ONE_THIRD: TrustLevel = { numerator: 1, denominator: 3 };

export type TrustStep = {
  trusted: TrustPoint;
  next: SignedHeader;
  /** Those of the next header's height. */
  validators: ChainValidators;
  /** Those whose hash is `trusted.nextValidatorsHash`; needed where heights are skipped. */
  trustedValidators?: ChainValidators;
  nowMs: number;
  /** Shorter than the time within which validators can be held to account. */
  trustingPeriodMs: number;
  /** How far ahead of ours a block's clock may be. */
  clockDriftMs: number;
  trustLevel?: TrustLevel;
};

/**
 * One step of CometBFT's light client (its specification, `light-client/verification`): from a
 * trusted header to a later one. To the next height the trusted header names the validators; over
 * several heights more than the trust level of the validators that it names must have signed, and
 * two thirds of the new ones.
 * @returns what is trusted now
 * @throws LedgerError `light-client/…` with the first fault
 */
export function advanceTrust(step: TrustStep): TrustPoint {
  const { trusted, next, validators } = step;
  checkTimes(step);
  checkOrder(trusted, next.header);
  if (next.header.height === trusted.height + 1) {
    const { validatorsHash: found } = next.header;
    if (found !== trusted.nextValidatorsHash) throw otherValidators(trusted, found);
  } else checkOverlap(step);
  const { chainId } = trusted;
  return pointOf(next.header, verifySignedHeader({ chainId, signedHeader: next, validators }));
}

/** What to keep of a header that is trusted for other reasons: the first one, from one's own node. */
export function trustPointOf(header: ChainHeader): TrustPoint {
  return pointOf(header, hashChainHeader(header));
}

function pointOf(header: ChainHeader, headerHash: Hash): TrustPoint {
  const { chainId, height, timeNs, appHash, nextValidatorsHash } = header;
  return { chainId, height, timeNs, headerHash, appHash, nextValidatorsHash };
}

/** Behind the trusting period the trusted validators may have left, and sign what they like. */
function checkTimes({ trusted, next, nowMs, trustingPeriodMs, clockDriftMs }: TrustStep): void {
  for (const given of [nowMs, trustingPeriodMs, clockDriftMs])
    if (!Number.isSafeInteger(given) || given < 0) throw new RangeError(`no time: ${given}`);
  const now = BigInt(nowMs) * NS_PER_MS;
  if (trusted.timeNs + BigInt(trustingPeriodMs) * NS_PER_MS <= now)
    throw new LedgerError({
      code: "light-client/expired",
      timeNs: trusted.timeNs,
      trustingPeriodMs,
      nowMs,
    });
  const { timeNs } = next.header;
  if (timeNs >= now + BigInt(clockDriftMs) * NS_PER_MS)
    throw new LedgerError({ code: "light-client/from-the-future", timeNs, clockDriftMs, nowMs });
}

/** Height and time only grow. */
function checkOrder(trusted: TrustPoint, { height, timeNs }: ChainHeader): void {
  if (height <= trusted.height) throw notLater("height", trusted.height, height);
  if (timeNs <= trusted.timeNs) throw notLater("timeNs", trusted.timeNs, timeNs);
}

/** That enough of those already trusted are among the signers; whether they are, is checked after. */
function checkOverlap({ trusted, trustedValidators = [], ...step }: TrustStep): void {
  const { numerator, denominator } = checkTrustLevel(step.trustLevel ?? ONE_THIRD);
  const total = checkValidators(trustedValidators, trusted.nextValidatorsHash, "trusted");
  const powers = new Map(
    trustedValidators.map(({ publicKey, power }) => [toHex(publicKey), power]),
  );
  let found = 0n;
  for (const [index, { publicKey }] of step.validators.entries())
    if (step.next.commit.votes[index]?.kind === "commit")
      found += powers.get(toHex(publicKey)) ?? 0n;
  mustHavePower("trusted", found, (total * BigInt(numerator)) / BigInt(denominator));
}

function checkTrustLevel(level: TrustLevel): TrustLevel {
  const { numerator, denominator } = level;
  const isFraction = Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator);
  if (
    !isFraction ||
    numerator < 1 ||
    numerator > denominator ||
    BigInt(numerator) * 3n < BigInt(denominator)
  )
    throw new RangeError(`the trust level ${numerator}/${denominator} is not from 1/3 to 1`);
  return level;
}

function otherValidators(trusted: TrustPoint, found: Hash): LedgerError {
  const expected = trusted.nextValidatorsHash;
  return new LedgerError({
    code: "light-client/validators-mismatch",
    of: "trusted",
    expected,
    found,
  });
}

function notLater(
  what: "height" | "timeNs",
  trusted: number | bigint,
  found: number | bigint,
): LedgerError {
  return new LedgerError({
    code: "light-client/not-later",
    what,
    trusted: BigInt(trusted),
    found: BigInt(found),
  });
}
