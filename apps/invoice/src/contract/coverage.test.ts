import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { invoiceContract } from "./index.ts";

const FOLDER = import.meta.dirname;
const tests = globSync("*.test.ts", { cwd: FOLDER })
  .map((file) => readFileSync(`${FOLDER}/${file}`, "utf8"))
  .join("\n");

const kebab = (field: string) => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Fields that stay are covered by `every-update.test.ts`, which takes them from the contract. */
const declared = Object.entries(invoiceContract.commands).flatMap(([command, definition]) => {
  const uses = [definition.consumes, definition.creates, definition.updates].flatMap((each) =>
    Object.values(each ?? {}),
  );
  const signers = new Set(uses.flatMap(({ signedBy = [] }) => signedBy));
  return [
    `${command}-counts`,
    ...[...signers].map((field) => `${command}-signed-by-${kebab(field)}`),
  ];
});

test.each([...Object.keys(invoiceContract.rules), ...declared])(
  "a test breaks invoice/%s",
  (rule) => {
    expect(tests).toMatch(new RegExp(`\\binvoice/${rule}[":]`));
  },
);
