import {
  encode,
  isKeyTree,
  isKeyTreeSatisfied,
  type KeyTree,
  keyId,
  keyTreeSchema,
  signingKeys,
  toHex,
  verifySignature,
} from "@stateset/codec";
import { type AttachedBundle, bundleSignaturePayload } from "../bundle/bundle.ts";
import { LedgerError } from "../ledger-error.ts";
import type { NetworkParameters } from "../parameters.ts";
import type { Constraint, Output } from "../transaction/components.ts";
import type { BundleHash } from "../transaction/ids.ts";
import type { TransactionContents } from "./transaction-contents.ts";
import type { ResolvedState, VerifyContext } from "./verify-context.ts";

export type BundlesByContract = ReadonlyMap<string, AttachedBundle>;

/**
 * The bundle that governs each contract named in the transaction: exactly one each, present, and
 * allowed by the constraint of every state that it touches.
 * @throws LedgerError `tx/attachment-…`, `tx/constraint-…`
 */
export function verifyBundles(
  contents: TransactionContents,
  states: { inputs: readonly ResolvedState[]; references: readonly ResolvedState[] },
  context: VerifyContext,
  parameters: NetworkParameters,
): BundlesByContract {
  const { outputs, commands } = contents;
  const touched = [...states.inputs, ...states.references].map(({ output }) => output);
  const needed = new Set([...outputs, ...commands, ...touched].map(({ contract }) => contract));
  const bundles = attachedBundles(contents, needed, context);
  for (const bundle of bundles.values()) assertNameOwned(bundle, bundles, parameters);
  const governed: { output: Output; label: string }[] = [
    ...contents.outputs.map((output, i) => ({ output, label: `output ${i}` })),
    ...states.inputs.map(({ output }, i) => ({ output, label: `input ${i}` })),
    ...states.references.map(({ output }, i) => ({ output, label: `reference ${i}` })),
  ];
  for (const { output, label } of governed) {
    const { contract, constraint } = output;
    const bundle = bundles.get(contract);
    if (bundle === undefined) throw new LedgerError({ code: "tx/attachment-missing", contract });
    const reason = constraintFault(constraint, bundle, parameters);
    if (reason !== undefined)
      throw new LedgerError({ code: "tx/constraint-violated", contract, state: label, reason });
  }
  for (const { contract } of contents.commands)
    if (!bundles.has(contract)) throw new LedgerError({ code: "tx/attachment-missing", contract });
  assertConstraintsKept(contents.outputs, states.inputs, bundles);
  return bundles;
}

/** Only what some state or command needs is looked at: bundles are large, and cost to load. */
function attachedBundles(
  contents: TransactionContents,
  needed: ReadonlySet<string>,
  context: VerifyContext,
): Map<string, AttachedBundle> {
  const bundles = new Map<string, AttachedBundle>();
  for (const { contract, bundle: hash } of contents.attachments) {
    if (bundles.has(contract)) throw new LedgerError({ code: "tx/attachment-duplicate", contract });
    if (!needed.has(contract)) throw new LedgerError({ code: "tx/attachment-unused", contract });
    const bundle = context.bundle(hash);
    if (bundle === undefined)
      throw new LedgerError({ code: "tx/attachment-missing", contract, bundle: hash });
    if (bundle.hash !== hash || bundle.bundle.name !== contract) {
      const reason = `it is ${bundle.bundle.name}, ${bundle.hash}`;
      throw new LedgerError({ code: "tx/attachment-mismatch", contract, bundle: hash, reason });
    }
    bundles.set(contract, bundle);
  }
  return bundles;
}

/**
 * A name that has an owner is only for bundles that the owner signed. Without this, whoever calls a
 * contract `cash` could make up money for the contracts that read cash; so a name that another
 * contract of the transaction reads must have an owner.
 */
function assertNameOwned(
  attached: AttachedBundle,
  bundles: BundlesByContract,
  parameters: NetworkParameters,
): void {
  const { name } = attached.bundle;
  const owner = parameters.contractOwners.find(({ contract }) => contract === name);
  const reader = [...bundles.values()].find(({ bundle }) => bundle.reads.includes(name));
  if (owner === undefined && reader === undefined) return;
  const reason =
    owner === undefined
      ? `${reader?.bundle.name} reads it, and nobody owns the name`
      : "it is not signed by the owner of its name";
  if (owner === undefined || !isSignedBy(attached, owner.key))
    throw new LedgerError({
      code: "tx/attachment-mismatch",
      contract: name,
      bundle: attached.hash,
      reason,
    });
}

function constraintFault(
  constraint: Constraint,
  attached: AttachedBundle,
  parameters: NetworkParameters,
): string | undefined {
  const { hash, bundle } = attached;
  switch (constraint.kind) {
    case "exact":
      return constraint.bundle === hash ? undefined : `it demands bundle ${constraint.bundle}`;
    case "approved":
      return isApproved(parameters, bundle.name, hash) ? undefined : "the bundle is not approved";
    case "signed": {
      if (!isKeyTree(constraint.key)) return "the key that it demands is no canonical tree";
      if (bundle.version < constraint.version)
        return `version ${bundle.version} would go back behind ${constraint.version}`;
      return isSignedBy(attached, constraint.key)
        ? undefined
        : "the bundle is not signed by the key that it demands";
    }
  }
}

function isApproved(parameters: NetworkParameters, contract: string, hash: BundleHash): boolean {
  return parameters.approvedContracts.some(
    (approved) => approved.contract === contract && approved.bundles.includes(hash),
  );
}

function isSignedBy(attached: AttachedBundle, key: KeyTree): boolean {
  const signed = bundleSigners(attached);
  return isKeyTreeSatisfied(key, (each) => signed.has(keyId(each)));
}

/** Bundles never change, and checking a signature costs more than a contract's run. */
const signersByBundle = new WeakMap<AttachedBundle, Set<string>>();

function bundleSigners(attached: AttachedBundle): Set<string> {
  let signers = signersByBundle.get(attached);
  if (signers === undefined) {
    const payload = bundleSignaturePayload(attached.hash);
    const valid = attached.signatures.filter((signature) => verifySignature(signature, payload));
    signers = new Set(valid.flatMap(signingKeys).map(keyId));
    signersByBundle.set(attached, signers);
  }
  return signers;
}

/**
 * Outputs keep the constraint of their contract's inputs, so that nobody loosens it in passing. A
 * signed constraint moves up to the version of the bundle in use, and never back.
 */
function assertConstraintsKept(
  outputs: readonly Output[],
  inputs: readonly ResolvedState[],
  bundles: BundlesByContract,
): void {
  const kept = new Map<string, string>();
  for (const { output } of inputs) {
    const identity = constraintIdentity(output.constraint);
    const known = kept.get(output.contract) ?? identity;
    if (known !== identity)
      throw new LedgerError({
        code: "tx/constraint-violated",
        contract: output.contract,
        state: "inputs",
        reason: "inputs under different constraints cannot be spent together",
      });
    kept.set(output.contract, known);
  }
  for (const [index, { contract, constraint }] of outputs.entries()) {
    const before = kept.get(contract);
    const isKept = before === undefined || before === constraintIdentity(constraint);
    const isCurrent =
      constraint.kind !== "signed" || constraint.version === bundles.get(contract)?.bundle.version;
    if (!isKept || !isCurrent)
      throw new LedgerError({ code: "tx/constraint-changed", contract, output: index });
  }
}

function constraintIdentity(constraint: Constraint): string {
  switch (constraint.kind) {
    case "exact":
      return `exact:${constraint.bundle}`;
    case "approved":
      return "approved";
    case "signed":
      return `signed:${toHex(encode(keyTreeSchema, constraint.key))}`;
  }
}
