import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { findRecursiveBodies } from "./call-graph.ts";
import { GAS_SCHEDULE, type GasSchedule } from "./gas-schedule.ts";
import { OP } from "./instruction.ts";
import { type MeterIndices, meterFunction } from "./meter-function.ts";
import { WasmFormatError } from "./wasm-format-error.ts";
import { EXTERNAL, parseWasmModule, SECTION, type WasmModule } from "./wasm-module.ts";

export interface MeterOptions {
  readonly schedule?: GasSchedule;
  /** Upper bound of what a host may set as `memory_page_limit`. */
  readonly memoryPagesMax: number;
  /** Functions to go on exporting; all of them by default. */
  readonly exportedFunctions?: ReadonlySet<string>;
}

/**
 * Names of the globals that the rewritten module exports. Gas and slots start at zero, so that
 * nothing runs before the host has set limits.
 */
const METER_GLOBALS = {
  gasLeft: "gas_left",
  frameSlotsLeft: "frame_slots_left",
  stackFloor: "stack_floor",
  memoryPages: "memory_pages",
  memoryPageLimit: "memory_page_limit",
  memoryDenied: "memory_denied",
} as const;

/** Values of `memory_denied` after a refused growth: over the limit, or the host had none to give (and the run trapped). */
export const MEMORY_DENIED = { byLimit: 1, byHost: 2 } as const;

const I32 = 0x7f;
const I64 = 0x7e;
const MUTABLE = 1;
/** -1 as a signed LEB128 byte. */
const MINUS_ONE = 0x7f;

/**
 * Rewrites a module so that its run is metered and bounded: gas, native call depth, C stack and
 * memory. Custom sections and unneeded exports are dropped.
 *
 * `memory.size` and `memory.grow` read and move a counter of pages instead of the memory itself.
 * A host can then reset an instance whose memory has grown by setting the counter back, which
 * `memory.grow` alone, being irreversible, would not allow without changing what the guest sees.
 */
export function meterModule(wasm: Uint8Array, options: MeterOptions): Uint8Array<ArrayBuffer> {
  const schedule = options.schedule ?? GAS_SCHEDULE;
  const module = parseWasmModule(wasm);
  const layout = planLayout(module);
  const out = new ByteWriter().append(wasm.subarray(0, 8));
  for (const section of module.sections) {
    if (section.id === SECTION.custom) continue;
    if (section.id === SECTION.start)
      throw new WasmFormatError("start functions are not supported", section.start);
    const raw = wasm.subarray(section.start, section.end);
    out
      .byte(section.id)
      .sized(rewriteSection(section.id, raw, { module, layout, schedule, options }));
  }
  return out.bytes();
}

interface Layout extends MeterIndices {
  readonly memoryPageLimit: number;
  readonly memoryDenied: number;
  readonly helperType: number;
}

interface RewriteContext {
  readonly module: WasmModule;
  readonly layout: Layout;
  readonly schedule: GasSchedule;
  readonly options: MeterOptions;
}

function planLayout(module: WasmModule): Layout {
  const firstGlobal = module.importedGlobalCount + module.globalCount;
  const firstFunction = module.importedFunctions.length + module.bodies.length;
  const stackPointer = module.exports.find(
    (item) => item.name === "__stack_pointer" && item.kind === EXTERNAL.global,
  );
  return {
    gasLeft: firstGlobal,
    frameSlotsLeft: firstGlobal + 1,
    stackFloor: firstGlobal + 2,
    memoryPages: firstGlobal + 3,
    memoryPageLimit: firstGlobal + 4,
    memoryDenied: firstGlobal + 5,
    chargeBytes: firstFunction,
    growMemory: firstFunction + 1,
    helperType: module.types.length,
    stackPointer: stackPointer?.index,
  };
}

function rewriteSection(id: number, raw: Uint8Array, context: RewriteContext): Uint8Array {
  const { module, layout } = context;
  switch (id) {
    case SECTION.type:
      return extendVector(raw, 1, new ByteWriter().byte(0x60, 1, I32, 1, I32));
    case SECTION.function:
      return extendVector(
        raw,
        2,
        new ByteWriter().unsigned(layout.helperType).unsigned(layout.helperType),
      );
    case SECTION.memory:
      return new ByteWriter()
        .byte(1, 1)
        .unsigned(module.memoryPages)
        .unsigned(context.options.memoryPagesMax)
        .bytes();
    case SECTION.global:
      return extendVector(raw, 6, meterGlobals(module));
    case SECTION.export:
      return rewriteExports(context);
    case SECTION.code:
      return rewriteCode(context);
    default:
      return raw;
  }
}

function extendVector(raw: Uint8Array, added: number, items: ByteWriter): Uint8Array {
  const reader = new ByteReader(raw);
  const count = reader.unsigned();
  return new ByteWriter()
    .unsigned(count + added)
    .append(raw.subarray(reader.position))
    .append(items.bytes())
    .bytes();
}

function meterGlobals(module: WasmModule): ByteWriter {
  const out = new ByteWriter().byte(I64, MUTABLE, OP.i64Const, 0, OP.end);
  for (const initial of [0, 0, module.memoryPages, module.memoryPages, 0])
    out.byte(I32, MUTABLE, OP.i32Const).signed(initial).byte(OP.end);
  return out;
}

function rewriteExports({ module, layout, options }: RewriteContext): Uint8Array {
  const kept = module.exports.filter((item) => {
    if (item.kind === EXTERNAL.function) return options.exportedFunctions?.has(item.name) ?? true;
    return item.kind !== EXTERNAL.table;
  });
  const added = Object.entries(METER_GLOBALS).map(([key, name]) => ({
    name,
    kind: EXTERNAL.global,
    index: layout[key as keyof typeof METER_GLOBALS],
  }));
  const all = [...kept, ...added];
  const out = new ByteWriter().unsigned(all.length);
  for (const item of all) out.name(item.name).byte(item.kind).unsigned(item.index);
  return out.bytes();
}

function rewriteCode({ module, layout, schedule }: RewriteContext): Uint8Array {
  const recursive = findRecursiveBodies(module);
  const out = new ByteWriter().unsigned(module.bodies.length + 2);
  module.bodies.forEach((body, index) => {
    const isRecursive = recursive.has(index);
    out.sized(meterFunction({ module, body, schedule, indices: layout, isRecursive }));
  });
  return out
    .sized(chargeBytesBody(layout, schedule))
    .sized(growMemoryBody(layout, schedule))
    .bytes();
}

/** (length) → length; charges for a bulk memory operation of that many bytes. */
function chargeBytesBody(layout: Layout, schedule: GasSchedule): Uint8Array {
  const out = new ByteWriter().byte(0);
  out.byte(OP.globalGet).unsigned(layout.gasLeft);
  out
    .byte(OP.localGet, 0, OP.i64ExtendI32U, OP.i64Const)
    .signed(schedule.bulkBytesShift)
    .byte(OP.i64ShrU, OP.i64Sub);
  return endCharge(out, layout).byte(OP.localGet, 0, OP.end).bytes();
}

/** (pages) → previous page count, or -1 over the limit; what `memory.grow` becomes. */
function growMemoryBody(layout: Layout, schedule: GasSchedule): Uint8Array {
  const { memoryPages, memoryPageLimit, memoryDenied } = layout;
  const out = new ByteWriter().byte(0);
  const get = (index: number): ByteWriter => out.byte(OP.globalGet).unsigned(index);
  const set = (index: number): ByteWriter => out.byte(OP.globalSet).unsigned(index);
  const pushNeeded = (): ByteWriter => get(memoryPages).byte(OP.localGet, 0, OP.i32Add);
  const deny = (reason: number): void => {
    out.byte(OP.i32Const, reason);
    set(memoryDenied);
  };
  // if pages > limit - current: return -1 (the limit is never under the current count)
  out.byte(OP.localGet, 0);
  get(memoryPageLimit);
  get(memoryPages).byte(OP.i32Sub, OP.i32GtU, OP.if, OP.emptyBlock);
  deny(MEMORY_DENIED.byLimit);
  out.byte(OP.i32Const, MINUS_ONE, OP.return, OP.end);
  get(layout.gasLeft)
    .byte(OP.localGet, 0, OP.i64ExtendI32U, OP.i64Const)
    .signed(schedule.memoryPage);
  out.byte(OP.i64Mul, OP.i64Sub);
  endCharge(out, layout);
  // if current + pages > memory.size: grow the real memory, and trap if the host refuses
  pushNeeded().byte(OP.memorySize, 0, OP.i32GtU, OP.if, OP.emptyBlock);
  pushNeeded().byte(
    OP.memorySize,
    0,
    OP.i32Sub,
    OP.memoryGrow,
    0,
    OP.i32Const,
    MINUS_ONE,
    OP.i32Eq,
  );
  out.byte(OP.if, OP.emptyBlock);
  deny(MEMORY_DENIED.byHost);
  out.byte(OP.unreachable, OP.end, OP.end);
  // the previous count is the result
  get(memoryPages);
  pushNeeded();
  return set(memoryPages).byte(OP.end).bytes();
}

function endCharge(out: ByteWriter, layout: Layout): ByteWriter {
  out.byte(OP.globalSet).unsigned(layout.gasLeft).byte(OP.globalGet).unsigned(layout.gasLeft);
  return out.byte(OP.i64Const, 0, OP.i64LtS, OP.if, OP.emptyBlock, OP.unreachable, OP.end);
}
