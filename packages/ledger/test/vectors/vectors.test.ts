import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { VECTORS_FOLDER, vectorTexts } from "./vector-files.ts";

const REMEDY =
  "differs from what the code now makes. Was a change of the format meant? Then run " +
  "`npm run generate:vectors`, read the difference, and commit it with the change.";

/** Node brings its own version of Unicode, and what is in NFC can change with it. */
const TIED_TO_UNICODE = ["nfc.json", "SHA256SUMS"];
const isOtherUnicode = JSON.parse(committed("nfc.json")).unicode !== process.versions.unicode;

it.each([...vectorTexts()])("test-vectors/%s is what the code makes", (file, text) => {
  if (isOtherUnicode && TIED_TO_UNICODE.includes(file)) return;
  expect(committed(file) === text, `test-vectors/${file} ${REMEDY}`).toBe(true);
});

function committed(file: string): string {
  return readFileSync(new URL(file, VECTORS_FOLDER), "utf8").replaceAll("\r\n", "\n");
}
