import { CodecError } from "@stateset/codec";
import type { LoadedBundle } from "../bundle/bundle.ts";
import type { UniqueKeyClaim } from "../contract/define-contract.ts";
import type { ContractInput } from "../contract/run-contract.ts";
import { LedgerError } from "../ledger-error.ts";
import type { NetworkParameters } from "../parameters.ts";
import type { UniqueKey } from "../transaction/components.ts";
import { uniqueKeyOf } from "../unique-key-value.ts";
import type { TransactionContents } from "./transaction-contents.ts";
import type { BundlesByContract } from "./verify-bundles.ts";
import type { DecodedCommand } from "./verify-commands.ts";
import type { ContractRunner } from "./verify-context.ts";
import type { DecodedState } from "./verify-states.ts";

export type DecodedStates = {
  inputs: readonly DecodedState[];
  outputs: readonly DecodedState[];
  references: readonly DecodedState[];
};

/**
 * Runs each command's contract, and checks that the unique keys are those that contracts claim.
 * @returns the gas used
 * @throws LedgerError `contract/rule-broken`, `contract/failed`, `tx/unique-keys-differ`
 */
export async function verifyRules(
  contents: TransactionContents,
  commands: readonly DecodedCommand[],
  states: DecodedStates,
  known: { bundles: BundlesByContract; parameters: NetworkParameters; contracts: ContractRunner },
): Promise<bigint> {
  const claimed: UniqueKey[] = [];
  const { uniqueKeySalt } = known.parameters;
  let gas = 0n;
  for (const command of commands) {
    const bundle = known.bundles.get(command.contract);
    if (bundle === undefined) continue;
    const input = contractInput(command, states, contents, bundle.bundle.reads);
    assertGasLeft(command.contract, gas, known.parameters);
    const run = await known.contracts.run(bundle, input, known.parameters.vm);
    gas += run.gas;
    if (!run.ok) {
      const { code: reason, detail } = run.error;
      throw new LedgerError({
        code: "contract/failed",
        contract: command.contract,
        reason,
        detail,
      });
    }
    for (const key of readVerdict(bundle, command, run.result, uniqueKeySalt)) claimed.push(key);
  }
  verifyUniqueKeys(contents.uniqueKeys, claimed);
  return gas;
}

/** The limit is of one contract's run, and no further run begins once they have used it together. */
function assertGasLeft(contract: string, used: bigint, { vm }: NetworkParameters): void {
  if (used < BigInt(vm.gas)) return;
  const detail = "the contracts before it used all that a transaction may";
  throw new LedgerError({ code: "contract/failed", contract, reason: "out-of-gas", detail });
}

/** What the contract of a command sees: its own states, and those of the contracts that it reads. */
export function contractInput(
  command: DecodedCommand,
  states: DecodedStates,
  { timeWindow }: Pick<TransactionContents, "timeWindow">,
  reads: readonly string[],
): ContractInput {
  const isSeen = ({ contract }: DecodedState) =>
    contract === command.contract || reads.includes(contract);
  return {
    command: { name: command.name, data: command.data, signers: command.signers },
    inputs: states.inputs.filter(isSeen),
    outputs: states.outputs.filter(isSeen),
    references: states.references.filter(isSeen),
    timeWindow,
  };
}

/**
 * A contract's answer is as hostile as its code: it may name a rule that its bundle lists, or claim
 * keys of its own kinds if the bundle says that the command does; anything else is a failure.
 */
function readVerdict(
  { bundle, commands }: LoadedBundle,
  { contract, name }: DecodedCommand,
  result: string | undefined,
  salt: string,
): UniqueKey[] {
  if (result === "") return [];
  const verdict = parseObject(result);
  const broken = bundle.rules.find(({ code }) => code === verdict?.rule);
  if (broken !== undefined)
    throw new LedgerError({
      code: "contract/rule-broken",
      rule: `${contract}/${broken.code}`,
      sentence: broken.text,
      facts: flatFacts(verdict?.facts),
    });
  const keys = commands.get(name)?.claims === true ? keysOf(verdict?.claims, salt) : undefined;
  if (keys?.every(({ kind }) => kind.startsWith(`${contract}/`))) return keys;
  throw new LedgerError({
    code: "contract/failed",
    contract,
    reason: "bad-verdict",
    detail: String(result).slice(0, 200),
  });
}

const FACTS_MAX = 32;
const FACT_LENGTH_MAX = 1024;

/** Facts are shown and logged: only plain values of a bounded size are taken over. */
function flatFacts(facts: unknown): Record<string, unknown> {
  if (typeof facts !== "object" || facts === null) return {};
  const flat = Object.entries(facts)
    .slice(0, FACTS_MAX)
    .filter(([, value]) => typeof value !== "object")
    .map(([name, value]) => [
      name.slice(0, FACT_LENGTH_MAX),
      typeof value === "string" ? value.slice(0, FACT_LENGTH_MAX) : value,
    ]);
  return Object.fromEntries(flat);
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function keysOf(claims: unknown, salt: string): UniqueKey[] | undefined {
  if (!Array.isArray(claims) || !claims.every(isClaim)) return undefined;
  try {
    return claims.map((claim) => uniqueKeyOf(claim, salt));
  } catch (error) {
    if (error instanceof CodecError) return undefined; // kind, owner or fields out of bounds
    throw error;
  }
}

function isClaim(value: unknown): value is UniqueKeyClaim {
  if (typeof value !== "object" || value === null) return false;
  const { kind, owner, fields } = value as Record<string, unknown>;
  return (
    typeof kind === "string" &&
    typeof owner === "string" &&
    Array.isArray(fields) &&
    fields.every((field) => typeof field === "string")
  );
}

function verifyUniqueKeys(found: readonly UniqueKey[], claimed: readonly UniqueKey[]): void {
  const write = ({ kind, owner, value }: UniqueKey) => `${kind} of ${owner}: ${value}`;
  const expected = claimed.map(write).sort();
  const present = found.map(write).sort();
  const isSame =
    expected.length === present.length && expected.every((key, i) => key === present[i]);
  if (!isSame) throw new LedgerError({ code: "tx/unique-keys-differ", expected, found: present });
}
