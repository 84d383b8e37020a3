// Writes test-vectors/contract-vm.json, which the Go host checks: run after a change of the engine.
import { writeFileSync } from "node:fs";
import { makeVectors, VECTORS_URL } from "./vectors.ts";

writeFileSync(VECTORS_URL, `${JSON.stringify(makeVectors(), undefined, 1)}\n`);
