import { fileURLToPath } from "node:url";
import { Child } from "./child.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
/** Compiled modules, as `bin/stateset.mjs` keeps them: a node starts in less than half the time. */
const COMPILED = fileURLToPath(
  new URL("../../../../node_modules/.cache/stateset", import.meta.url),
);
/**
 * As in `bin/stateset.mjs`: left to itself V8 lets a busy node's heap grow to three times what it
 * uses, and the C library keeps memory for each thread.
 */
const MEMORY_FLAGS = ["--max-semi-space-size=8", "--max-old-space-size=512"];
const MEMORY_ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };

export type ChildNodeOptions = {
  name: string;
  /** The configuration file to start it with. */
  config: string;
  log: string;
  rest: string;
  environment: NodeJS.ProcessEnv;
};

/** A node in a process of its own. */
export class ChildNode extends Child {
  readonly rest: string;

  constructor({ name, config, log, rest, environment }: ChildNodeOptions) {
    const flags = ["--disable-warning=ExperimentalWarning", ...MEMORY_FLAGS];
    super({
      ...{ name, log },
      command: process.execPath,
      args: [...flags, MAIN, "node", "start", "--config", config],
      lifeline: "ipc",
      environment: { NODE_COMPILE_CACHE: COMPILED, ...MEMORY_ENVIRONMENT, ...environment },
      liveness: new URL("/livez", rest).href,
      readiness: new URL("/readyz", rest).href,
    });
    this.rest = rest;
  }
}
