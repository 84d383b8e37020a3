import { decode, encode, publicKeyOf, thresholdOf } from "@stateset/codec";
import { expect, test } from "vitest";
import { alice, bob, id32, keyText, secretKey } from "../test/coin-network.ts";
import {
  type Authority,
  type AuthorityEvidence,
  authorityFault,
  authoritySchema,
  authorityText,
  holderAuthority,
  isAuthoritySatisfied,
} from "./authority.ts";
import { deriveAuthority, holdersOf } from "./authority-rule.ts";
import { RECOVERY_DELAY_MS } from "./party/holder-consent.ts";
import { identityCommitment } from "./party/party.ts";

const oneTime = secretKey(0x66);
const key: Authority = { kind: "key", key: publicKeyOf(oneTime) };
const identityOf = ({ party, holder }: typeof alice): Authority => ({
  kind: "identity",
  commitment: identityCommitment(party.id, holder.blinding),
});
const after = (delayMs: number, authority: Authority): Authority => ({
  kind: "after",
  delayMs,
  authority,
});
const any = (...nodes: Authority[]) => of(1, ...nodes);
const all = (...nodes: Authority[]) => of(nodes.length, ...nodes);
function of(threshold: number, ...nodes: Authority[]): Authority {
  const children = nodes.map((node) => ({ weight: 1, node }));
  return thresholdOf<Authority>(authoritySchema, threshold, children);
}

const none: AuthorityEvidence = {
  signed: new Set(),
  openings: [alice.holder, bob.holder],
  identityKey: (id) => publicKeyOf((id === alice.party.id ? alice : bob).key),
  ageMs: 0,
};
const signed = (...keys: (typeof oneTime)[]) => ({ ...none, signed: new Set(keys.map(keyText)) });

test.each<[string, Authority, AuthorityEvidence, boolean]>([
  ["a key that signed", key, signed(oneTime), true],
  ["a key that did not", key, signed(alice.key), false],
  ["an identity whose key signed", identityOf(alice), signed(alice.key), true],
  ["an identity whose key did not", identityOf(alice), signed(bob.key), false],
  [
    "an identity that is not opened",
    identityOf(alice),
    { ...signed(alice.key), openings: [] },
    false,
  ],
  [
    "an identity opened with another blinding",
    identityOf(alice),
    { ...signed(alice.key), openings: [{ ...alice.holder, blinding: id32(0xee) }] },
    false,
  ],
  [
    "an identity that is opened as someone else",
    identityOf(alice),
    { ...signed(bob.key), openings: [{ ...bob.holder, blinding: alice.holder.blinding }] },
    false,
  ],
  [
    "an identity without a key",
    identityOf(alice),
    { ...signed(alice.key), identityKey: () => undefined },
    false,
  ],
  ["just before a delay", after(10, identityOf(alice)), { ...signed(alice.key), ageMs: 9 }, false],
  ["just after a delay", after(10, identityOf(alice)), { ...signed(alice.key), ageMs: 10 }, true],
  [
    "after a delay, without a signature",
    after(10, identityOf(alice)),
    { ...none, ageMs: 99 },
    false,
  ],
  [
    "a delay within a delay",
    after(10, after(20, identityOf(alice))),
    { ...signed(alice.key), ageMs: 19 },
    false,
  ],
  ["one of two", any(identityOf(alice), identityOf(bob)), signed(bob.key), true],
  ["one where both are needed", all(identityOf(alice), identityOf(bob)), signed(bob.key), false],
  ["both", all(identityOf(alice), identityOf(bob)), signed(alice.key, bob.key), true],
])("%s", (_, authority, evidence, expected) => {
  expect(isAuthoritySatisfied(authority, evidence)).toBe(expected);
});

const BARE = "only bare keys can satisfy it";
const nested = (depth: number): Authority =>
  depth === 0 ? identityOf(alice) : of(1, nested(depth - 1));

test.each<[string, Authority, string | RegExp | undefined]>([
  ["an identity", identityOf(alice), undefined],
  ["a bare key", key, BARE],
  ["a bare key after a delay", after(5, key), BARE],
  ["an identity after a delay", after(5, identityOf(alice)), undefined],
  ["a key or an identity", any(key, identityOf(alice)), undefined],
  ["a key and an identity", all(key, identityOf(alice)), BARE],
  ["a key, or a key and an identity", any(key, all(key, identityOf(alice))), BARE],
  ["six levels", nested(6), undefined],
  ["seven levels", nested(7), /keys\/tree-too-deep/],
  ["a child twice", all(identityOf(alice), identityOf(alice)), /keys\/children-unsorted/],
  ["a threshold out of reach", of(3, identityOf(alice), key), /keys\/threshold-unreachable/],
  [
    "a malformed tree behind a delay",
    after(5, of(3, identityOf(alice), key)),
    /keys\/threshold-unreachable/,
  ],
  [
    "a malformed tree behind a delay in a tree",
    any(identityOf(bob), after(5, all(identityOf(alice), identityOf(alice)))),
    /keys\/children-unsorted/,
  ],
])("%s in a header", (_, authority, expected) => {
  const fault = authorityFault(authority);
  if (expected === undefined || typeof expected === "string") expect(fault).toBe(expected);
  else expect(fault).toMatch(expected);
});

test("a holder with a one-time key spends at once, its identity after the delay", () => {
  const authority = holderAuthority({ ...alice.holder, key: publicKeyOf(oneTime) });
  expect(authorityFault(authority)).toBeUndefined();
  expect(isAuthoritySatisfied(authority, signed(oneTime))).toBe(true);
  const late = { ...signed(alice.key), ageMs: RECOVERY_DELAY_MS };
  expect(isAuthoritySatisfied(authority, { ...late, ageMs: RECOVERY_DELAY_MS - 1 })).toBe(false);
  expect(isAuthoritySatisfied(authority, late)).toBe(true);
  const received = decode(authoritySchema, encode(authoritySchema, authority as never));
  expect(authorityText(received as Authority)).toBe(authorityText(authority));
});

test("a rule over two holders gives the tree of both, in the order of the bytes", () => {
  const state = { first: alice.holder, second: bob.holder };
  const holder = (field: string) => ({ weight: 1, node: { kind: "holder" as const, field } });
  const rule = (...fields: string[]) => ({
    kind: "threshold" as const,
    threshold: 2,
    children: fields.map(holder),
  });
  const derived = deriveAuthority(rule("first", "second"), state);
  expect(derived).toEqual(all(identityOf(alice), identityOf(bob)));
  expect(deriveAuthority(rule("second", "first"), state)).toEqual(derived);
  expect(holdersOf(rule("first", "second"), state)).toEqual([alice.holder, bob.holder]);
});
