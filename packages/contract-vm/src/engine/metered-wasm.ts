import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ContractVmError } from "../contract-vm-error.ts";
import { MEMORY_PAGES_MAX } from "../vm-limits.ts";
import { meterModule } from "../wasm/meter-module.ts";

/** quickjs.wasm of quickjs-wasi 3.6.2 (QuickJS-ng 0.17.0). */
export const QUICKJS_WASM_SHA256 =
  "d4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9";
/** What `meterModule` makes of it. A change here changes consensus. */
export const METERED_WASM_SHA256 =
  "afec0e0e0f476e65df747b36ebdf85ccd048ae90bbc973b0be82c1726a94d68b";

/** guest-prelude.js, byte for byte: even a comment in it moves gas. */
export const GUEST_PRELUDE_SHA256 =
  "b6b67bec026a0abe0eedcd9d64d7b0f8df384a1a39b5696da9877e568a4d5c55";

/** The engine's functions that a host may call; the rest is not exported. */
export const ENGINE_FUNCTIONS = [
  "_initialize",
  "qjs_init2",
  "qjs_get_context_ptr",
  "qjs_get_runtime_ptr",
  "qjs_set_promise_rejection_handler",
  "wasm_malloc",
  "JS_SetMaxStackSize",
  "JS_Eval",
  "JS_Call",
  "JS_FreeValue",
  "JS_GetException",
  "JS_ReadObject",
  "JS_ToCStringLen2",
  "JS_IsJobPending",
] as const;

/** The metered engine's bytes, as every host must run them. */
export function buildMeteredWasm(): Uint8Array<ArrayBuffer> {
  const original = readFileSync(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
  expectHash("quickjs.wasm", original, QUICKJS_WASM_SHA256);
  const metered = meterModule(original, {
    memoryPagesMax: MEMORY_PAGES_MAX,
    exportedFunctions: new Set<string>(ENGINE_FUNCTIONS),
  });
  expectHash("the metered wasm", metered, METERED_WASM_SHA256);
  return metered;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Has the engine ready before the first contract runs, without holding up the process: compiling
 * takes a third of a second.
 */
export async function prepareEngine(): Promise<void> {
  compiled ??= await WebAssembly.compile(buildMeteredWasm());
}

/** The metered engine, compiled once per process. */
export function meteredModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(buildMeteredWasm());
  return compiled;
}

export function readGuestPrelude(): string {
  const bytes = readFileSync(new URL("../guest/guest-prelude.js", import.meta.url));
  expectHash("guest-prelude.js", bytes, GUEST_PRELUDE_SHA256);
  return bytes.toString("utf8");
}

function expectHash(what: string, bytes: Uint8Array, expected: string): void {
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (actual === expected) return;
  throw new ContractVmError({
    code: "wasm-mismatch",
    detail: `${what} has hash ${actual}, not ${expected}`,
  });
}
