import { ByteReader } from "./byte-reader.ts";
import { type Instruction, OP, readInstruction } from "./instruction.ts";
import type { FunctionBody, WasmModule } from "./wasm-module.ts";

export interface LocalDeclarations {
  /** Number of locals besides the parameters. */
  readonly count: number;
  /** Where the instructions start. */
  readonly codeStart: number;
}

export function readLocals(module: WasmModule, body: FunctionBody): LocalDeclarations {
  const reader = new ByteReader(module.bytes, body.start, body.end);
  let count = 0;
  for (let groups = reader.unsigned(); groups > 0; groups--) {
    count += reader.unsigned();
    reader.byte();
  }
  return { count, codeStart: reader.position };
}

/**
 * The bodies (by position, imports not counted) that can be on the call stack more than once: the
 * members of a cycle of the call graph. An indirect call may reach every table function of its
 * type. Imports are leaves, because our hosts never call back into the module.
 */
export function findRecursiveBodies(module: WasmModule): Set<number> {
  const edges = module.bodies.map((body) => readCallees(module, body));
  const recursive = new Set<number>();
  for (const component of stronglyConnected(edges)) {
    const [only] = component;
    const isCycle = component.length > 1 || (only !== undefined && edges[only]?.includes(only));
    if (isCycle) for (const body of component) recursive.add(body);
  }
  return recursive;
}

function readCallees(module: WasmModule, body: FunctionBody): number[] {
  const imports = module.importedFunctions.length;
  const callees = new Set<number>();
  const reader = new ByteReader(module.bytes, readLocals(module, body).codeStart, body.end);
  const instruction: Instruction = { opcode: 0, start: 0, end: 0, operand: 0 };
  while (!reader.done) {
    readInstruction(reader, instruction);
    if (instruction.opcode === OP.call && instruction.operand >= imports)
      callees.add(instruction.operand - imports);
    if (instruction.opcode === OP.callIndirect)
      for (const callee of tableBodiesOfType(module, instruction.operand)) callees.add(callee);
  }
  return [...callees];
}

function tableBodiesOfType(module: WasmModule, typeIndex: number): number[] {
  const imports = module.importedFunctions.length;
  const wanted = signature(module, typeIndex);
  return [...module.tableFunctions]
    .map((index) => index - imports)
    .filter(
      (body) => body >= 0 && signature(module, module.bodies[body]?.typeIndex ?? -1) === wanted,
    );
}

/** Indirect calls compare types by structure, not by index. */
function signature(module: WasmModule, typeIndex: number): string {
  const type = module.types[typeIndex];
  return type ? `${type.parameters.join()}:${type.results.join()}` : "";
}

/** Tarjan's algorithm with an explicit stack, since call chains are thousands long. */
function stronglyConnected(edges: readonly (readonly number[])[]): number[][] {
  const order = new Int32Array(edges.length).fill(-1);
  const low = new Int32Array(edges.length);
  const onStack = new Uint8Array(edges.length);
  const open: number[] = [];
  const components: number[][] = [];
  let visited = 0;

  const visit = (root: number): void => {
    const path: { node: number; next: number }[] = [];
    const enter = (node: number): void => {
      order[node] = low[node] = visited++;
      onStack[node] = 1;
      open.push(node);
      path.push({ node, next: 0 });
    };
    enter(root);
    for (let frame = path.at(-1); frame; frame = path.at(-1)) {
      const target = edges[frame.node]?.[frame.next++];
      if (target !== undefined) {
        if (order[target] === -1) enter(target);
        else if (onStack[target])
          low[frame.node] = Math.min(low[frame.node] ?? 0, order[target] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) low[parent.node] = Math.min(low[parent.node] ?? 0, low[frame.node] ?? 0);
      if (low[frame.node] === order[frame.node])
        components.push(popComponent(open, onStack, frame.node));
    }
  };
  for (let node = 0; node < edges.length; node++) if (order[node] === -1) visit(node);
  return components;
}

function popComponent(open: number[], onStack: Uint8Array, root: number): number[] {
  const component: number[] = [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    onStack[node] = 0;
    component.push(node);
    if (node === root) break;
  }
  return component;
}
