import type { ContractRun, ContractRunner, TransactionId } from "@stateset/ledger";
import { expect, test } from "vitest";
import { JudgedRules } from "./judged-rules.ts";

const bundle = (hash: string) => ({ hash }) as never;
const input = (name: string) => ({ command: { name } }) as never;
const [one, other] = ["11", "22"].map((byte) => byte.repeat(32) as TransactionId) as [
  TransactionId,
  TransactionId,
];

function counting(answer: (n: number) => ContractRun) {
  let runs = 0;
  const runner: ContractRunner = { run: () => answer(++runs) };
  return { judged: new JudgedRules(runner), runs: () => runs };
}

test("a contract runs once for a transaction and command, and answers the same", async () => {
  const { judged, runs } = counting((n) => ({ ok: true, result: `${n}`, gas: 5n }));
  const first = await judged.of(one).run(bundle("a"), input("pay"), {} as never);
  expect(await judged.of(one).run(bundle("a"), input("pay"), {} as never)).toEqual(first);
  expect(runs()).toBe(1);
});

test("another transaction, bundle or command is another run", async () => {
  const { judged, runs } = counting((n) => ({ ok: true, result: `${n}`, gas: 5n }));
  await judged.of(one).run(bundle("a"), input("pay"), {} as never);
  await judged.of(other).run(bundle("a"), input("pay"), {} as never);
  await judged.of(one).run(bundle("b"), input("pay"), {} as never);
  await judged.of(one).run(bundle("a"), input("void"), {} as never);
  expect(runs()).toBe(4);
});

test("what failed is tried again", async () => {
  const failure: ContractRun = { ok: false, error: { code: "threw", detail: "" }, gas: 5n };
  const { judged, runs } = counting(() => failure);
  await judged.of(one).run(bundle("a"), input("pay"), {} as never);
  await judged.of(one).run(bundle("a"), input("pay"), {} as never);
  expect(runs()).toBe(2);
});
