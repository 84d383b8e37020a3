import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { VECTOR_FILES, VECTORS_FOLDER, vectorText } from "./vector-files.ts";

const REMEDY =
  "differs from what the code now makes. Was a change of the format meant? Then run " +
  "`npm run generate:vectors`, read the difference, and commit it with the change.";

it.each(Object.keys(VECTOR_FILES))("test-vectors/%s is what the code makes", (file) => {
  const committed = readFileSync(new URL(file, VECTORS_FOLDER), "utf8").replaceAll("\r\n", "\n");
  expect(committed === vectorText(file), `test-vectors/${file} ${REMEDY}`).toBe(true);
});
