import type { Hash } from "@stateset/codec";
import { type PublicKey, publicKeyOf, type SecretKey, type Signature, sign } from "@stateset/codec";
import type { MemberSet, NetworkId, NotaryId } from "@stateset/ledger";
import { memberSetPayload } from "@stateset/ledger";
import { expect, test } from "vitest";
import { seekQuorum } from "./quorum.ts";

const keys = Array.from(
  { length: 7 },
  (_, i): SecretKey => ({ kind: "ed25519", secret: new Uint8Array(32).fill(i + 1) }),
);
const members: MemberSet = {
  cluster: "c1".repeat(32) as NotaryId,
  epoch: 0,
  quorum: 5,
  members: keys.map(publicKeyOf),
};
const payload = memberSetPayload("a0".repeat(32) as NetworkId, members);
const other = { ...payload, hash: "00".repeat(32) as Hash };

type Answer = (key: SecretKey) => Promise<Signature>;
const good: Answer = async (key) => sign(key, payload);
const lie: Answer = async (key) => sign(key, other);
const refuse: Answer = () => Promise.reject(new Error("not now"));
const silent: Answer = () => new Promise(() => undefined);

/** Seeks with one answer for each member; `pass` lets the patience end once. */
function seek(answers: readonly Answer[], start = 0) {
  const asked: number[] = [];
  const timers = new Set<() => void>();
  const clock = {
    now: () => 0,
    after(_: number, callback: () => void) {
      timers.add(callback);
      return () => timers.delete(callback);
    },
  };
  const found = seekQuorum({
    members,
    payload,
    start,
    clock,
    ask(member: PublicKey) {
      const index = members.members.indexOf(member);
      asked.push(index);
      return (answers[index] as Answer)(keys[index] as SecretKey);
    },
  });
  const pass = () => {
    for (const callback of [...timers]) {
      timers.delete(callback);
      callback();
    }
  };
  return { asked, timers, found, pass };
}

async function signers(found: Promise<Signature[]>): Promise<number[]> {
  const ids = members.members.map(({ key }) => key);
  return (await found).map((each) => (each.kind === "composite" ? -1 : ids.indexOf(each.key)));
}

test("just a quorum is asked where all answer, from the start on", async () => {
  const { asked, timers, found } = seek(Array(7).fill(good), 4);
  expect(await signers(found)).toEqual([0, 1, 4, 5, 6]);
  expect(asked).toEqual([4, 5, 6, 0, 1]);
  expect(timers.size).toBe(0);
});

test.each<[string, Answer]>([
  ["lies", lie],
  ["refuses", refuse],
  ["signs with another's key", async () => sign(keys[6] as SecretKey, payload)],
])("another is asked at once for one that %s", async (_, bad) => {
  const { asked, found } = seek([bad, good, good, bad, good, good, good]);
  expect(await signers(found)).toEqual([1, 2, 4, 5, 6]);
  expect(asked).toHaveLength(7);
});

test("one more is asked for each patience that ends", async () => {
  const { asked, timers, found, pass } = seek([silent, silent, good, good, good, good, good]);
  await Promise.resolve();
  expect(asked).toEqual([0, 1, 2, 3, 4]);
  pass();
  expect(asked).toEqual([0, 1, 2, 3, 4, 5]);
  pass();
  expect(await signers(found)).toEqual([2, 3, 4, 5, 6]);
  expect(timers.size).toBe(0);
});

test("four of seven are not enough", async () => {
  const { asked, timers, found } = seek([refuse, good, lie, good, refuse, good, good]);
  await expect(found).rejects.toMatchObject({
    code: "notary/unavailable",
    message: "4 members signed, and 5 must",
  });
  expect(asked).toHaveLength(7);
  expect(timers.size).toBe(0);
});
