import type { AttachedBundle } from "@stateset/ledger";
import { type DerivedDraft, derivedDrafts, type Expected, emptyDraft } from "./derived-drafts.ts";
import type { Draft, LegalDraft } from "./draft.ts";
import { cashState, command, type DraftStates } from "./draft-states.ts";
import { legalInvoiceDrafts } from "./legal-invoice-drafts.ts";
import { legalReceivableDrafts } from "./legal-receivable-drafts.ts";

export type TriedDraft = {
  /** Contract and command. */
  command: string;
  tries: string;
  expected: Expected;
  refusedBy?: string;
  isAsExpected: boolean;
  ms: number;
};

export type TryOptions = {
  contract: AttachedBundle;
  states: DraftStates;
  /** The rule or code that refuses a draft; nothing where it is valid. */
  refusalOf: (draft: Draft) => Promise<string | undefined>;
};

/** Valid transactions by the contract's name. */
const LEGAL_DRAFTS: {
  readonly [contract: string]: (states: DraftStates) => { [command: string]: LegalDraft[] };
} = { invoice: legalInvoiceDrafts, receivable: legalReceivableDrafts };

/** Tries every command that a contract's bundle declares, in every way that must be refused. */
export async function* tryCommands(options: TryOptions): AsyncGenerator<TriedDraft> {
  const { contract, states } = options;
  const { name: of } = contract.bundle;
  const legal = LEGAL_DRAFTS[of]?.(states) ?? {};
  const { stranger } = states.parties;
  const filler = fillerOf(states);
  for (const name of contract.commands.keys()) {
    const known = legal[name] ?? [];
    const whole = `${of}/${name}`;
    if (known.length === 0)
      yield {
        command: whole,
        tries: "as it should be: no valid transaction is known to the drills",
        expected: "valid",
        isAsExpected: false,
        ms: 0,
      };
    yield await tried(whole, emptyDraft(contract, name, { stranger, filler }), options);
    for (const each of known)
      for (const derived of derivedDrafts({ contract, name, legal: each, stranger, filler })) {
        const tries = each.says === undefined ? derived.tries : `${each.says}, ${derived.tries}`;
        yield await tried(whole, { ...derived, tries }, options);
      }
  }
}

async function tried(
  whole: string,
  { tries, draft, expected }: DerivedDraft,
  { refusalOf }: TryOptions,
): Promise<TriedDraft> {
  const startedAt = performance.now();
  const refusedBy = await refusalOf(draft);
  const ms = Math.round(performance.now() - startedAt);
  const isAsExpected = isExpected(refusedBy, expected);
  return {
    command: whole,
    tries,
    expected,
    ...(refusedBy !== undefined && { refusedBy }),
    isAsExpected,
    ms,
  };
}

function isExpected(refusedBy: string | undefined, expected: Expected): boolean {
  if (expected === "valid" || refusedBy === undefined)
    return expected === "valid" && refusedBy === undefined;
  return "by" in expected
    ? refusedBy === expected.by
    : refusedBy.startsWith(`${expected.byRuleOf}/`);
}

/** Somebody else's coin changes hands: it fills a transaction, and is no business of the command. */
function fillerOf({ parties: { stranger, bank }, cash }: DraftStates): Draft {
  return {
    inputs: [cashState(cash(stranger, 1n))],
    outputs: [cashState(cash(bank, 1n))],
    command: command("cash", "move", [stranger]),
  };
}
