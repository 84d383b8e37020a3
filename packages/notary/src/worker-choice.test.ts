import type { IdentityId, TransactionId } from "@stateset/ledger";
import { expect, test } from "vitest";
import { WorkerChoice } from "./worker-choice.ts";

const idOf = (n: number) => n.toString(16).padStart(12, "0").padEnd(64, "0");
const workers = [1, 2, 3, 4].map((n) => idOf(n) as IdentityId);
const asker = idOf(0) as IdentityId;
const [one, two, three, four] = workers as [IdentityId, IdentityId, IdentityId, IdentityId];

test("another transaction begins with another worker, and each order has all", () => {
  const choice = new WorkerChoice(asker, { now: () => 0 });
  const orders = [0, 1, 2, 3].map((n) => choice.order(workers, idOf(n) as TransactionId));
  expect(orders).toEqual([
    [one, two, three, four],
    [two, three, four, one],
    [three, four, one, two],
    [four, one, two, three],
  ]);
});

test("another asker begins with another worker", () => {
  const choice = new WorkerChoice(idOf(3) as IdentityId, { now: () => 0 });
  expect(choice.order(workers, idOf(0) as TransactionId)[0]).toBe(four);
});

test("a worker that failed comes last until it answers, or a minute has passed", () => {
  let now = 1;
  const choice = new WorkerChoice(asker, { now: () => now });
  const order = () => choice.order(workers, idOf(0) as TransactionId);
  choice.failed(one);
  expect(order()).toEqual([two, three, four, one]);
  now = 2;
  choice.failed(two);
  expect(order()).toEqual([three, four, one, two]);
  choice.answered(two);
  expect(order()).toEqual([two, three, four, one]);
  now = 60_001;
  expect(order()).toEqual([one, two, three, four]);
});
