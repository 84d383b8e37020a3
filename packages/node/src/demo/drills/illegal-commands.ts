import type { AttachedBundle } from "@stateset/ledger";
import { type TriedDraft, tryCommands } from "./contracts/try-commands.ts";
import type { Drill, DrillNotes, DrillStage } from "./drill.ts";

const CONTRACTS = ["invoice", "receivable"];

/**
 * Everything that the contracts must refuse, tried on the bundles that the nodes run. Valid
 * transactions are tried as well, so that who refuses everything does not pass.
 */
export const illegalCommands: Drill = {
  name: "illegal-commands",
  title: "Every command is given from every status, by everybody else, with every other value",
  isSummedUp: true,
  async run({ contracts }, notes) {
    for (const name of CONTRACTS) {
      const contract = contracts.bundles.find(({ bundle }) => bundle.name === name);
      if (contract === undefined) throw new Error(`the network has no contract ${name}`);
      await tryContract(contract, contracts, notes);
    }
  },
};

async function tryContract(
  contract: AttachedBundle,
  { states, refusalOf }: DrillStage["contracts"],
  notes: DrillNotes,
): Promise<void> {
  const byCommand = new Map<string, TriedDraft[]>();
  for await (const tried of tryCommands({ contract, states, refusalOf })) {
    const { command, tries, expected, refusedBy, isAsExpected, ms } = tried;
    const outcome = refusedBy === undefined ? "completed" : "refused";
    const must =
      expected === "valid"
        ? "valid"
        : `refused by ${"by" in expected ? expected.by : `a rule of ${expected.byRuleOf}`}`;
    const made = { attempt: `${command}, ${tries}`, outcome, ms } as const;
    notes.attempt({ ...made, ...(refusedBy !== undefined && { refusedBy }) }, isAsExpected, must);
    byCommand.set(command, [...(byCommand.get(command) ?? []), tried]);
  }
  const rules = contract.bundle.rules.map(({ code }) => `${contract.bundle.name}/${code}`);
  for (const [command, all] of byCommand) notes.tell(lineOf(command, all, rules));
}

/** One line for a command: how often it was tried, and which rules stood in its way. */
function lineOf(command: string, all: readonly TriedDraft[], rules: readonly string[]): string {
  const refusals = all.flatMap(({ refusedBy }) => refusedBy ?? []);
  const declarations = refusals.filter((each) => !rules.includes(each)).length;
  const met = new Set(refusals.filter((each) => rules.includes(each)));
  const codes = [...met].map((rule) => rule.slice(rule.indexOf("/") + 1)).sort();
  return (
    `${command.padEnd(25)} ${String(all.length - refusals.length).padStart(2)} valid; refused ` +
    `${String(declarations).padStart(3)} by what is declared, ` +
    `${String(refusals.length - declarations).padStart(3)} by ${codes.join(", ")}`
  );
}
