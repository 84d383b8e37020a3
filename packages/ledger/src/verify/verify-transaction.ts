import { LedgerError, type LedgerFault } from "../ledger-error.ts";
import { hashParameters, type NetworkParameters } from "../parameters.ts";
import type { Output } from "../transaction/components.ts";
import {
  formatStateRef,
  type ParametersHash,
  type StateRef,
  type TransactionId,
} from "../transaction/ids.ts";
import { keysThatSigned, type SignedTransaction } from "../transaction/signed-transaction.ts";
import { openTransaction, type TransactionContents } from "./transaction-contents.ts";
import { type BundlesByContract, verifyBundles } from "./verify-bundles.ts";
import { type DecodedCommand, verifyCommands } from "./verify-commands.ts";
import type { ResolvedState, VerifyContext } from "./verify-context.ts";
import { verifyParties } from "./verify-parties.ts";
import { verifyRules } from "./verify-rules.ts";
import { missingSigners } from "./verify-signers.ts";
import { type DecodedState, decodeState, verifyHeaderAuthorities } from "./verify-states.ts";

/** A transaction found valid, apart from what only the notary can say: that nothing is spent. */
export type VerifiedTransaction = {
  id: TransactionId;
  contents: TransactionContents;
  inputs: DecodedState[];
  references: DecodedState[];
  outputs: DecodedState[];
  /** Of all contracts together. */
  gas: bigint;
};

/**
 * Checks a signed transaction against everything that can be checked of it: its form, the states
 * that it spends, the contracts that govern them, signers, headers, rules and unique keys. Every
 * group but `private` must be open.
 * @throws LedgerError with the first fault found
 */
export async function verifyTransaction(
  signed: SignedTransaction,
  context: VerifyContext,
): Promise<VerifiedTransaction> {
  return await verifyByRules(verifyWithoutRules(signed, context), context);
}

/** A transaction valid but for the signatures that it lacks; where it lacks none, it is valid. */
export type PartlyVerifiedTransaction = VerifiedTransaction & {
  missing: readonly LedgerFault[];
};

/**
 * As `verifyTransaction`, while signatures are still being gathered: those that are there must be
 * valid, and others may be missing.
 */
export async function verifyPartly(
  signed: SignedTransaction,
  context: VerifyContext,
): Promise<PartlyVerifiedTransaction> {
  const { missing, ...checked } = checkWithoutRules(signed, context);
  return { ...(await verifyByRules(checked, context)), missing: [...missing] };
}

async function verifyByRules(
  { contents, commands, bundles, parameters, ...states }: CheckedTransaction,
  { contracts }: VerifyContext,
): Promise<VerifiedTransaction> {
  const gas = await verifyRules(contents, commands, states, { bundles, parameters, contracts });
  return { id: contents.id, contents, ...states, gas };
}

/** A transaction with all but its contracts' own rules checked. */
export type CheckedTransaction = {
  contents: TransactionContents;
  commands: DecodedCommand[];
  bundles: BundlesByContract;
  parameters: NetworkParameters;
  inputs: DecodedState[];
  references: DecodedState[];
  outputs: DecodedState[];
};

/** As `verifyTransaction`, but no contract code is run. */
export function verifyWithoutRules(
  signed: SignedTransaction,
  context: VerifyContext,
): CheckedTransaction {
  const { missing, ...checked } = checkWithoutRules(signed, context);
  const [first] = missing;
  if (first !== undefined) throw new LedgerError(first);
  return checked;
}

/** What is missing is looked for only as far as it is asked for. */
function checkWithoutRules(
  signed: SignedTransaction,
  context: VerifyContext,
): CheckedTransaction & { missing: Iterable<LedgerFault> } {
  const contents = openTransaction(signed.transaction);
  const parameters = parametersOf(contents, context);
  assertInTimeWindow(contents, context);
  const keys = keysThatSigned(signed, context.network, contents.id);
  const resolved = {
    inputs: resolveAll(contents.inputs, contents, context),
    references: resolveAll(contents.references, contents, context),
  };
  assertStatesSize([...contents.outputs, ...outputsOf(resolved)]);
  assertEncumbrancesWhole(contents.inputs, resolved.inputs);
  const bundles = verifyBundles(contents, resolved, context, parameters);
  const inputs = resolved.inputs.map(({ output }, i) => decodeState(output, `input ${i}`, bundles));
  const references = resolved.references.map(({ output }, i) =>
    decodeState(output, `reference ${i}`, bundles),
  );
  const outputs = contents.outputs.map((output, i) => decodeState(output, `output ${i}`, bundles));
  verifyHeaderAuthorities(contents.headers, outputs, bundles);
  verifyParties(inputs, outputs, bundles, context);
  const commands = verifyCommands(contents.commands, { inputs, outputs }, bundles);
  const spent = resolved.inputs.map((state, i) => ({
    ...state,
    decoded: inputs[i] as DecodedState,
  }));
  const missing = missingSigners(contents, spent, keys, { bundles, context });
  return { contents, commands, bundles, parameters, inputs, references, outputs, missing };
}

function parametersOf(
  { meta, parameters: { hash } }: TransactionContents,
  context: VerifyContext,
): NetworkParameters {
  if (meta.network !== context.network)
    throw new LedgerError({
      code: "tx/wrong-network",
      expected: context.network,
      found: meta.network,
    });
  const parameters = context.parameters(hash);
  if (parameters?.network !== meta.network || parametersHashOf(parameters) !== hash)
    throw new LedgerError({
      code: "tx/wrong-parameters",
      expected: "a known version",
      found: hash,
    });
  return parameters;
}

/** Versions of parameters are few, and looked up for every transaction. */
const hashOfParameters = new WeakMap<NetworkParameters, ParametersHash>();

function parametersHashOf(parameters: NetworkParameters): ParametersHash {
  let hash = hashOfParameters.get(parameters);
  if (hash === undefined) {
    hash = hashParameters(parameters);
    hashOfParameters.set(parameters, hash);
  }
  return hash;
}

/** Windows are [from, until) against the time of the deciding block. */
function assertInTimeWindow(
  { timeWindow }: TransactionContents,
  { blockTime }: VerifyContext,
): void {
  if (blockTime === undefined) return;
  const { from = 0, until = Number.POSITIVE_INFINITY } = timeWindow;
  if (blockTime < from || blockTime >= until)
    throw new LedgerError({ code: "tx/outside-time-window", blockTime, ...timeWindow });
}

/** All states that one transaction touches: decoding them takes some thirty times their size. */
const STATES_BYTES_MAX = 4 << 20;

function assertStatesSize(outputs: readonly Output[]): void {
  const bytes = outputs.reduce((sum, { data }) => sum + data.length, 0);
  if (bytes > STATES_BYTES_MAX)
    throw new LedgerError({ code: "tx/too-large", bytes, max: STATES_BYTES_MAX });
}

function outputsOf(resolved: { inputs: ResolvedState[]; references: ResolvedState[] }): Output[] {
  return [...resolved.inputs, ...resolved.references].map(({ output }) => output);
}

/** Inputs and references must be known, and notarised by the cluster that will decide this one. */
function resolveAll(
  refs: readonly StateRef[],
  { meta }: TransactionContents,
  context: VerifyContext,
): ResolvedState[] {
  return refs.map((stateRef) => {
    const ref = formatStateRef(stateRef);
    const state = context.resolve(stateRef);
    if (state === undefined) throw new LedgerError({ code: "tx/state-unresolved", ref });
    const found = state.header.notary;
    if (found !== meta.notary)
      throw new LedgerError({ code: "tx/wrong-notary", ref, expected: meta.notary, found });
    return state;
  });
}

/** An encumbrance set is spent whole or not at all. */
function assertEncumbrancesWhole(
  refs: readonly StateRef[],
  inputs: readonly ResolvedState[],
): void {
  const spent = new Set(refs.map(formatStateRef));
  for (const [i, { header }] of inputs.entries()) {
    const { txId } = refs[i] as StateRef;
    for (const index of header.encumbranceSet) {
      const missing = formatStateRef({ txId, index });
      if (!spent.has(missing))
        throw new LedgerError({
          code: "tx/encumbrance-broken",
          ref: formatStateRef(refs[i] as StateRef),
          missing,
        });
    }
  }
}
