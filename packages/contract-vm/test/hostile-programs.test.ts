import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { VmOutcome } from "../src/index.ts";
import { HOSTILE_CASES } from "./hostile/all-cases.ts";
import type { HostileCase } from "./hostile/hostile-case.ts";
import {
  flatten,
  type Judge,
  judgeFresh,
  judgeReused,
  makeVectors,
  VECTORS_URL,
} from "./vectors.ts";

/** A hostile program must be stopped within this, on one core, whatever it tries. */
const CPU_MS_MAX = 1000;

/** Judges each case once, however often it is asked. */
function once(judge: Judge): Judge {
  const known = new Map<HostileCase, VmOutcome>();
  return (item) => {
    const outcome = known.get(item) ?? judge(item);
    known.set(item, outcome);
    return outcome;
  };
}

const fresh = once(judgeFresh);
const reused = once(judgeReused);

function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function expectExpected(item: HostileCase, outcome: VmOutcome): void {
  if ("code" in item.expected) expect(outcome).toMatchObject({ ok: false, error: item.expected });
  else expect(outcome).toMatchObject({ ok: true, result: item.expected.result });
}

test("the cases are many and have names of their own", () => {
  expect(HOSTILE_CASES.length).toBeGreaterThan(200);
  expect(new Set(HOSTILE_CASES.map((item) => item.name)).size).toBe(HOSTILE_CASES.length);
});

describe.each([...new Set(HOSTILE_CASES.map((item) => item.theme))])("%s", (theme) => {
  const cases = HOSTILE_CASES.filter((item) => item.theme === theme);
  test.each(cases.map((item) => [item.name, item] as const))("%s", (_name, item) => {
    const spent = cpuMs(() => fresh(item));
    expectExpected(item, fresh(item));
    expect(reused(item)).toEqual(fresh(item));
    expect(spent).toBeLessThan(CPU_MS_MAX);
  });
});

test("another process finds the same verdicts and gas", () => {
  const script = fileURLToPath(new URL("./judge-all.ts", import.meta.url));
  const printed = execFileSync(process.execPath, [script], {
    maxBuffer: 64 * 1024 * 1024,
    encoding: "utf8",
  });
  expect(JSON.parse(printed)).toEqual(
    HOSTILE_CASES.map((item) => JSON.parse(JSON.stringify(flatten(fresh(item))))),
  );
}, 120_000);

test("test-vectors/contract-vm.json is what test/write-vectors.ts would write", () => {
  expect(JSON.parse(readFileSync(VECTORS_URL, "utf8"))).toEqual(
    JSON.parse(JSON.stringify(makeVectors(reused))),
  );
}, 60_000);
