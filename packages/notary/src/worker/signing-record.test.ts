import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hash } from "@stateset/codec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FileSigningRecord } from "./signing-record.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stateset-signed-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("the highest block signed is found by the next process", async () => {
  const path = join(folder, "signed");
  const record = new FileSigningRecord(path);
  expect(await record.read()).toBeUndefined();
  for (const height of [1, 2]) await record.write({ height, hash: "ab".repeat(32) as Hash });
  const read = await new FileSigningRecord(path).read();
  expect(read).toEqual({ height: 2, hash: "ab".repeat(32) });
});

test("a draft that a crash left behind is not the record", async () => {
  const path = join(folder, "drafted");
  const record = new FileSigningRecord(path);
  await record.write({ height: 7, hash: "cd".repeat(32) as Hash });
  await writeFile(`${path}.draft`, "half");
  expect(await record.read()).toMatchObject({ height: 7 });
  await record.write({ height: 8, hash: "cd".repeat(32) as Hash });
  expect(await record.read()).toMatchObject({ height: 8 });
});

test("a file that holds something else is not taken for none", async () => {
  const path = join(folder, "broken");
  await writeFile(path, "something else");
  await expect(new FileSigningRecord(path).read()).rejects.toThrow("codec/");
});
