import { publicKeyOf, type SecretKey, sign } from "@stateset/codec";
import { expect, test } from "vitest";
import { id32, network, notary, secretKey } from "../../test/coin-network.ts";
import type { NetworkId, NotaryId } from "../transaction/ids.ts";
import {
  countMembers,
  followMemberSets,
  hashMemberSet,
  type MemberSet,
  type MemberSetChange,
  memberSetPayload,
} from "./member-set.ts";

const keysOf = (epoch: number) => [1, 2, 3].map((i) => secretKey(epoch * 16 + i));
const setOf = (epoch: number, change: Partial<MemberSet> = {}): MemberSet => ({
  cluster: notary,
  epoch,
  quorum: 2,
  members: keysOf(epoch).map(publicKeyOf),
  ...change,
});
const change = (next: MemberSet, ...by: SecretKey[]): MemberSetChange => ({
  next,
  signatures: by.map((key) => sign(key, memberSetPayload(network, next))),
});
const [a, b, c] = keysOf(0) as [SecretKey, SecretKey, SecretKey];
const [d, e] = keysOf(1) as [SecretKey, SecretKey];
const epochsAfter = (...changes: MemberSetChange[]) =>
  followMemberSets(network, setOf(0), changes).map(({ epoch }) => epoch);

const first = change(setOf(1), a, b);
const second = change(setOf(2), d, e);

test("each set is followed that a quorum of the one before agreed to", () => {
  expect(followMemberSets(network, setOf(0), [first, second])).toEqual(
    [0, 1, 2].map((i) => setOf(i)),
  );
  expect(epochsAfter()).toEqual([0]);
});

/** Each row breaks the first change: what comes behind it is not followed either. */
test.each<[string, MemberSetChange]>([
  ["too few", change(setOf(1), a)],
  ["one of them twice", change(setOf(1), a, a)],
  ["the next members themselves", change(setOf(1), d, e)],
  ["strangers besides one of them", change(setOf(1), a, secretKey(0x99))],
  ["all, over another set", { next: setOf(1), signatures: change(setOf(2), a, b, c).signatures }],
  ["all, over another quorum", { next: setOf(1, { quorum: 1 }), signatures: first.signatures }],
  ["all, for an epoch ahead", change(setOf(2), a, b, c)],
  ["all, for the epoch that is", change(setOf(0), a, b, c)],
  ["all, for another cluster", change(setOf(1, { cluster: id32(0xee) as NotaryId }), a, b, c)],
  [
    "all, on another network",
    {
      next: setOf(1),
      signatures: [a, b, c].map((key) =>
        sign(key, memberSetPayload(id32(1) as NetworkId, setOf(1))),
      ),
    },
  ],
])("a change signed by %s is not followed", (_, broken) => {
  expect(epochsAfter(broken, second)).toEqual([0]);
});

test("a broken change ends the chain behind those that hold", () => {
  expect(epochsAfter(first, change(setOf(2), d), change(setOf(3), d, e))).toEqual([0, 1]);
});

test("members are counted once each, whatever else is signed", () => {
  const payload = memberSetPayload(network, setOf(1));
  const signatures = [a, a, b, secretKey(0x99)].map((key) => sign(key, payload));
  const forged = { ...sign(c, payload), ...publicKeyOf(c), signature: "00".repeat(64) } as never;
  expect(countMembers(setOf(0), [...signatures, forged], payload)).toBe(2);
  const doubled = setOf(0, { members: [a, a, b].map(publicKeyOf) });
  expect(countMembers(doubled, signatures, payload)).toBe(2);
});

test("a valid signature behind an invalid one of the same member still counts", () => {
  const payload = memberSetPayload(network, setOf(1));
  const invalid = { ...sign(a, payload), signature: "00".repeat(64) };
  expect(countMembers(setOf(0), [invalid, sign(a, payload)], payload)).toBe(1);
});

test.each<[string, Partial<MemberSet>]>([
  ["another cluster", { cluster: id32(1) as NotaryId }],
  ["another epoch", { epoch: 1 }],
  ["another quorum", { quorum: 1 }],
  ["members in another order", { members: keysOf(0).map(publicKeyOf).toReversed() }],
])("%s makes another hash", (_, changed) => {
  expect(hashMemberSet(setOf(0, changed))).not.toBe(hashMemberSet(setOf(0)));
});
