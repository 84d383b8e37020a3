import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadProgram } from "../contract-vm.ts";
import { ContractVmError } from "../contract-vm-error.ts";
import {
  encodeGuestData,
  type GuestData,
  INPUT_BIGINT_BYTES_MAX,
  INPUT_DEPTH_MAX,
} from "./guest-value.ts";

/** Text that tells apart all values that differ; the same function runs here and in the guest. */
const renderSource = `(function render(v) {
  if (Array.isArray(v)) return "[" + v.map(render).join() + "]";
  if (typeof v === "object" && v !== null)
    return "{" + Object.keys(v).map((key) => JSON.stringify(key) + ":" + render(v[key])).join() + "}";
  return typeof v + " " + (typeof v === "string" ? JSON.stringify(v) : String(v));
})`;
const renderHere = new Function(`return ${renderSource}`)() as (value: GuestData) => string;

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "é", "\0", "ÿ".repeat(40), "漢".repeat(40), "\ud800", "__proto__", "length"),
);
const key = fc.oneof(
  text,
  fc.nat().map(String),
  fc.constantFrom("2147483647", "2147483648", "4294967295", "01", "-1"),
);
const leaf = fc.oneof(
  text,
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.maxSafeInteger().map((value) => value || 0),
  fc.integer({ min: -300, max: 300 }).map((value) => value || 0),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  fc.bigInt({ min: -300n, max: 300n }),
);
const data = fc.letrec<{ value: GuestData }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(key, tie("value"), { maxKeys: 6, noNullPrototype: true }),
  ),
})).value;

describe("encodeGuestData", () => {
  const loaded = loadProgram(
    `globalThis.contract = ((render) => (input) => render(input).toWellFormed())(${renderSource})`,
  );
  if (!loaded.ok) throw new Error(loaded.error.detail);

  test("the guest reads what was written", () => {
    fc.assert(
      fc.property(data, (value) => {
        const outcome = loaded.program.call(value);
        expect(outcome).toMatchObject({ ok: true, result: renderHere(value) });
      }),
      { numRuns: 400 },
    );
  });

  test("the bytes are those that the engine itself writes", () => {
    const engineWrites = makeEngineWriter();
    // Names that the engine knows by number are written as numbers, which a host need not know.
    const unknownKeys = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(unknownKeys);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [`_${name}_`, unknownKeys(item)]),
      );
    };
    fc.assert(
      fc.property(data, (value) => {
        const plain = unknownKeys(value) as GuestData;
        const ours = Buffer.from(encodeGuestData(plain));
        const theirs = engineWrites(sourceOf(plain));
        expect(ours[0]).toBe(theirs[0]);
        expect(ours.subarray(5).toString("hex")).toBe(theirs.subarray(5).toString("hex"));
      }),
      { numRuns: 200 },
    );
  });

  const nested = (depth: number): GuestData => (depth === 0 ? 1 : [nested(depth - 1)]);
  const accepted: readonly [string, GuestData][] = [
    ["the deepest data", nested(INPUT_DEPTH_MAX)],
    ["the largest bigint", 2n ** BigInt(INPUT_BIGINT_BYTES_MAX * 8 - 1) - 1n],
  ];
  test.each(accepted)("takes %s", (_name, value) => {
    expect(loaded.program.call(value)).toMatchObject({ ok: true, result: renderHere(value) });
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const refused: readonly [string, unknown][] = [
    ["a fraction", 0.5],
    ["NaN", Number.NaN],
    ["minus zero", -0],
    ["an unsafe integer", 2 ** 53],
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["an instance", new (class Money {})()],
    ["bytes", new Uint8Array(1)],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["data too deep", nested(INPUT_DEPTH_MAX + 1)],
    ["cyclic data", cyclic],
    ["a bigint too large", 2n ** BigInt(INPUT_BIGINT_BYTES_MAX * 8)],
  ];
  test.each(refused)("refuses %s", (_name, value) => {
    expect(() => encodeGuestData(value as GuestData)).toThrow(ContractVmError);
    expect(() => encodeGuestData({ a: [value as GuestData] })).toThrow(/invalid-input/);
  });
});

/** A script whose value is the data. */
function sourceOf(value: GuestData): string {
  if (typeof value === "bigint") return `(${value}n)`;
  if (Array.isArray(value)) return `[${value.map(sourceOf).join()}]`;
  if (typeof value !== "object" || value === null)
    return value === undefined ? "undefined" : JSON.stringify(value);
  const items = Object.entries(value).map(
    ([name, item]) => `[${JSON.stringify(name)}]:${sourceOf(item)}`,
  );
  return `({${items.join()}})`;
}

/** `JS_WriteObject` of the engine as it comes from the package. */
function makeEngineWriter(): (source: string) => Buffer {
  const wasm = readFileSync(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
  const module = new WebAssembly.Module(wasm);
  const imports: WebAssembly.Imports = {};
  for (const item of WebAssembly.Module.imports(module)) {
    imports[item.module] = { ...imports[item.module], [item.name]: () => 0 };
  }
  const engine = new WebAssembly.Instance(module, imports).exports as Record<
    string,
    CallableFunction
  > & {
    memory: WebAssembly.Memory;
  };
  engine._initialize?.();
  engine.qjs_init?.();
  const context = engine.qjs_get_context_ptr?.();
  const put = (content: string): number => {
    const bytes = Buffer.from(`${content}\0`);
    const address = engine.wasm_malloc?.(bytes.length) as number;
    new Uint8Array(engine.memory.buffer).set(bytes, address);
    return address;
  };
  const name = put("value.js");
  const cell = put("    ");
  return (source) => {
    const value = engine.JS_Eval?.(context, put(source), Buffer.byteLength(source), name, 0);
    const address = engine.JS_WriteObject?.(context, cell, value, 0) as number;
    const length = new DataView(engine.memory.buffer).getUint32(cell, true);
    return Buffer.from(engine.memory.buffer.slice(address, address + length));
  };
}
