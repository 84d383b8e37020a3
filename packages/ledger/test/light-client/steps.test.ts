import { decode, encode, toHex } from "@stateset/codec";
import {
  advanceTrust,
  type TrustPoint,
  type TrustStep,
  trustPointOf,
  trustPointSchema,
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

const { headers, steps } = vectors;

function stepOf(name: string, change: Partial<TrustStep> = {}): TrustStep {
  const row = named(steps, name);
  const [numerator, denominator] = row.trustLevel;
  return {
    trusted: trustPointOf(signedHeaderOf(row.trusted).header),
    next: signedHeaderOf(row.next),
    validators: validatorsOfHeader(row.next),
    trustedValidators: validatorsOf(row.trustedValidators),
    nowMs: row.nowMs,
    trustingPeriodMs: row.trustingPeriodMs,
    clockDriftMs: row.clockDriftMs,
    trustLevel: { numerator, denominator },
    ...change,
  };
}

test.each(steps)("step: $name", ({ name, next, refused }) => {
  expect(refusalOf(() => advanceTrust(stepOf(name)))).toBe(refused);
  if (refused !== undefined) return;
  const point = advanceTrust(stepOf(name));
  expect(point).toEqual(trustPointOf(signedHeaderOf(next).header));
  expect(point.headerHash).toBe(named(headers, next).hash);
});

test("there are steps that are taken and such that are not", () => {
  const refused = steps.filter((row) => row.refused !== undefined);
  expect(refused.length).toBeGreaterThan(15);
  expect(steps.length - refused.length).toBeGreaterThan(12);
});

test("from the first header to the tenth, one by one, with what was kept in between", () => {
  const names = headers.slice(0, 10).map(({ name }) => name);
  let trusted = trustPointOf(signedHeaderOf(names[0] as string).header);
  for (const name of names.slice(1)) {
    const { trustedValidators: _, ...step } = stepOf("to the next height", {
      trusted,
      next: signedHeaderOf(name),
      validators: validatorsOfHeader(name),
    });
    trusted = kept(advanceTrust(step));
  }
  expect(trusted.height).toBe(10);
});

test("without the trusted validators no height is skipped", () => {
  const { trustedValidators: _, ...step } = stepOf("over one height");
  expect(refusalOf(() => advanceTrust(step))).toBe("light-client/validators-mismatch");
});

test("a third is enough where no level is given", () => {
  const known = stepOf("over heights, by three of seven");
  const { trustLevel: _, ...step } = known;
  expect(advanceTrust(step)).toEqual(advanceTrust(known));
});

test("a trusted validator that stands twice among the new ones gains nothing", () => {
  const step = stepOf("over heights, by a third exactly");
  const trusted = new Set(step.trustedValidators?.map(({ publicKey }) => toHex(publicKey)));
  const known = step.validators.findIndex(({ publicKey }) => trusted.has(toHex(publicKey)));
  const validators = [...step.validators, ...step.validators.slice(known, known + 1)];
  const { votes: once } = step.next.commit;
  const votes = [...once, ...once.slice(known, known + 1)];
  const next = { ...step.next, commit: { ...step.next.commit, votes } };
  expect(refusalOf(() => advanceTrust({ ...step, next, validators }))).toBe(
    "light-client/validators-mismatch",
  );
});

test.each([
  [{ nowMs: Number.NaN }],
  [{ nowMs: 0.5 }],
  [{ trustingPeriodMs: -1 }],
  [{ clockDriftMs: Number.POSITIVE_INFINITY }],
  [{ trustLevel: { numerator: 1, denominator: 4 } }],
  [{ trustLevel: { numerator: 4, denominator: 3 } }],
  [{ trustLevel: { numerator: 0, denominator: 0 } }],
  [{ trustLevel: { numerator: -1, denominator: -3 } }],
])("a caller's mistake is no verdict: %o", (change) => {
  expect(() => advanceTrust(stepOf("over one height", change))).toThrow(RangeError);
});

function kept(point: TrustPoint): TrustPoint {
  return decode(trustPointSchema, encode(trustPointSchema, point));
}
