import { isCode, isProduction, linesOf, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

interface BannedWord {
  rule: string;
  pattern: RegExp;
  appliesTo: (file: SourceFile) => boolean;
  remedy: string;
}

// The patterns are spelled so that they do not match themselves.
const BANNED_WORDS: BannedWord[] = [
  {
    rule: "fixme",
    pattern: /\bFIXM[E]\b/,
    appliesTo: isCode,
    remedy: "repair it before it is merged",
  },
  {
    rule: "todo-without-issue",
    pattern: /\bTOD[O]\b(?!\(#\d+\))/,
    appliesTo: isCode,
    remedy: "name the issue in brackets behind it, as in (#123), or do it",
  },
  {
    rule: "pretence",
    pattern: /\b(?:for no[w]|not implemente[d]|stu[b]|dumm[y])\b/i,
    appliesTo: isProduction,
    remedy: "finish it, or leave it out: what ships does what it says",
  },
];

export function bannedWords(file: SourceFile): Violation[] {
  const words = BANNED_WORDS.filter(({ appliesTo }) => appliesTo(file));
  return linesOf(file).flatMap((text, index) =>
    words
      .filter(({ pattern }) => pattern.test(text))
      .map(({ rule, remedy }) => ({ path: file.path, line: index + 1, rule, remedy })),
  );
}
