import { toJson } from "../to-json.ts";

/** Where a command's answer goes: one JSON value or lines for people on stdout, the rest on stderr. */
export type Output = {
  /** The answer: `value` for programs, `lines` for people. */
  answer(value: unknown, lines: readonly string[]): void;
  /** Progress, remarks and reasons, never part of the answer. */
  note(line: string): void;
};

export function outputTo(json: boolean): Output {
  return {
    answer(value, lines) {
      const text = json ? toJson(value) : lines.map(harmless).join("\n");
      if (text !== "") process.stdout.write(`${text}\n`);
    },
    note(line) {
      process.stderr.write(`${harmless(line)}\n`);
    },
  };
}

/** Names come from strangers: a terminal must not take them for commands. */
export function harmless(line: string): string {
  return line.replace(/[^\P{Cc}\n]/gu, "\u00b7");
}
