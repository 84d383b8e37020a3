import { builtinModules } from "node:module";
import { basename, dirname, resolve } from "node:path";
import { AppError } from "@stateset/flow";
import { build, type Metafile, type Plugin } from "esbuild";

const IMPURE = "impure";
/** Globals that give another result at each run, or reach the host: a flow has them in its context. */
const IMPURE_GLOBALS = [
  ...["Date.now", "Math.random", "crypto", "performance", "process"],
  ...["fetch", "setImmediate", "setInterval", "setTimeout", "WebSocket"],
];
const MARK = "impure_global_";
/** Long enough to stay compact, short enough that a position in an error says where. */
const LINE_LENGTH = 120;

/**
 * One module without imports, of a source file's default export and all that it needs. White space
 * and comments go, and with them every path of the building machine; names stay, for messages.
 * @throws AppError `app/not-built`, `app/impure`
 */
export async function compileFlows(entry: string): Promise<{ code: string; sourceMap: string }> {
  const folder = dirname(entry);
  const result = await build({
    stdin: {
      contents: `export { default } from ${JSON.stringify(`./${basename(entry)}`)};`,
      resolveDir: folder,
      sourcefile: "entry.ts",
    },
    absWorkingDir: folder,
    bundle: true,
    write: false,
    outdir: folder,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2024",
    // Or a tsconfig.json in any folder above would have a say in the bytes.
    tsconfigRaw: {},
    charset: "ascii",
    legalComments: "none",
    minifyWhitespace: true,
    lineLimit: LINE_LENGTH,
    sourcemap: "external",
    sourcesContent: false,
    metafile: true,
    define: {
      ...Object.fromEntries(IMPURE_GLOBALS.map((name) => [name, MARK + name.replace(".", "_")])),
      "process.env.NODE_ENV": '"production"',
    },
    // What is imported only at run time cannot be part of what is signed.
    logOverride: {
      "unsupported-dynamic-import": "error",
      "unsupported-require-call": "error",
      "indirect-require": "error",
      "direct-eval": "error",
    },
    logLevel: "silent",
    plugins: [markImpure],
  }).catch((error: Error) => {
    throw new AppError({ code: "app/not-built", folder, reason: error.message }, { cause: error });
  });
  assertPure(result.metafile, folder);
  const text = (suffix: string) =>
    result.outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? "";
  const code = text(".js");
  assertPureGlobals(code, folder);
  return { code, sourceMap: text(".js.map") };
}

/**
 * Replaces what reaches the host by nothing. Many a module imports it beside what is pure; whether
 * the app really needs it shows once esbuild has dropped what nothing uses.
 */
const markImpure: Plugin = {
  name: "mark-impure",
  setup(builder) {
    const names = [...builtinModules, "node:.*", "#crypto"].join("|");
    builder.onResolve({ filter: new RegExp(`^(${names})$`) }, ({ path }) => ({
      path,
      namespace: IMPURE,
      sideEffects: false,
    }));
    builder.onLoad({ filter: /.*/, namespace: IMPURE }, () => ({
      contents: "module.exports = {};",
    }));
  },
};

/** Catches mistakes, not malice: an app is trusted by its signature. */
function assertPureGlobals(code: string, folder: string): void {
  const used = IMPURE_GLOBALS.find((name) => code.includes(MARK + name.replace(".", "_")));
  if (used !== undefined)
    throw new AppError({ code: "app/impure", imported: used, importers: [folder] });
}

function assertPure({ inputs, outputs }: Metafile, folder: string): void {
  const [output] = Object.values(outputs).filter(({ entryPoint }) => entryPoint !== undefined);
  const used = Object.entries(output?.inputs ?? {}).filter(
    ([, { bytesInOutput }]) => bytesInOutput,
  );
  const impure = used.find(([path]) => path.startsWith(`${IMPURE}:`));
  const imported = impure?.[0] ?? output?.imports[0]?.path;
  if (imported === undefined) return;
  const importers = used
    .map(([path]) => path)
    .filter((path) => inputs[path]?.imports.some((each) => each.path === imported));
  throw new AppError({
    code: "app/impure",
    imported: imported.replace(`${IMPURE}:`, ""),
    importers: importers.map((path) => resolve(folder, path)),
  });
}
