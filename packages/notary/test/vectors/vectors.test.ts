import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NOTARY_VECTORS, notaryVectors } from "./notary-vectors.ts";

const REMEDY =
  "differs from what the rules now say. Was a change of the rules meant? Then run " +
  "`npm run generate:vectors`, read the difference, and commit it with the change.";

test("test-vectors/notary.json is what the rules say", () => {
  const committed = readFileSync(NOTARY_VECTORS, "utf8").replaceAll("\r\n", "\n");
  expect(committed === notaryVectors(), `test-vectors/notary.json ${REMEDY}`).toBe(true);
});
