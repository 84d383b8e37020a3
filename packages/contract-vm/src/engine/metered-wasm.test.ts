import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { buildMeteredWasm, ENGINE_FUNCTIONS, METERED_WASM_SHA256 } from "./metered-wasm.ts";

test("the metered engine is valid, as pinned, and exports no more than hosts use", () => {
  const wasm = buildMeteredWasm();
  expect(WebAssembly.validate(wasm)).toBe(true);
  expect(createHash("sha256").update(wasm).digest("hex")).toBe(METERED_WASM_SHA256);
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(wasm));
  const functions = exported.filter((item) => item.kind === "function").map((item) => item.name);
  expect(functions.sort()).toEqual([...ENGINE_FUNCTIONS].sort());
});
