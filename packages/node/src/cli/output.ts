/** Where a command's answer goes: one JSON value or lines for people on stdout, the rest on stderr. */
export type Output = {
  json: boolean;
  /** The answer: `value` for programs, `lines` for people. */
  answer(value: unknown, lines: readonly string[]): void;
  /** Progress and remarks, never part of the answer. */
  note(line: string): void;
};

export function outputTo(json: boolean): Output {
  return {
    json,
    answer(value, lines) {
      process.stdout.write(json ? `${toJson(value)}\n` : `${lines.join("\n")}\n`);
    },
    note(line) {
      process.stderr.write(`${line}\n`);
    },
  };
}

/** Bigints as decimal strings, bytes as hexadecimal ones. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, each) => plain(each), indent);
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return value;
}
