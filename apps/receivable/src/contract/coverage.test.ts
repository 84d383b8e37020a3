import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { receivableContract } from "./index.ts";

const FOLDER = import.meta.dirname;
const tests = globSync("*.test.ts", { cwd: FOLDER })
  .map((file) => readFileSync(`${FOLDER}/${file}`, "utf8"))
  .join("\n");

/** Fields that stay are covered by `every-update.test.ts`. */
const declared = Object.entries(receivableContract.commands).flatMap(([command, definition]) => {
  const uses = [definition.consumes, definition.creates, definition.updates].flatMap((each) =>
    Object.values(each ?? {}),
  );
  const signers = new Set(uses.flatMap(({ signedBy = [] }) => signedBy));
  return [`${command}-counts`, ...[...signers].map((field) => `${command}-signed-by-${field}`)];
});

test.each([...Object.keys(receivableContract.rules), ...declared])(
  "a test breaks receivable/%s",
  (rule) => {
    expect(tests).toMatch(new RegExp(`\\breceivable/${rule}[":]`));
  },
);
