import {
  assertThresholdTree,
  isSatisfied,
  type SchemaData,
  schemaFromData,
  ThresholdError,
} from "@stateset/codec";
import { type AuthorityData, authorityDataSchema, fieldsOf } from "../authority-rule.ts";
import { LedgerError } from "../ledger-error.ts";
import { holderSchema } from "../party/holder-schema.ts";
import { schemaText } from "../schema-text.ts";
import type { Bundle, BundleCommand } from "./bundle.ts";

/** All their combinations are tried. */
const HOLDERS_MAX = 6;

/**
 * Refuses a contract where holders who satisfy a state's authority can sign no command that spends
 * it: the only thing they could do with their power is to burn the state in an invalid transaction.
 * @throws LedgerError `bundle/unsafe-authority`, `bundle/malformed`
 */
export function assertSafeAuthorities(bundle: Bundle): void {
  for (const state of bundle.states) {
    assertAuthorityTree(state.type, state.authority);
    const fields = [...new Set(fieldsOf(state.authority))];
    for (const field of fields) assertHolderField(state.type, field, state.schema);
    if (fields.length > HOLDERS_MAX)
      throw new LedgerError({
        code: "bundle/malformed",
        reason: `${state.type}: an authority over more than ${HOLDERS_MAX} holders`,
      });
    const signersOfCommands = bundle.commands
      .map((command) => signersToSpend(command, state.type))
      .filter((signers) => signers !== undefined);
    for (const holders of minimalSets(state.authority, fields))
      if (!signersOfCommands.some((signers) => signers.every((role) => holders.includes(role))))
        throw new LedgerError({ code: "bundle/unsafe-authority", state: state.type, holders });
  }
}

/**
 * The roles of the state that must sign for the command to spend it, or undefined if it cannot. A
 * successor's role is one of the state's own where the command may not change it.
 */
function signersToSpend(command: BundleCommand, type: string): string[] | undefined {
  const spends = (use: { type: string; max: number }) => use.type === type && use.max > 0;
  const updates = command.updates.filter(spends);
  const uses = [...command.consumes.filter(spends), ...updates];
  if (uses.length === 0) return undefined;
  const kept = updates.flatMap(({ signedByNew, changes }) =>
    signedByNew.filter((role) => !changes.includes(role)),
  );
  return [...uses.flatMap((use) => use.signedBy), ...kept];
}

const LEAVES_MAX = 64;

function assertAuthorityTree(type: string, authority: AuthorityData): void {
  try {
    assertThresholdTree(authorityDataSchema, authority);
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    throw new LedgerError({ code: "bundle/malformed", reason: `${type}: ${error.message}` });
  }
  if (fieldsOf(authority).length > LEAVES_MAX)
    throw new LedgerError({
      code: "bundle/malformed",
      reason: `${type}: an authority of more than ${LEAVES_MAX} leaves`,
    });
}

function assertHolderField(type: string, field: string, data: SchemaData): void {
  const schema = schemaFromData(data);
  const found = schema.kind === "record" ? schema.fields[field] : undefined;
  // The same fields of other types would hash to commitments that open to more than one identity.
  const isHolder = found?.kind === "record" && schemaText(found) === HOLDER;
  if (!isHolder)
    throw new LedgerError({
      code: "bundle/malformed",
      reason: `${type}.${field} is no holder, and its authority names it`,
    });
}

const HOLDER = schemaText(holderSchema);

/** The sets of fields that satisfy the authority, and no longer would with one fewer. */
function minimalSets(authority: AuthorityData, fields: readonly string[]): string[][] {
  const satisfying: string[][] = [];
  for (let mask = 1; mask < 1 << fields.length; mask++) {
    const chosen = fields.filter((_, i) => mask & (1 << i));
    const isEnough = isSatisfied<{ kind: "holder"; field: string }>(
      authority as { kind: "holder"; field: string },
      (leaf) => chosen.includes(leaf.field),
    );
    if (isEnough) satisfying.push(chosen);
  }
  return satisfying.filter(
    (set) =>
      !satisfying.some((other) => other.length < set.length && other.every((f) => set.includes(f))),
  );
}
