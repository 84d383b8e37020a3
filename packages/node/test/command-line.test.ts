import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "../src/cli/program.ts";

const ROOT = join(import.meta.dirname, "../../..");
const STATESET = join(ROOT, "packages/node/bin/stateset.mjs");
const SAMPLE = join(ROOT, "samples/invoice-eur-standard.xml");
const folder = mkdtempSync(join(tmpdir(), "stateset-cli-"));

/** Runs the command line as a user would, in a folder of its own. */
function stateset(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [STATESET, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr, json: () => JSON.parse(stdout) };
}

const THROWER = `
import { record } from "@stateset/codec/schema";
import { defineContract, holder, holderSchema } from "@stateset/ledger/contract";

export const thrower = defineContract({
  name: "thrower",
  version: 1,
  rules: {},
  states: { thing: { schema: record({ owner: holderSchema }), authority: holder("owner") } },
  commands: {
    go: {
      data: record({}),
      consumes: { thing: { min: 0, signedBy: ["owner"] } },
      verify() {
        const missing: { field: number } = undefined as never;
        if (missing.field > 1) throw new Error("never");
      },
    },
  },
});
`;

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("tx", () => {
  test("an invoice becomes a transaction that verifies, and shows what it holds", () => {
    const built = stateset("tx", "build", "--from", SAMPLE, "--out", "invoice.tx", "--json");
    expect(built).toMatchObject({ status: 0, stderr: "" });
    const { id } = built.json();
    const verified = stateset("tx", "verify", "invoice.tx", "--json");
    expect(verified.status).toBe(0);
    expect(verified.json()).toMatchObject({ id, valid: true, commands: ["invoice/issue"] });
    const shown = stateset("tx", "show", "invoice.tx", "--json").json();
    expect(shown.id).toBe(id);
    expect(shown.groups).toHaveLength(12);
    const text = JSON.stringify(shown);
    expect(text).toContain("AB-2026-00417");
    expect(text, "contacts stay private").not.toMatch(/@|\+49/);
  });

  test("a changed byte is refused", () => {
    stateset("tx", "build", "--from", SAMPLE, "--out", "whole.tx");
    const bytes = readFileSync(join(folder, "whole.tx"));
    const at = bytes.indexOf("AB-2026-00417");
    bytes.write("X", at);
    write("changed.tx", bytes);
    const { status, stderr, json } = stateset("tx", "verify", "changed.tx", "--json");
    expect(status).toBe(1);
    expect(json().code).toMatch(/^(tx|contract)\//);
    expect(stderr).toContain(json().code);
  });

  test.each([
    ["invoice/br-co-10", "LineExtensionAmount"],
    ["invoice/br-co-13", "TaxExclusiveAmount"],
    ["invoice/br-co-15", "TaxInclusiveAmount"],
    ["invoice/br-co-16", "PayableAmount"],
  ])("a document that breaks %s is refused by that name", (rule, total) => {
    const xml = readFileSync(SAMPLE, "utf8");
    const [head, totals] = xml.split("<cac:LegalMonetaryTotal>");
    const broken = totals?.replace(new RegExp(`(<cbc:${total}[^>]*>)`), "$19");
    expect(broken, `${total} stands in the sample`).not.toBe(totals);
    write("broken.xml", `${head}<cac:LegalMonetaryTotal>${broken}`);
    const { status, json } = stateset("tx", "build", "--from", "broken.xml", "--json");
    expect(status).toBe(1);
    expect(json().code).toBe(rule);
  });

  test("what is no document is refused with its place and the remedy", () => {
    write("not.xml", "<Invoice>");
    const { status, stderr, stdout } = stateset("tx", "build", "--from", "not.xml");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^ubl\/not-well-formed: .*line 1/);
  });

  test("a file that is not there is the caller's to mend", () => {
    const { status, json } = stateset("tx", "verify", "nowhere.tx", "--json");
    expect(status).toBe(1);
    expect(json()).toMatchObject({ code: "file/enoent", path: "nowhere.tx" });
  });
});

describe("contract", () => {
  test("the same sources give the same bundle, wherever it is written", () => {
    const [first, second] = ["a.bundle", "b.bundle"].map((out) =>
      stateset("contract", "build", join(ROOT, "apps/cash"), "--out", out, "--json").json(),
    );
    expect(first.hash).toBe(second.hash);
    const [a, b] = ["a.bundle", "b.bundle"].map((name) => readFileSync(join(folder, name)));
    expect(a?.equals(b as Buffer)).toBe(true);
    expect(a?.includes(ROOT), "no path of this machine").toBe(false);
  });

  test("a script runs, metered", () => {
    write("sum.js", "[1n, 2n, 3n].reduce((a, b) => a + b)");
    const { status, json } = stateset("contract", "run", "sum.js", "--json");
    expect(status).toBe(0);
    expect(json()).toMatchObject({ ok: true, result: "6" });
    expect(json().gas).toBeGreaterThan(0);
  });

  test.each([
    ["out-of-gas", "while (true);", ["--gas", "1000000"]],
    ["threw", "Date.now()", []],
    ["threw", "null.x", []],
    ["threw", "not a script", []],
  ])("a script ends with %s", (code, source, options) => {
    write("bad.js", source);
    const { status, json } = stateset("contract", "run", "bad.js", "--json", ...options);
    expect(status).toBe(1);
    expect(json()).toMatchObject({ ok: false, error: { code } });
  });

  test("a contract that throws is told by the line of its source", () => {
    const sources = join(folder, "thrower");
    mkdirSync(sources);
    symlinkSync(join(ROOT, "node_modules"), join(sources, "node_modules"));
    writeFileSync(join(sources, "package.json"), '{ "type": "module" }');
    writeFileSync(join(sources, "index.ts"), THROWER);
    stateset("contract", "build", sources, "--out", "thrower.bundle");
    write(
      "input.json",
      '{ "command": { "name": "go" }, "inputs": [], "outputs": [], "references": [] }',
    );
    const run = stateset("contract", "run", "thrower.bundle", "--input", "input.json", "--json");
    expect(run.status).toBe(1);
    const line = THROWER.split("\n").findIndex((text) => text.includes("missing.field")) + 1;
    expect(run.json().error).toMatchObject({ code: "threw", source: { file: "index.ts", line } });
  });

  test("a bundle judges a command", () => {
    stateset("contract", "build", join(ROOT, "apps/cash"), "--out", "cash.bundle");
    const run = (...input: string[]) =>
      stateset("contract", "run", "cash.bundle", ...input, "--json");
    const move = readFileSync(join(ROOT, "samples/cash-move.json"), "utf8");
    write("move.json", move);
    expect(run("--input", "move.json").json()).toMatchObject({ ok: true, result: "" });
    write("more.json", move.replace("900n", "901n"));
    expect(run("--input", "more.json").json().result).toMatchObject({ rule: "move-conserves" });
    expect(run().json().code).toBe("input/missing");
    expect(run("--input", folder).json().code).toBe("file/eisdir");
    write("garbage.bundle", "not a bundle");
    expect(stateset("contract", "run", "garbage.bundle", "--json").json().code).toBe(
      "bundle/malformed",
    );
  });

  test("a contract that does not compile is refused", () => {
    const sources = join(folder, "broken");
    mkdirSync(sources);
    writeFileSync(join(sources, "index.ts"), "export const = 1;");
    const { status, json } = stateset("contract", "build", sources, "--json");
    expect({ status, code: json().code }).toEqual({
      status: 1,
      code: "contract-vm/invalid-contract",
    });
  });

  test("a folder without a contract is refused", () => {
    const { status, json } = stateset("contract", "build", folder, "--json");
    expect(status).toBe(1);
    expect(json().code).toBe("contract-vm/invalid-contract");
  });
});

describe("clean", () => {
  test("says what it removes, and removes no folder of others", () => {
    const { status, json } = stateset("clean", "--dir", folder, "--json");
    expect(status).toBe(1);
    expect(json().code).toBe("clean/not-a-state-folder");
    expect(stateset("clean").stdout).toBe("nothing to remove\n");
  });
});

test.each([
  [["frob"], 2],
  [["tx", "build"], 2],
  [["contract", "run", "x.js", "--gas", "much"], 2],
  [["contract", "run", "x.js", "--memory", "1"], 2],
])("%s exits with %i", (args, status) => {
  const result = stateset(...args);
  expect(result.status).toBe(status);
  expect(result.stdout).toBe("");
});

test("every command has help with an example", () => {
  for (const words of commandsOf(createProgram())) {
    const { status, stdout } = stateset(...words, "--help");
    expect({ words, status, example: stdout.includes("$ npx stateset ") }).toEqual({
      words,
      status: 0,
      example: true,
    });
  }
});

function commandsOf(command: Command, path: string[] = []): string[][] {
  const below = command.commands.flatMap((each) => commandsOf(each, [...path, each.name()]));
  return [path, ...below];
}
