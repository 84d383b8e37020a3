import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryStore } from "@stateset/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginRun } from "./begin-run.ts";

let dataFolder: string;
let warned: string[];
const log = (_: string, message: string) => warned.push(message);
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "stateset-run-"));
  warned = [];
});
afterEach(() => rmSync(dataFolder, { recursive: true }));

const remembered = () => readFileSync(join(dataFolder, "run.json"), "utf8");

test("a restart is another run of the same incarnation", async () => {
  const store = new MemoryStore({ tables: [] });
  const first = await beginRun(store, { dataFolder, log });
  const second = await beginRun(store, { dataFolder, log });
  expect(second).toEqual({ incarnation: first.incarnation, run: 2 });
  expect(JSON.parse(remembered())).toEqual(second);
  expect(readdirSync(dataFolder)).toEqual(["run.json"]);
  expect(warned).toEqual([]);
});

test("a database that forgot runs begins a new incarnation, with a warning", async () => {
  const store = new MemoryStore({ tables: [] });
  const first = await beginRun(store, { dataFolder, log });
  writeFileSync(join(dataFolder, "run.json"), JSON.stringify({ ...first, run: 7 }));
  const second = await beginRun(store, { dataFolder, log });
  expect(second.incarnation).not.toBe(first.incarnation);
  expect(warned).toEqual([expect.stringContaining("restored or replaced")]);
  expect(await beginRun(store, { dataFolder, log })).toEqual({ ...second, run: 2 });
  expect(warned).toHaveLength(1);
});

test.each(["", "{}", '{"incarnation":"x","run":1}', '{"incarnation":1}', "null"])(
  "what cannot be read, %s, may be anything",
  async (text) => {
    const store = new MemoryStore({ tables: [] });
    const first = await beginRun(store, { dataFolder, log });
    writeFileSync(join(dataFolder, "run.json"), text);
    const second = await beginRun(store, { dataFolder, log });
    expect(second.incarnation).not.toBe(first.incarnation);
    expect(JSON.parse(remembered())).toEqual(second);
  },
);
