import { encode, type Hash, type Hex, toHex } from "@stateset/codec";
import type { NetworkMap } from "@stateset/flow";
import {
  blockLeaf,
  COMPONENT_SCHEMAS,
  type ComponentProof,
  formatStateRef,
  type Header,
  hashParameters,
  type IdentityCommitment,
  type IdentityId,
  identityCommitment,
  keysThatSigned,
  LedgerError,
  type NetworkParameters,
  type NotaryId,
  type ParametersHash,
  type StateRef,
  type TimeWindow,
  type TransactionId,
  type UniqueKey,
  verifyComponentProof,
} from "@stateset/ledger";
import { checkForm } from "./check-form.ts";
import { consumedKey } from "./consumed-key.ts";
import { asReason, malformed, NotaryRefusal } from "./notary-refusal.ts";
import type { OpenedRequest } from "./open-request.ts";

/** A request in which all is right that does not depend on what was notarised before, or when. */
export type CheckedRequest = {
  id: TransactionId;
  /** The id's leaf in the tree of the block that notarises it. */
  leaf: Hash;
  inputs: readonly ShownState[];
  references: readonly ShownState[];
  uniqueKeys: readonly (UniqueKey & { encoded: Hex })[];
  timeWindow: TimeWindow;
  /** The keys with a valid signature. */
  signed: ReadonlySet<string>;
  openings: ReadonlyMap<IdentityCommitment, Opening>;
};

export type Opening = { identity: IdentityId; blinding: Hex };

/** A state with the header that its creating transaction gave it. */
export type ShownState = { ref: StateRef; label: string; key: Hex; header: Header };

/** Under what name, and by which rules of the network, a notary judges. */
export type NotaryStanding = { id: NotaryId; map: NetworkMap };

/**
 * @throws NotaryRefusal with the first fault: `notary/malformed`, `notary/wrong-network`,
 * `notary/wrong-notary`, `notary/wrong-parameters`, `notary/instructions-unsupported`,
 * `notary/header-unproven`, `notary/encumbrance-broken`, `notary/signature-invalid`,
 * `notary/too-large`
 */
export function checkRequest(opened: OpenedRequest, standing: NotaryStanding): CheckedRequest {
  assertStanding(opened, standing);
  checkForm(opened);
  const { id, shown, uniqueKeys, timeWindow } = opened;
  const { inputs, references } = proveHeaders(opened, standing.id);
  assertEncumbrancesWhole(inputs);
  const openings = new Map(
    shown.openings.map(({ identity, blinding }) => [
      identityCommitment(identity as IdentityId, blinding),
      { identity: identity as IdentityId, blinding },
    ]),
  );
  return {
    id,
    leaf: toHex(blockLeaf(id)) as Hash,
    inputs,
    references,
    uniqueKeys: uniqueKeys.map((key) => ({
      ...key,
      encoded: toHex(encode(COMPONENT_SCHEMAS.uniqueKeys, key)),
    })),
    timeWindow,
    signed: keysOf(opened, standing),
    openings,
  };
}

function assertStanding({ meta, parameters }: OpenedRequest, { id, map }: NotaryStanding): void {
  if (meta.network !== map.network) throw mismatch("network", map.network, meta.network);
  if (meta.notary !== id) throw mismatch("notary", id, meta.notary);
  const { hash } = parameters;
  const current = hashOf(map.current);
  if (hash === current) return;
  const found = map.parameters(hash);
  const isPredecessor =
    found !== undefined && hashOf(found) === hash && found.epoch === map.current.epoch - 1;
  if (!isPredecessor) throw mismatch("parameters", current, hash);
}

function mismatch(what: "network" | "notary" | "parameters", expected: string, found: string) {
  return new NotaryRefusal({
    kind: `notary/wrong-${what}`,
    expected: expected as Hash,
    found: found as Hash,
  });
}

/** Versions of parameters are few, and looked at for every request. */
const hashes = new WeakMap<NetworkParameters, ParametersHash>();

function hashOf(parameters: NetworkParameters): ParametersHash {
  let hash = hashes.get(parameters);
  if (hash === undefined) {
    hash = hashParameters(parameters);
    hashes.set(parameters, hash);
  }
  return hash;
}

function proveHeaders({ inputs, references, shown }: OpenedRequest, notary: NotaryId) {
  const found = shown.headers.length;
  const expected = inputs.length + references.length;
  if (found !== expected)
    throw malformed(`${found} headers are shown for ${expected} inputs and references`);
  const prove = (ref: StateRef, proof: ComponentProof): ShownState => {
    const label = formatStateRef(ref);
    const header = provenHeader(ref, label, proof);
    if (header.notary !== notary) throw mismatch("notary", notary, header.notary);
    return { ref, label, key: consumedKey(ref), header };
  };
  const proofs = shown.headers;
  return {
    inputs: inputs.map((ref, i) => prove(ref, proofs[i] as ComponentProof)),
    references: references.map((ref, i) => prove(ref, proofs[inputs.length + i] as ComponentProof)),
  };
}

function provenHeader({ txId, index }: StateRef, ref: string, proof: ComponentProof): Header {
  let reason = "the proof does not lead to the transaction";
  try {
    const header = verifyComponentProof(proof, { transaction: txId, group: "headers", index });
    if (header !== undefined) return header;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    reason = asReason(error.message);
  }
  throw new NotaryRefusal({ kind: "notary/header-unproven", ref, reason });
}

/** An encumbrance set is consumed whole or not at all. */
function assertEncumbrancesWhole(inputs: readonly ShownState[]): void {
  const spent = new Set(inputs.map(({ label }) => label));
  for (const { ref, label, header } of inputs)
    for (const index of header.encumbranceSet) {
      const missing = formatStateRef({ txId: ref.txId, index });
      if (!spent.has(missing))
        throw new NotaryRefusal({ kind: "notary/encumbrance-broken", ref: label, missing });
    }
}

function keysOf({ signed, id }: OpenedRequest, { map }: NotaryStanding): Set<string> {
  try {
    return keysThatSigned(signed, map.network, id);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    const { fault } = error;
    if (fault.code === "tx/signature-invalid")
      throw new NotaryRefusal({ kind: "notary/signature-invalid", index: fault.index });
    if (fault.code === "tx/too-many-signatures") {
      const { found, max } = fault;
      throw new NotaryRefusal({ kind: "notary/too-large", what: "signatures", found, max });
    }
    throw error;
  }
}
