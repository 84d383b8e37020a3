import type { StateChange, StateUse } from "@stateset/ledger/contract";

/** One row of a README's table of commands. */
export type CommandRow = { command: string; signers: string[]; changes: string[]; rules: string[] };

type Uses = { readonly [type: string]: StateUse | undefined };
type Declared = {
  consumes?: Uses;
  creates?: Uses;
  updates?: { readonly [type: string]: (StateUse & StateChange) | undefined };
};

/**
 * The rows of the table headed `| Command | … |`, with the words in backquotes of its columns:
 * command, who signs, what may change, rules.
 */
export function commandTable(readme: string): CommandRow[] {
  const lines = readme.split("\n");
  const start = lines.findIndex((line) => line.startsWith("| Command |"));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end < 0 ? rows.length : end).map((row) => {
    const [command = [], signers = [], changes = [], rules = []] = row
      .split("|")
      .slice(1, -1)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word));
    return { command: command.join(" "), signers: signers.sort(), changes: changes.sort(), rules };
  });
}

/** What a contract declares of its commands, as a README should tell it. */
export function declaredCommands(contract: {
  commands: { readonly [name: string]: Declared };
}): Omit<CommandRow, "rules">[] {
  return Object.entries(contract.commands).map(([command, { consumes, creates, updates }]) => {
    const updated = Object.values(updates ?? {}).filter((each) => each !== undefined);
    const used = [...Object.values(consumes ?? {}), ...Object.values(creates ?? {}), ...updated];
    const signers = used.flatMap((each) => each?.signedBy ?? []);
    const newSigners = updated.flatMap(({ signedByNew = [] }) =>
      signedByNew.map((s) => `new ${s}`),
    );
    return {
      command,
      signers: [...new Set([...signers, ...newSigners])].sort(),
      changes: updated.flatMap(({ changes }) => changes).sort(),
    };
  });
}
