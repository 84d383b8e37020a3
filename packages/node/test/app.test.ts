import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type KeyTree,
  keyTreeSchema,
  publicKeyOf,
  type SecretKey,
  thresholdOf,
} from "@stateset/codec";
import {
  AppError,
  type AppFault,
  type AppFile,
  decodeAppBundle,
  encodeAppBundle,
  encodeAppFile,
  readApp,
  signApp,
} from "@stateset/flow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildApp } from "../src/app/build-app.ts";
import { loadApp } from "../src/app/load-app.ts";
import { DevelopmentNetwork, developmentKey } from "../src/development/development-network.ts";
import { writeNoteApp } from "./note-app.ts";

const STATESET = join(import.meta.dirname, "../bin/stateset.mjs");
const author = developmentKey("note author");
const stranger = developmentKey("stranger");
const built = await buildApp(writeNoteApp(), { keys: [author] });
const newFolder = () => mkdtempSync(join(tmpdir(), "apps-"));

const load = (file: AppFile, trusted: KeyTree[] = [publicKeyOf(author)], folder = newFolder()) =>
  loadApp(file, { trusted, folder });

/** The app with some of what it says changed, signed again by its author. */
function changed(change: (bundle: ReturnType<typeof decodeAppBundle>) => unknown): AppFile {
  const bundle = decodeAppBundle(built.file.app);
  change(bundle);
  return signApp(encodeAppBundle(bundle), author);
}

async function faultOf(run: Promise<unknown>): Promise<AppFault | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.fault;
  }
}

describe("build", () => {
  test("the same sources give the same bytes wherever they lie, whatever lies above", async () => {
    const folder = writeNoteApp();
    writeFileSync(
      join(folder, "tsconfig.json"),
      '{"compilerOptions":{"target":"es5","useDefineForClassFields":false,"alwaysStrict":true}}',
    );
    const again = await buildApp(folder, { keys: [author] });
    expect(again.hash).toBe(built.hash);
    expect(again.file).toEqual(built.file);
  });

  test("the code is one module, and names neither the machine nor a folder", () => {
    const { code } = built.bundle;
    expect(code).not.toMatch(/\bimport\b/);
    expect(code).not.toContain(tmpdir());
    expect(code).not.toContain("node_modules");
  });

  test("the source map leads back to the sources", () => {
    const { sources } = JSON.parse(built.sourceMap) as { sources: string[] };
    expect(sources).toContain("write-note.ts");
  });

  const needing = (imported: string, used: string) => (source: string) =>
    `${imported}\n${source.replace('progress("writing")', `progress(String(${used}))`)}`;

  test("what is imported and pure may come along with what is not", async () => {
    const pure = needing('import { formatStateRef } from "@stateset/ledger";', "formatStateRef");
    const folder = writeNoteApp({ "src/write-note.ts": pure });
    const { bundle } = await buildApp(folder, { keys: [] });
    expect(bundle.code).toContain("formatStateRef");
  });

  const replace = (from: string, to: string) => (source: string) => source.replace(from, to);

  /** Each row breaks one thing in the sources. */
  test.each<[string, string, (source: string) => string, Partial<AppFault>]>([
    [
      "a file of the host",
      "src/write-note.ts",
      needing('import { readFileSync } from "node:fs";', "readFileSync"),
      { code: "app/impure", imported: "node:fs" },
    ],
    [
      "an old name of the host",
      "src/write-note.ts",
      needing('import fs from "fs";', "fs"),
      { code: "app/impure", imported: "fs" },
    ],
    [
      "a part of the host",
      "src/write-note.ts",
      needing('import { readFile } from "fs/promises";', "readFile"),
      { code: "app/impure", imported: "fs/promises" },
    ],
    [
      "an import while it runs",
      "src/write-note.ts",
      needing("", 'await import("node:os")'),
      { code: "app/impure", imported: "node:os" },
    ],
    [
      "an import of something computed",
      "src/write-note.ts",
      needing("", "await import(title)"),
      { code: "app/not-built" },
    ],
    ["code from text", "src/write-note.ts", needing("", "eval(title)"), { code: "app/not-built" }],
    [
      "a clock",
      "src/write-note.ts",
      needing("", "Date.now()"),
      { code: "app/impure", imported: "Date.now" },
    ],
    [
      "randomness",
      "src/write-note.ts",
      needing("", "Math.random()"),
      { code: "app/impure", imported: "Math.random" },
    ],
    [
      "the environment",
      "src/write-note.ts",
      needing("", "process.env.HOME"),
      { code: "app/impure", imported: "process" },
    ],
    [
      "keys and signatures",
      "src/write-note.ts",
      needing('import { sign } from "@stateset/codec";', "sign"),
      { code: "app/impure", imported: "#crypto" },
    ],
    ["a syntax error", "src/index.ts", (source) => `${source}}`, { code: "app/not-built" }],
    [
      "a module that throws",
      "src/index.ts",
      (source) => `${source}\nthrow new Error("no");`,
      { code: "app/not-built" },
    ],
    [
      "no default export",
      "src/index.ts",
      replace("export default", "export const app ="),
      { code: "app/not-built" },
    ],
    [
      "no app",
      "src/index.ts",
      () => "export default 7;",
      { code: "app/mismatch", field: "default" },
    ],
    [
      "flows that are no list",
      "src/index.ts",
      replace("[writeNote]", "writeNote as never"),
      { code: "app/mismatch", field: "flows" },
    ],
    [
      "a flow of another app",
      "src/write-note.ts",
      replace("note/write", "cash/pay"),
      { code: "app/malformed", reason: "cash/pay is not named note/<verb>" },
    ],
    [
      "a flow twice",
      "src/index.ts",
      replace("[writeNote]", "[writeNote, writeNote]"),
      { code: "app/malformed", reason: "flow note/write twice" },
    ],
    [
      "a flow without a description",
      "src/write-note.ts",
      replace("Writes a note that this node's identity holds.", ""),
      { code: "app/malformed" },
    ],
    [
      "a table of a contract that is not there",
      "src/index.ts",
      replace('contract: "note"', 'contract: "cash"'),
      { code: "app/contract-missing", contract: "cash" },
    ],
    [
      "a column of no field",
      "src/index.ts",
      replace('path: "title"', 'path: "titel"'),
      {
        code: "app/malformed",
        reason: "table note/note: column title: the state has no field titel",
      },
    ],
  ])("%s is refused", async (_, path, change, fault) => {
    const folder = writeNoteApp({ [path]: change });
    expect(await faultOf(buildApp(folder, { keys: [author] }))).toMatchObject(fault);
  });

  test("a folder without an app is refused", async () => {
    const folder = newFolder();
    expect(await faultOf(buildApp(folder, { keys: [] }))).toMatchObject({
      code: "app/not-built",
      folder,
    });
  });
});

describe("load", () => {
  test("what a trusted key signed is installed, its code in a file of its hash", async () => {
    const folder = newFolder();
    const installed = await load(built.file, undefined, folder);
    expect(installed).toMatchObject({ hash: built.hash, app: { name: "note", version: 1 } });
    expect(installed.contracts.map(({ bundle }) => bundle.name)).toEqual(["note"]);
    expect(installed.contractFiles).toEqual(built.bundle.contracts);
    expect(installed.app.flows[0]?.name).toBe("note/write");
    expect(readdirSync(folder)).toEqual([`${built.hash}.mjs`]);
    expect(readFileSync(join(folder, `${built.hash}.mjs`), "utf8")).toBe(built.bundle.code);
    await load(built.file, undefined, folder);
  });

  test("many at once write one file", async () => {
    const folder = newFolder();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => load(built.file, undefined, folder)),
    );
    expect(new Set(all.map(({ hash }) => hash)).size).toBe(1);
    expect(readdirSync(folder)).toEqual([`${built.hash}.mjs`]);
  });

  test("two versions stand side by side", async () => {
    const folder = newFolder();
    const version2 = (source: string) =>
      source.replace("version: 1,\n  desc", "version: 2,\n  desc");
    const later = await buildApp(writeNoteApp({ "src/index.ts": version2 }), { keys: [author] });
    const apps = [
      await load(built.file, undefined, folder),
      await load(later.file, undefined, folder),
    ];
    expect(apps.map(({ app }) => app.version)).toEqual([1, 2]);
    expect(apps[0]?.contracts[0]?.hash).toBe(apps[1]?.contracts[0]?.hash);
  });

  test("a threshold of signers is asked for in full", async () => {
    const two: KeyTree = thresholdOf<KeyTree>(keyTreeSchema, 2, [
      { weight: 1, node: publicKeyOf(author) },
      { weight: 1, node: publicKeyOf(stranger) },
    ]);
    expect((await faultOf(load(built.file, [two])))?.code).toBe("app/untrusted-signer");
    await load(signApp(built.file.app, author, stranger), [two]);
  });

  test("a contract is installed only as its name's owner signed it", async () => {
    const { parameters } = new DevelopmentNetwork();
    const owned = (key: SecretKey) => ({
      ...parameters,
      contractOwners: [{ contract: "note", key: publicKeyOf(key) }],
    });
    const under = (network: typeof parameters) =>
      loadApp(built.file, {
        trusted: [publicKeyOf(author)],
        folder: newFolder(),
        parameters: network,
      });
    await under(owned(author));
    await under(parameters);
    expect(await faultOf(under(owned(stranger)))).toEqual({
      code: "app/contract-not-owned",
      contract: "note",
      bundle: built.contract.hash,
    });
  });

  test("one key that stands twice is not two", async () => {
    const child = { weight: 1, node: publicKeyOf(author) };
    const twice: KeyTree = { kind: "threshold", threshold: 2, children: [child, child] };
    expect((await faultOf(load(built.file, [twice])))?.code).toBe("app/untrusted-signer");
  });

  /** Code that would tell if it ran. */
  const telltale = `globalThis.noteAppRan = true;${built.bundle.code}`;
  const signedBy = (...keys: SecretKey[]) =>
    signApp(changed((of) => Object.assign(of, { code: telltale })).app, ...keys);

  /** Each row breaks one thing of the app; none of its code may have run. */
  test.each<[string, () => AppFile, Partial<AppFault>]>([
    ["signed by nobody", () => signedBy(), { code: "app/unsigned" }],
    ["signed by a stranger", () => signedBy(stranger), { code: "app/untrusted-signer" }],
    [
      "with the signatures of another",
      () => ({ app: signedBy(author).app, signatures: built.file.signatures }),
      { code: "app/unsigned" },
    ],
    [
      "signed as a contract",
      () => ({ app: signedBy().app, signatures: built.bundle.contracts[0]?.signatures ?? [] }),
      { code: "app/unsigned" },
    ],
    [
      "of another interface",
      () => changed((of) => Object.assign(of, { api: of.api + 1, code: telltale })),
      { code: "app/wrong-api" },
    ],
    [
      "of bytes that are no app",
      () => signApp(Uint8Array.of(1, 2, 3), author),
      { code: "app/malformed" },
    ],
    [
      "with a contract twice",
      () =>
        changed((of) =>
          Object.assign(of, { contracts: [...of.contracts, ...of.contracts], code: telltale }),
        ),
      { code: "app/malformed", reason: "contract note twice" },
    ],
    [
      "with a contract's signature that is of something else",
      () =>
        changed((of) =>
          Object.assign(of, {
            contracts: of.contracts.map(({ bundle }) => ({
              bundle,
              signatures: built.file.signatures,
            })),
            code: telltale,
          }),
        ),
      { code: "app/malformed", reason: "a signature of contract note is not valid" },
    ],
  ])("an app %s is refused before its code runs", async (_, file, fault) => {
    expect(await faultOf(load(file()))).toMatchObject(fault);
    expect(globalThis).not.toHaveProperty("noteAppRan");
  });

  /** Each row makes the manifest and the code say different things. */
  test.each<[string, Parameters<typeof changed>[0], Partial<AppFault>]>([
    ["name", (of) => rename(of, "memo"), { code: "app/mismatch", field: "name" }],
    [
      "version",
      (of) => Object.assign(of, { version: 2 }),
      { code: "app/mismatch", field: "version" },
    ],
    [
      "description",
      (of) => Object.assign(of, { description: "Harmless." }),
      { code: "app/mismatch", field: "description" },
    ],
    [
      "a flow's input",
      (of) => Object.assign(of.flows[0] ?? {}, { input: { kind: "record", fields: [] } }),
      { code: "app/mismatch", field: "flows" },
    ],
    ["a flow less", (of) => of.flows.pop(), { code: "app/mismatch", field: "flows" }],
    [
      "a protocol's version",
      (of) => Object.assign(of.protocols[0] ?? {}, { version: 2 }),
      { code: "app/mismatch", field: "protocols" },
    ],
    ["a table less", (of) => of.tables.pop(), { code: "app/mismatch", field: "tables" }],
    [
      "a default export that is no app",
      (of) => Object.assign(of, { code: "export default null" }),
      { code: "app/mismatch", field: "default" },
    ],
    [
      "code that throws",
      (of) => Object.assign(of, { code: "throw new Error('no')" }),
      { code: "app/not-loadable" },
    ],
    [
      "code that does not parse",
      (of) => Object.assign(of, { code: "export default {" }),
      { code: "app/not-loadable" },
    ],
  ])("%s that is not the code's is refused", async (_, change, fault) => {
    expect(await faultOf(load(changed(change)))).toMatchObject(fault);
  });

  function rename(of: ReturnType<typeof decodeAppBundle>, name: string): void {
    of.name = name;
    for (const each of [...of.flows, ...of.protocols])
      each.name = each.name.replace(/^[^/]+/, name);
  }

  test("no bytes of a stranger's give anything but an app or an AppError", () => {
    const { app } = built.file;
    const edit = fc.record({ at: fc.nat(app.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const bytes = Uint8Array.from(app);
        for (const { at, to } of edits) bytes[at] = to;
        try {
          readApp(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("code that was changed where it lies is not run", async () => {
    const folder = newFolder();
    const path = join(folder, `${built.hash}.mjs`);
    writeFileSync(path, `${built.bundle.code}//`);
    expect(await faultOf(load(built.file, undefined, folder))).toEqual({
      code: "app/altered",
      path,
    });
  });
});

describe("command line", () => {
  const folder = newFolder();
  const stateset = (...args: string[]) =>
    spawnSync(process.execPath, [STATESET, ...args], { cwd: folder, encoding: "utf8" });

  test("build writes an app that show describes", () => {
    const { status, stdout } = stateset(
      ...["app", "build", writeNoteApp(), "--sign-as", "note author", "--json"],
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      hash: built.hash,
      file: "note-1.app",
      flows: ["note/write"],
    });
    const shown = stateset("app", "show", "note-1.app", "--json");
    expect(JSON.parse(shown.stdout)).toMatchObject({
      name: "note",
      hash: built.hash,
      signedBy: [expect.stringContaining(publicKeyOf(author).key)],
      flows: [{ name: "note/write", input: { required: ["title"] } }],
    });
    expect(stateset("app", "show", "note-1.app").stdout).toContain("flow       note/write");
  });

  test("a file that is no app is refused with its code", () => {
    writeFileSync(join(folder, "broken.app"), encodeAppFile(built.file).subarray(1));
    const { status, stdout } = stateset("app", "show", "broken.app", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ code: "app/malformed" });
  });
});
