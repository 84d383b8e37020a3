/** One thing that is wrong with a configuration: which key, what, and how to mend it. */
export type ConfigFault = {
  code:
    | "config/missing"
    | "config/unknown-key"
    | "config/bad-value"
    | "config/contradiction"
    | "config/secret-in-clear"
    | "config/file-missing"
    | "config/file-unreadable"
    | "config/file-exposed"
    | "config/variable-missing";
  /** Names joined by dots, as in `p2p.port`; empty for the whole file. */
  key: string;
  problem: string;
  remedy: string;
};

/** A configuration that a node cannot start with; all faults at once. */
export class ConfigError extends Error {
  readonly code = "config/invalid";
  readonly file: string;
  readonly faults: readonly ConfigFault[];

  constructor(file: string, faults: readonly ConfigFault[]) {
    super([`${file} cannot be used:`, ...faults.map(lineOf)].join("\n"));
    this.name = "ConfigError";
    this.file = file;
    this.faults = faults;
  }
}

function lineOf({ key, problem, remedy }: ConfigFault): string {
  return `  ${key === "" ? "the file" : key} ${problem}: ${remedy}`;
}
