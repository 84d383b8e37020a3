import { expect, test } from "vitest";
import { codeBlocks, statesetCommands } from "./code-blocks.ts";

const markdown = [
  "# Title",
  "```ts",
  "const a = 1;",
  "```",
  "````md",
  "```ts",
  "inner",
  "```",
  "````",
  "```console",
  "$ npx stateset vault query --state Invoice",
  '{"items":[]}',
  "$ git status",
  "$ npx stateset clean",
  "```",
].join("\n");

test("finds blocks with language and line, not the ones quoted inside another", () => {
  expect(codeBlocks(markdown).map(({ language, line }) => [language, line])).toEqual([
    ["ts", 3],
    ["md", 6],
    ["console", 11],
  ]);
  expect(codeBlocks(markdown)[0]?.code).toBe("const a = 1;\n");
});

test("takes the stateset commands only", () => {
  const block = codeBlocks(markdown).at(-1);
  expect(block && statesetCommands(block)).toEqual([
    { line: 11, command: "npx stateset vault query --state Invoice" },
    { line: 14, command: "npx stateset clean" },
  ]);
});

test("an unclosed block is no block", () => {
  expect(codeBlocks("```ts\nconst a = 1;")).toEqual([]);
});
