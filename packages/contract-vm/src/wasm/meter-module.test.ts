import { describe, expect, test } from "vitest";
import { ByteWriter } from "./byte-writer.ts";
import { GAS_SCHEDULE } from "./gas-schedule.ts";
import { FRAME_BASE_SLOTS } from "./meter-function.ts";
import { MEMORY_DENIED, meterModule } from "./meter-module.ts";
import { WasmFormatError } from "./wasm-format-error.ts";

const I32 = 0x7f;
const GET_0 = [0x20, 0];
const END = 0x0b;
/** The slots of a function with that many parameters and locals; one local is added. */
const slots = (locals: number): number => locals + 1 + FRAME_BASE_SLOTS;

interface TinyFunction {
  readonly parameters?: number;
  readonly hasResult?: boolean;
  readonly code: readonly number[];
}

/** A module with one page of memory, a stack pointer, a global `seen` and functions f0, f1 … in one table. */
function tinyModule(
  functions: readonly TinyFunction[],
  sections: readonly number[][] = [],
): Uint8Array {
  const out = new ByteWriter().append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const section = (id: number, items: readonly (readonly number[])[]): void => {
    const body = new ByteWriter().unsigned(items.length).append(items.flat());
    out.byte(id).sized(body.bytes());
  };
  const name = (text: string): number[] => [...new ByteWriter().name(text).bytes()];
  section(
    1,
    functions.map(({ parameters = 0, hasResult }) => [
      0x60,
      parameters,
      ...Array<number>(parameters).fill(I32),
      ...(hasResult ? [1, I32] : [0]),
    ]),
  );
  section(
    3,
    functions.map((_, index) => [index]),
  );
  section(4, [[0x70, 0, functions.length]]);
  section(5, [[0, 1]]);
  section(6, [
    [I32, 1, 0x41, 0x80, 8, END],
    [I32, 1, 0x41, 0, END],
  ]);
  const exported = functions.map((_, index) => [...name(`f${index}`), 0, index]);
  section(7, [
    ...exported,
    [...name("memory"), 2, 0],
    [...name("__stack_pointer"), 3, 0],
    [...name("seen"), 3, 1],
  ]);
  for (const [id = 0, ...body] of sections) out.byte(id).sized(Uint8Array.from(body));
  section(9, [[0, 0x41, 0, END, functions.length, ...functions.keys()]]);
  section(
    10,
    functions.map(({ code }) => [
      ...new ByteWriter().unsigned(code.length + 1).bytes(),
      0,
      ...code,
    ]),
  );
  return out.bytes();
}

const GAS = 1_000_000n;
const SLOTS = 10_000;

function start(functions: readonly TinyFunction[]) {
  const wasm = meterModule(tinyModule(functions), { memoryPagesMax: 8 });
  expect(WebAssembly.validate(wasm)).toBe(true);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
  const global = (name: string): WebAssembly.Global => exports[name] as WebAssembly.Global;
  const [gas, frameSlots] = [global("gas_left"), global("frame_slots_left")];
  gas.value = GAS;
  frameSlots.value = SLOTS;
  const call = (index: number, ...values: number[]): unknown =>
    (exports[`f${index}`] as (...values: number[]) => unknown)(...values);
  return {
    call,
    global,
    gas,
    frameSlots,
    /** The gas of one call. */
    spend: (index: number, ...values: number[]): bigint => {
      gas.value = GAS;
      call(index, ...values);
      return GAS - gas.value;
    },
  };
}

describe("gas", () => {
  // loop; get 0; 1; sub; tee 0; br_if 0; end; end
  const countDown = [0x03, 0x40, ...GET_0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, END, END];

  test("a loop pays five instructions and a check each time round, and one check on entry", () => {
    const vm = start([{ parameters: 1, code: countDown }]);
    expect(vm.spend(0, 1)).toBe(1n + 6n);
    expect(vm.spend(0, 10)).toBe(1n + 10n * 6n);
  });

  test("a run may use its last unit, and traps with a negative counter when it wants one more", () => {
    const vm = start([{ parameters: 1, code: countDown }]);
    vm.gas.value = 61n;
    vm.call(0, 10);
    expect(vm.gas.value).toBe(0n);
    vm.gas.value = 60n;
    expect(() => vm.call(0, 10)).toThrow(WebAssembly.RuntimeError);
    expect(vm.gas.value).toBe(-1n);
  });

  test("nothing runs before gas is set", () => {
    const vm = start([{ code: [0x01, END] }]);
    vm.gas.value = 0n;
    expect(() => vm.call(0)).toThrow(WebAssembly.RuntimeError);
  });

  test("only the branch taken is paid", () => {
    // get 0; if; nop; nop; else; nop; end; end
    const vm = start([{ parameters: 1, code: [...GET_0, 0x04, 0x40, 1, 1, 0x05, 1, END, END] }]);
    expect(vm.spend(0, 1)).toBe(1n + 2n + 2n);
    expect(vm.spend(0, 0)).toBe(1n + 2n + 1n);
  });

  test("memory.fill pays for every eight bytes", () => {
    const fill = [0x41, 0, 0x41, 1, ...GET_0, 0xfc, 11, 0, END];
    const vm = start([{ parameters: 1, code: fill }]);
    const fixed = 1n + 3n + BigInt(GAS_SCHEDULE.bulkMemory);
    expect(vm.spend(0, 0)).toBe(fixed);
    expect(vm.spend(0, 7)).toBe(fixed);
    expect(vm.spend(0, 800)).toBe(fixed + 100n);
    vm.gas.value = fixed + 99n;
    expect(() => vm.call(0, 800)).toThrow(WebAssembly.RuntimeError);
    expect(vm.gas.value).toBe(-1n);
  });

  test("memory.copy pays for its length, not for its addresses", () => {
    const copy = [0x41, 0, 0x41, 0x80, 2, ...GET_0, 0xfc, 10, 0, 0, END];
    const vm = start([{ parameters: 1, code: copy }]);
    expect(vm.spend(0, 80) - vm.spend(0, 0)).toBe(10n);
  });
});

describe("memory", () => {
  const grow: TinyFunction = { parameters: 1, hasResult: true, code: [...GET_0, 0x40, 0, END] };
  const size: TinyFunction = { hasResult: true, code: [0x3f, 0, END] };

  test("growing pays by the page and stops at the host's limit", () => {
    const vm = start([grow, size]);
    vm.global("memory_page_limit").value = 3;
    expect(vm.spend(0, 2)).toBe(1n + 1n + BigInt(GAS_SCHEDULE.call + 2 * GAS_SCHEDULE.memoryPage));
    expect(vm.call(1)).toBe(3);
    expect(vm.call(0, 1)).toBe(-1);
    expect(vm.call(0, -1)).toBe(-1);
    expect(vm.global("memory_denied").value).toBe(MEMORY_DENIED.byLimit);
    expect(vm.call(0, 0)).toBe(3);
  });

  test("the guest cannot tell memory that a reset took back from memory never given", () => {
    const vm = start([grow, size]);
    vm.global("memory_page_limit").value = 4;
    const first = vm.spend(0, 3);
    vm.global("memory_pages").value = 1;
    expect(vm.call(1)).toBe(1);
    expect(vm.spend(0, 3)).toBe(first);
    expect((vm.global("memory") as unknown as WebAssembly.Memory).buffer.byteLength).toBe(
      4 * 65_536,
    );
  });

  test("what the host cannot give is no verdict", () => {
    const vm = start([grow]);
    vm.global("memory_page_limit").value = 100; // over the declared maximum, so that growing fails
    expect(() => vm.call(0, 50)).toThrow(WebAssembly.RuntimeError);
    expect(vm.global("memory_denied").value).toBe(MEMORY_DENIED.byHost);
  });
});

describe("depth", () => {
  // if (n == 0) return 0; return f(n - 1) + 1
  const count: TinyFunction = {
    parameters: 1,
    hasResult: true,
    code: [
      ...GET_0,
      0x45,
      0x04,
      0x40,
      0x41,
      0,
      0x0f,
      END,
      ...GET_0,
      0x41,
      1,
      0x6b,
      0x10,
      0,
      0x41,
      1,
      0x6a,
      END,
    ],
  };

  test("recursion takes slots for every frame and gives them back", () => {
    const vm = start([count]);
    expect(vm.spend(0, 3)).toBe(3n * (4n + 8n) + 4n + 2n);
    expect(vm.frameSlots.value).toBe(SLOTS);
    vm.frameSlots.value = 4 * slots(1);
    expect(vm.call(0, 3)).toBe(3);
    expect(vm.frameSlots.value).toBe(4 * slots(1));
    vm.frameSlots.value--;
    expect(() => vm.call(0, 3)).toThrow(WebAssembly.RuntimeError);
    expect(vm.frameSlots.value).toBe(-1);
  });

  test("every way out gives the slots back: return in blocks, branch to the function, the end", () => {
    // block; block; get 0; br_table 0 1 2; end; seen = 10; return; end; seen = 20; br 0; f0(get 0); end
    const code = [
      ...[0x02, 0x40, 0x02, 0x40, ...GET_0, 0x0e, 2, 0, 1, 2, END],
      ...[0x41, 10, 0x24, 1, 0x0f, END, 0x41, 20, 0x24, 1, 0x0c, 0, ...GET_0, 0x10, 0, END],
    ];
    const vm = start([{ parameters: 1, code }]);
    const outcomes = [
      [0, 10, 7n],
      [1, 20, 7n],
      [2, 0, 4n],
      [9, 0, 4n],
    ] as const;
    for (const [input, seen, gas] of outcomes) {
      vm.global("seen").value = 0;
      expect(vm.spend(0, input)).toBe(gas);
      expect(vm.global("seen").value).toBe(seen);
      expect(vm.frameSlots.value).toBe(SLOTS);
    }
  });

  test("mutual recursion counts, and a function outside any cycle does not", () => {
    const vm = start([
      { parameters: 1, code: [...GET_0, 0x04, 0x40, ...GET_0, 0x41, 1, 0x6b, 0x10, 1, END, END] },
      { parameters: 1, code: [...GET_0, 0x10, 0, END] },
      { code: [0x41, 4, 0x10, 0, END] },
    ]);
    vm.frameSlots.value = 9 * slots(1);
    vm.call(2);
    vm.frameSlots.value--;
    expect(() => vm.call(2)).toThrow(WebAssembly.RuntimeError);
  });

  test("an indirect call may reach every function of its type in the table", () => {
    const vm = start([{ parameters: 1, code: [...GET_0, ...GET_0, 0x11, 0, 0, END] }]);
    expect(() => vm.call(0, 0)).toThrow(WebAssembly.RuntimeError);
    expect(vm.frameSlots.value).toBeLessThan(0);
  });

  test("the C stack cannot sink under its floor", () => {
    // __stack_pointer = __stack_pointer - n
    const vm = start([{ parameters: 1, code: [0x23, 0, ...GET_0, 0x6b, 0x24, 0, END] }]);
    vm.global("stack_floor").value = 1000;
    vm.call(0, 24);
    expect(vm.global("__stack_pointer").value).toBe(1000);
    expect(() => vm.call(0, 1)).toThrow(WebAssembly.RuntimeError);
  });
});

describe("what is not understood is refused", () => {
  const rows: readonly [string, Uint8Array][] = [
    ["a vector instruction", tinyModule([{ code: [0xfd, 12, END] }])],
    ["an atomic instruction", tinyModule([{ code: [0xfe, 3, 0, END] }])],
    ["a tail call", tinyModule([{ code: [0x12, 0, END] }])],
    ["a start function", tinyModule([{ code: [END] }], [[8, 0]])],
    ["another file", Uint8Array.of(1, 2, 3, 4)],
  ];
  test.each(rows)("%s", (_name, wasm) => {
    expect(() => meterModule(wasm, { memoryPagesMax: 8 })).toThrow(WasmFormatError);
  });
});
