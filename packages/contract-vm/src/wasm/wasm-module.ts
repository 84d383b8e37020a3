import { ByteReader } from "./byte-reader.ts";
import { WasmFormatError } from "./wasm-format-error.ts";

export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

export interface WasmExport {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

/** `code` spans a function body: its local declarations, then its instructions. */
export interface FunctionBody {
  readonly typeIndex: number;
  readonly start: number;
  readonly end: number;
}

export interface Section {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** As much of a module as the rewriter needs to know. */
export interface WasmModule {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: readonly FunctionType[];
  /** Type index of every imported function; they come first in the index space. */
  readonly importedFunctions: readonly number[];
  readonly importedGlobalCount: number;
  readonly globalCount: number;
  readonly memoryPages: number;
  readonly exports: readonly WasmExport[];
  readonly bodies: readonly FunctionBody[];
  /** Function indices that some table element holds: what an indirect call may reach. */
  readonly tableFunctions: ReadonlySet<number>;
}

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

export const EXTERNAL = { function: 0, table: 1, memory: 2, global: 3 } as const;

export function parseWasmModule(bytes: Uint8Array): WasmModule {
  const sections = parseSections(bytes);
  const read = <T>(id: number, absent: T, parse: (reader: ByteReader) => T): T => {
    const section = sections.find((candidate) => candidate.id === id);
    return section ? parse(new ByteReader(bytes, section.start, section.end)) : absent;
  };
  const imports = read(SECTION.import, { functions: [], globals: 0 }, parseImports);
  const functionTypes = read(SECTION.function, [], (reader) =>
    vector(reader, () => reader.unsigned()),
  );
  const bodies = read(SECTION.code, [], (reader) => parseBodies(reader, functionTypes));
  if (bodies.length !== functionTypes.length)
    throw new WasmFormatError("functions and bodies differ in number");
  return {
    bytes,
    sections,
    types: read(SECTION.type, [], parseTypes),
    importedFunctions: imports.functions,
    importedGlobalCount: imports.globals,
    globalCount: read(SECTION.global, 0, (reader) => reader.unsigned()),
    memoryPages: read(SECTION.memory, 0, parseMemory),
    exports: read(SECTION.export, [], parseExports),
    bodies,
    tableFunctions: read(SECTION.element, new Set<number>(), parseElements),
  };
}

function parseSections(bytes: Uint8Array): Section[] {
  const reader = new ByteReader(bytes);
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  for (const expected of header)
    if (reader.byte() !== expected) throw new WasmFormatError("not a wasm 1 module", 0);
  const sections: Section[] = [];
  while (!reader.done) {
    const id = reader.byte();
    if (id > SECTION.dataCount) throw new WasmFormatError(`unknown section ${id}`, reader.position);
    const length = reader.unsigned();
    const start = reader.position;
    reader.skip(length);
    sections.push({ id, start, end: reader.position });
  }
  return sections;
}

function vector<T>(reader: ByteReader, item: () => T): T[] {
  const count = reader.unsigned();
  const items: T[] = [];
  for (let index = 0; index < count; index++) items.push(item());
  return items;
}

function parseTypes(reader: ByteReader): FunctionType[] {
  return vector(reader, () => {
    if (reader.byte() !== 0x60) throw new WasmFormatError("only function types", reader.position);
    const parameters = vector(reader, () => reader.byte());
    return { parameters, results: vector(reader, () => reader.byte()) };
  });
}

function parseImports(reader: ByteReader): { functions: number[]; globals: number } {
  const functions: number[] = [];
  let globals = 0;
  vector(reader, () => {
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind === EXTERNAL.function) functions.push(reader.unsigned());
    else if (kind === EXTERNAL.global) {
      reader.skip(2);
      globals++;
    } else
      throw new WasmFormatError("imported tables and memories are not supported", reader.position);
  });
  return { functions, globals };
}

function parseMemory(reader: ByteReader): number {
  const count = reader.unsigned();
  if (count !== 1) throw new WasmFormatError(`${count} memories`, reader.position);
  const flags = reader.byte();
  if (flags > 1) throw new WasmFormatError("shared or 64-bit memory", reader.position);
  return reader.unsigned();
}

function parseExports(reader: ByteReader): WasmExport[] {
  return vector(reader, () => ({
    name: reader.name(),
    kind: reader.byte(),
    index: reader.unsigned(),
  }));
}

function parseBodies(reader: ByteReader, functionTypes: readonly number[]): FunctionBody[] {
  let index = 0;
  return vector(reader, () => {
    const length = reader.unsigned();
    const start = reader.position;
    reader.skip(length);
    return { typeIndex: functionTypes[index++] ?? -1, start, end: reader.position };
  });
}

function parseElements(reader: ByteReader): Set<number> {
  const functions = new Set<number>();
  vector(reader, () => {
    // Active segment, table 0, plain function indices: all that a C compiler emits.
    if (reader.unsigned() !== 0)
      throw new WasmFormatError("unsupported element segment", reader.position);
    if (reader.byte() !== 0x41)
      throw new WasmFormatError("element offset is not a constant", reader.position);
    reader.skipNumber();
    if (reader.byte() !== 0x0b)
      throw new WasmFormatError("element offset is not a constant", reader.position);
    for (const index of vector(reader, () => reader.unsigned())) functions.add(index);
  });
  return functions;
}
