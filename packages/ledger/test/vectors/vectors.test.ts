import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { VECTORS_FOLDER, vectorTexts } from "./vector-files.ts";

const REMEDY =
  "differs from what the code now makes. Was a change of the format meant? Then run " +
  "`npm run generate:vectors`, read the difference, and commit it with the change.";

it.each([...vectorTexts()])("test-vectors/%s is what the code makes", (file, text) => {
  expect(committed(file) === text, `test-vectors/${file} ${REMEDY}`).toBe(true);
});

function committed(file: string): string {
  return readFileSync(new URL(file, VECTORS_FOLDER), "utf8").replaceAll("\r\n", "\n");
}
