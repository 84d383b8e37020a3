import type { GuestData, VmErrorCode } from "../../src/index.ts";

/** A program that tries something, and the one way it may end. */
export interface HostileCase {
  readonly theme: string;
  readonly name: string;
  readonly source: string;
  /** `script`: the program's last expression. `call`: the program is loaded, then its contract is called. */
  readonly mode: "script" | "call";
  readonly input: GuestData;
  readonly expected: { readonly result: string | undefined } | { readonly code: VmErrorCode };
}

export type HostileTheme = readonly HostileCase[];

interface ThemeWriter {
  /** The script ends normally with this value, compared as JSON. */
  gives(name: string, value: unknown, source: string): void;
  /** The script is stopped with this code. */
  stops(name: string, code: VmErrorCode, source: string): void;
  /** The contract returns this text for the input. */
  answers(name: string, text: string, input: GuestData, source: string): void;
  /** The contract is stopped with this code. */
  refuses(name: string, code: VmErrorCode, input: GuestData, source: string): void;
}

export function hostileTheme(theme: string, write: (writer: ThemeWriter) => void): HostileTheme {
  const cases: HostileCase[] = [];
  const script = { theme, mode: "script" as const, input: undefined };
  const call = { theme, mode: "call" as const };
  write({
    gives: (name, value, source) => {
      cases.push({ ...script, name, source, expected: { result: JSON.stringify(value) } });
    },
    stops: (name, code, source) => {
      cases.push({ ...script, name, source, expected: { code } });
    },
    answers: (name, text, input, source) => {
      cases.push({ ...call, name, source, input, expected: { result: text } });
    },
    refuses: (name, code, input, source) => {
      cases.push({ ...call, name, source, input, expected: { code } });
    },
  });
  return cases;
}
