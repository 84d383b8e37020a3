import { describe, expect, test } from "vitest";
import { loadProgram, type Program, runScript } from "./contract-vm.ts";
import { ContractVmError } from "./contract-vm-error.ts";
import type { GuestData } from "./guest/guest-value.ts";
import { DEFAULT_LIMITS, type VmLimits } from "./vm-limits.ts";

function load(source: string, limits?: VmLimits): Program {
  const loaded = loadProgram(source, limits);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  return loaded.program;
}

describe("a program", () => {
  test("answers with its contract's text", () => {
    const program = load(`globalThis.contract = (input) => "paid " + input.amount;`);
    expect(program.call({ amount: 5n })).toMatchObject({ ok: true, result: "paid 5" });
  });

  test("starts every call from the state after loading", () => {
    const program = load(`
      const seen = []; let big;
      globalThis.contract = (input) => { seen.push(input); big = new Uint8Array(2e6).fill(7); return seen.join(); };`);
    const first = program.call(1);
    expect(first).toMatchObject({ ok: true, result: "1" });
    for (const input of [2, 3])
      expect(program.call(input)).toEqual({ ...first, result: String(input) });
    expect(program.call(1)).toEqual(first);
    expect(program.callFresh(1)).toEqual(first);
  });

  test("gives the same outcome after any other call, in the same instance or a new one", () => {
    const program = load(`
      globalThis.contract = (size) => {
        if (size < 0) for (;;);
        const all = []; for (let i = 0; i < size; i++) all.push({ i, text: "row " + i });
        if (size === 13) return (function deep() { return deep() + 1; })();
        if (size > 5000) throw new RangeError("too many");
        return String(all.length);
      };`);
    const sizes = [0, 10, 13, -1, 5000, 60_000, 3, 6000];
    const expected = new Map(sizes.map((size) => [size, program.callFresh(size)]));
    for (const size of [...sizes, ...sizes.toReversed()])
      expect(program.call(size)).toEqual(expected.get(size));
  });

  test("pays for reading its input", () => {
    const program = load(`globalThis.contract = () => "ok";`);
    const short = program.call("a").gas;
    expect(program.call("a".repeat(80_000)).gas - short).toBeGreaterThanOrEqual(10_000n);
    expect(program.call(Array(100).fill(1)).gas).toBeGreaterThan(short);
  });

  test("names the place of an error in the contract's source", () => {
    const program = load(
      `globalThis.contract = (input) => {\n  if (input)\n    throw new Error("cash/owner-signs");\n  return Date();\n};`,
    );
    expect(program.call(true)).toMatchObject({
      ok: false,
      error: {
        code: "threw",
        detail: "Error: cash/owner-signs",
        position: { line: 3, column: 15 },
      },
    });
    expect(program.call(false)).toMatchObject({
      error: { detail: "ReferenceError: Date is not defined", position: { line: 4 } },
    });
  });

  test("is refused with the place where its source does not parse", () => {
    expect(loadProgram("let a = 1;\nlet a b;")).toMatchObject({
      ok: false,
      error: { code: "invalid-bundle", position: { line: 2 } },
    });
  });
});

describe("limits", () => {
  const sum = `globalThis.contract = (n) => { let sum = 0; for (let i = 0; i < n; i++) sum += i; return String(sum); };`;

  test("gas", () => {
    const limits = { ...DEFAULT_LIMITS, gas: 5_000_000n };
    const program = load(sum, limits);
    const enough = program.call(100);
    expect(enough.ok).toBe(true);
    expect(program.call(100_000)).toMatchObject({ ok: false, error: { code: "out-of-gas" } });
    expect(load(sum, { ...limits, gas: 10_000_000n }).call(100)).toEqual(enough);
  });

  test("memory", () => {
    const program = load(`globalThis.contract = (n) => String(new Uint8Array(n).length);`, {
      ...DEFAULT_LIMITS,
      memoryBytes: 4 * 1024 * 1024,
    });
    expect(program.call(1_000_000).ok).toBe(true);
    expect(program.call(4_000_000)).toMatchObject({ ok: false, error: { code: "out-of-memory" } });
  });

  test("source, input and result", () => {
    const limits = {
      ...DEFAULT_LIMITS,
      sourceBytesMax: 100,
      inputBytesMax: 100,
      resultBytesMax: 10,
    };
    expect(loadProgram(" ".repeat(101), limits)).toMatchObject({
      ok: false,
      error: { code: "invalid-bundle" },
    });
    const program = load(`globalThis.contract = (n) => "a".repeat(n);`, limits);
    expect(program.call(10).ok).toBe(true);
    expect(program.call(11)).toMatchObject({ ok: false, error: { code: "threw" } });
    expect(() => program.call("a".repeat(100))).toThrow(ContractVmError);
  });

  test("a host whose stack is too small says so instead of judging", () => {
    const limits = { ...DEFAULT_LIMITS, callDepth: 2 ** 30, stackBytes: 700 * 1024 };
    const run = () => runScript(`(function f() { return f() + 1; })()`, undefined, limits);
    expect(run).toThrow(/contract-vm\/host-stack/);
  });
});

describe("a script", () => {
  const rows: readonly [string, string, GuestData, string | undefined][] = [
    ["an expression", "1 + 1", undefined, "2"],
    ["text", `"a" + "b"`, undefined, `"ab"`],
    ["bigints, as text", "({ sum: 2n ** 70n })", undefined, `{"sum":"1180591620717411303424"}`],
    ["nothing", "let a = 1", undefined, undefined],
    ["a contract, called", `globalThis.contract = (n) => String(n + 1)`, 41, "42"],
  ];
  test.each(rows)("gives %s", (_name, source, input, result) => {
    expect(runScript(source, input)).toMatchObject({ ok: true, result });
  });
});
