import { afterEach, expect, test } from "vitest";
import { loadProgram, runScript } from "../contract-vm.ts";
import type { GuestData } from "../guest/guest-value.ts";
import { DEFAULT_LIMITS, type VmLimits } from "../vm-limits.ts";
import { ContractWorker, type ContractWorkerOptions } from "./contract-worker.ts";

const workers: ContractWorker[] = [];
function start(options?: ContractWorkerOptions): ContractWorker {
  const worker = new ContractWorker(options);
  workers.push(worker);
  return worker;
}
afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.close())));

const echo = `globalThis.contract = (input) => "got " + input;`;

test("judges as the calling thread does", async () => {
  const worker = start();
  const loaded = loadProgram(echo);
  expect(loaded.ok && loaded.program.call(7n)).toEqual(await worker.call(echo, 7n));
  expect(await worker.runScript("6 * 7")).toEqual(runScript("6 * 7"));
  expect(await worker.call("x(", 1)).toMatchObject({ error: { code: "invalid-bundle" } });
});

test("answers every job with its own outcome, however many programs take turns", async () => {
  const worker = start({ programsMax: 2 });
  const jobs = Array.from({ length: 60 }, (_, index) => {
    const source = `globalThis.contract = (n) => "${index % 5}:" + n;`;
    return worker.call(source, index);
  });
  const outcomes = await Promise.all(jobs);
  outcomes.forEach((outcome, index) => {
    expect(outcome).toMatchObject({ ok: true, result: `${index % 5}:${index}` });
  });
});

test("refuses input that is no data", async () => {
  const worker = start();
  await expect(worker.call(echo, 0.5)).rejects.toMatchObject({ code: "invalid-input" });
  await expect(worker.call(echo, (() => 1) as unknown as GuestData)).rejects.toMatchObject({
    code: "invalid-input",
  });
  expect(await worker.call(echo, 1)).toMatchObject({ ok: true });
});

test("refuses jobs over its queue", async () => {
  const worker = start({ queueMax: 2 });
  const accepted = [worker.runScript("1"), worker.runScript("2")];
  await expect(worker.runScript("3")).rejects.toMatchObject({ code: "worker-busy" });
  expect((await Promise.all(accepted)).every((outcome) => outcome.ok)).toBe(true);
  expect(await worker.runScript("4")).toMatchObject({ ok: true });
});

test("a dying thread fails one job at a time and is replaced", async () => {
  // Gas of the wrong type makes the thread throw what it does not expect.
  const limits = { ...DEFAULT_LIMITS, gas: 1 as unknown as bigint } satisfies VmLimits;
  const worker = start({ limits });
  const jobs = [worker.runScript("1"), worker.runScript("2"), worker.call(echo, 1)];
  for (const settled of await Promise.allSettled(jobs))
    expect(settled).toMatchObject({ status: "rejected", reason: { code: "worker-crashed" } });
});

test("rejects what it holds when it is closed, and everything after", async () => {
  const worker = start();
  const job = worker.runScript("for (;;);");
  const rejection = expect(job).rejects.toMatchObject({ code: "worker-crashed" });
  await worker.close();
  await rejection;
  await expect(worker.runScript("1")).rejects.toMatchObject({ code: "worker-crashed" });
});
