// Writes the metered wasm where hosts in other languages look for it: [path].
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildMeteredWasm } from "../src/engine/metered-wasm.ts";

const path =
  process.argv[2] ??
  fileURLToPath(new URL("../../../.stateset/build/contract-vm.wasm", import.meta.url));
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, buildMeteredWasm());
