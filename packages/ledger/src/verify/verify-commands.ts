import { keyId } from "@stateset/codec";
import type { BundleCommand } from "../bundle/bundle.ts";
import type { GuestValue } from "../contract/run-contract.ts";
import { decodeOrRefuse } from "../decode-or-refuse.ts";
import { LedgerError } from "../ledger-error.ts";
import type { Command, CommandSigner } from "../transaction/components.ts";
import type { BundlesByContract } from "./verify-bundles.ts";
import type { DecodedState } from "./verify-states.ts";

export type DecodedCommand = {
  contract: string;
  name: string;
  data: GuestValue;
  /** `ed25519:…`, `p256:…` or `identity:…`. */
  signers: string[];
};

type States = { inputs: readonly DecodedState[]; outputs: readonly DecodedState[] };

/**
 * One command for each contract with states in the transaction, and what its bundle declares of it:
 * how many states of which type it consumes, creates and updates, who must sign for each, and which
 * fields may change.
 * @throws LedgerError `tx/unknown-command`, `tx/command-missing`, or `contract/rule-broken` with
 * the rule `<contract>/<command>-counts`, `-signed-by-<field>` or `-keeps-<field>`
 */
export function verifyCommands(
  commands: readonly Command[],
  states: States,
  bundles: BundlesByContract,
): DecodedCommand[] {
  const decoded = commands.map((command) => decodeCommand(command, bundles));
  const names = new Set(decoded.map(({ contract }) => contract));
  if (names.size < decoded.length)
    throw new LedgerError({
      code: "tx/command-repeated",
      contracts: decoded.map(({ contract }) => contract),
    });
  for (const { contract } of [...states.inputs, ...states.outputs])
    if (!names.has(contract)) throw new LedgerError({ code: "tx/command-missing", contract });
  for (const command of decoded) {
    const declared = bundles.get(command.contract)?.commands.get(command.name) as BundleCommand;
    verifyDeclared(command, declared, states);
  }
  return decoded;
}

function decodeCommand(command: Command, bundles: BundlesByContract): DecodedCommand {
  const { contract, name } = command;
  const declared = bundles.get(contract)?.commands.get(name);
  if (declared === undefined)
    throw new LedgerError({ code: "tx/unknown-command", contract, command: name });
  const data = decodeOrRefuse(declared.dataSchema, command.data, (reason) => ({
    code: "tx/command-malformed",
    contract,
    command: name,
    reason,
  })) as GuestValue;
  return { contract, name, data, signers: command.signers.map(signerText) };
}

export function signerText(signer: CommandSigner): string {
  return signer.kind === "key" ? keyId(signer.key) : `identity:${signer.identity}`;
}

function verifyDeclared(command: DecodedCommand, declared: BundleCommand, states: States): void {
  const inputs = states.inputs.filter(({ contract }) => contract === command.contract);
  const outputs = states.outputs.filter(({ contract }) => contract === command.contract);
  const { pairs, ended, begun } = pairByLinearId(command, inputs, outputs);
  verifyUses(command, declared.consumes, ended, "consumes");
  verifyUses(command, declared.creates, begun, "creates");
  verifyUses(
    command,
    declared.updates,
    pairs.map(({ before }) => before),
    "updates",
  );
  for (const update of declared.updates)
    for (const { before, after } of pairs.filter(({ before }) => before.type === update.type)) {
      verifySigned(command, update.signedByNew, after);
      verifyKept(command, update.changes, before, after);
    }
}

function verifyUses(
  command: DecodedCommand,
  uses: BundleCommand["consumes"],
  states: readonly DecodedState[],
  verb: string,
): void {
  const types = new Set([...uses, ...states].map(({ type }) => type));
  for (const type of types) {
    const use = uses.find((each) => each.type === type) ?? { min: 0, max: 0, signedBy: [] };
    const found = states.filter((state) => state.type === type);
    if (found.length < use.min || found.length > use.max)
      throw broken(`${command.contract}/${command.name}-counts`, {
        [verb]: type,
        found: found.length,
        min: use.min,
        max: use.max,
      });
    for (const state of found) verifySigned(command, use.signedBy, state);
  }
}

type Pair = { before: DecodedState; after: DecodedState };

/** Updates are pairs of the same type and linear id; a linear id stands once on each side. */
function pairByLinearId(
  command: DecodedCommand,
  inputs: readonly DecodedState[],
  outputs: readonly DecodedState[],
): { pairs: Pair[]; ended: DecodedState[]; begun: DecodedState[] } {
  const successors = new Map<string, DecodedState>();
  const begun: DecodedState[] = [];
  for (const state of outputs) {
    const id = linearId(state);
    if (id === undefined) begun.push(state);
    else if (successors.has(id)) throw twice(command, id);
    else successors.set(id, state);
  }
  const pairs: Pair[] = [];
  const ended: DecodedState[] = [];
  const seen = new Set<string>();
  for (const before of inputs) {
    const id = linearId(before);
    if (id !== undefined && seen.has(id)) throw twice(command, id);
    const after = id === undefined ? undefined : successors.get(id);
    if (id !== undefined) {
      seen.add(id);
      successors.delete(id);
    }
    if (after === undefined) ended.push(before);
    else pairs.push({ before, after });
  }
  begun.push(...successors.values());
  return { pairs, ended, begun };
}

function linearId({ type, state }: DecodedState): string | undefined {
  return typeof state.linearId === "string" ? JSON.stringify([type, state.linearId]) : undefined;
}

function twice(command: DecodedCommand, linearId: string): LedgerError {
  return broken(`${command.contract}/${command.name}-counts`, { twice: linearId });
}

/** The signature of the holder or party in each of the fields, by one-time key or identity. */
function verifySigned(
  command: DecodedCommand,
  fields: readonly string[],
  { state }: DecodedState,
): void {
  for (const field of fields) {
    const candidates = signersOf(state[field]);
    if (!candidates.some((candidate) => command.signers.includes(candidate)))
      throw broken(`${command.contract}/${command.name}-signed-by-${kebab(field)}`, { candidates });
  }
}

function signersOf(role: GuestValue | undefined): string[] {
  if (typeof role !== "object" || Array.isArray(role)) return [];
  const { key, identity, id } = role as { key?: never; identity?: string; id?: string };
  const of = [`identity:${identity ?? id}`];
  if (key !== undefined) of.push(keyId(key));
  return of;
}

function verifyKept(
  command: DecodedCommand,
  changes: readonly string[],
  before: DecodedState,
  after: DecodedState,
): void {
  const fields = new Set([...Object.keys(before.state), ...Object.keys(after.state)]);
  for (const field of fields)
    if (!changes.includes(field) && !isSame(before.state[field], after.state[field]))
      throw broken(`${command.contract}/${command.name}-keeps-${kebab(field)}`, { field });
}

function isSame(a: GuestValue | undefined, b: GuestValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  const [x, y] = [a as Record<string, GuestValue>, b as Record<string, GuestValue>];
  const keys = Object.keys(x);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(y).length &&
    keys.every((key) => Object.hasOwn(y, key) && isSame(x[key], y[key]))
  );
}

function kebab(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function broken(rule: string, facts: Record<string, unknown>): LedgerError {
  return new LedgerError({ code: "contract/rule-broken", rule, facts });
}
