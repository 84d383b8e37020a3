import { parseSync, Visitor } from "oxc-parser";
import type { SourceFile } from "./source-file.ts";

type VisitorObject = ConstructorParameters<typeof Visitor>[0];

/** Walks the file's syntax tree. TypeScript 7 offers no tree, so oxc parses. */
export function visit(file: SourceFile, visitor: VisitorObject): void {
  new Visitor(visitor).visit(parseSync(file.path, file.text).program);
}

/** Turns an offset in the text into a line number, from 1. */
export function lineAt({ text }: SourceFile, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}
