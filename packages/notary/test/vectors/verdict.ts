import {
  CodecError,
  decode,
  fromHex,
  type Hash,
  type Hex,
  type KeyTree,
  keyTreeSchema,
  toHex,
} from "@stateset/codec";
import {
  decodeNotarisationRequest,
  encodeNotaryAnswer,
  type NetworkMap,
  type NotaryFault,
} from "@stateset/flow";
import type {
  IdentityId,
  NetworkId,
  NetworkParameters,
  NotaryId,
  ParametersHash,
  StateRef,
  TransactionId,
} from "@stateset/ledger";
import { type CheckedRequest, checkRequest, type NotaryStanding } from "../../src/check-request.ts";
import { consumedKey } from "../../src/consumed-key.ts";
import { type BlockSetting, decideBlock } from "../../src/decide-block.ts";
import { asReason, malformed, NotaryRefusal } from "../../src/notary-refusal.ts";
import type { NotarisedAt, NotaryFacts, TakenBy } from "../../src/notary-store.ts";
import { type OpenedRequest, openRequest } from "../../src/open-request.ts";
import { PARAMETERS } from "./sample-world.ts";

/** Under what name and rules a row is judged: the current parameters' hash, then their predecessor's. */
export type Standing = { network: NetworkId; notary: NotaryId; parameters: ParametersHash[] };

/** What was notarised before; states are those of the inputs, and then of the references. */
export type View = {
  blockTime: number;
  /** The block times of the transactions that created the states; null where it was not here. */
  created: (number | null)[];
  consumed: (TakenBy | null)[];
  uniqueKeys: ({ encoded: Hex } & TakenBy)[];
  /** Those that openings and unique keys name, as the map knows them; keys are bytes of key trees. */
  identities: { id: IdentityId; key: Hex }[];
};

export type Stage = "open" | "check" | "judge";

export type Verdict =
  | { kind: "included"; id: TransactionId; leaf: Hash; consumed: Hex[]; uniqueKeys: Hex[] }
  | { kind: "refused"; stage: Stage; fault: Hex; code: NotaryFault["kind"] };

/** The verdict by the rules of this package, with the fault that it holds in bytes. */
export function verdictOn(
  shown: Uint8Array,
  standing: Standing,
  view: View,
): { verdict: Verdict; fault?: NotaryFault } {
  let stage: Stage = "open";
  try {
    const opened = opening(shown);
    stage = "check";
    const checked = checkRequest(opened, standingOf(standing));
    stage = "judge";
    judge(checked, view);
    const { id, leaf, inputs, uniqueKeys } = checked;
    const consumed = inputs.map(({ key }) => key);
    const taken = uniqueKeys.map(({ encoded }) => encoded);
    return { verdict: { kind: "included", id, leaf, consumed, uniqueKeys: taken } };
  } catch (error) {
    if (!(error instanceof NotaryRefusal)) throw error;
    const { fault } = error;
    return {
      verdict: { kind: "refused", stage, fault: encodedFault(fault), code: fault.kind },
      fault,
    };
  }
}

/** What a view must tell of: nothing where the request cannot be opened. */
export function subjectsOf(shown: Uint8Array): { states: StateRef[]; identities: Set<string> } {
  try {
    const { inputs, references, uniqueKeys, shown: request } = opening(shown);
    const opened = request.openings.map(({ identity }) => identity);
    const owners = uniqueKeys.map(({ owner }) => owner);
    return {
      states: [...inputs, ...references],
      identities: new Set<string>([...opened, ...owners]),
    };
  } catch (error) {
    if (error instanceof NotaryRefusal) return { states: [], identities: new Set() };
    throw error;
  }
}

/** Bytes that are no request are answered as `serveNotary` answers them. */
function opening(shown: Uint8Array): OpenedRequest {
  try {
    return openRequest(decodeNotarisationRequest(shown));
  } catch (error) {
    if (error instanceof CodecError) throw malformed(asReason(error.message));
    throw error;
  }
}

function judge(request: CheckedRequest, view: View): void {
  const setting = settingOf(request, view);
  const { decisions } = decideBlock([{ kind: "checked", request }], setting);
  const [decision] = decisions;
  if (decision?.kind === "refused") throw new NotaryRefusal(decision.fault);
  if (decision?.kind !== "included")
    throw new Error("a row's own transaction was notarised before");
}

function settingOf({ inputs, references }: CheckedRequest, view: View): BlockSetting {
  const notarised = new Map<TransactionId, NotarisedAt>();
  const consumed = new Map<Hex, TakenBy>();
  for (const [i, { ref }] of [...inputs, ...references].entries()) {
    const blockTime = view.created[i];
    if (typeof blockTime === "number") notarised.set(ref.txId, { height: 1, index: 0, blockTime });
    const taken = view.consumed[i];
    if (taken != null) consumed.set(consumedKey(ref), taken);
  }
  const uniqueKeys = new Map(view.uniqueKeys.map(({ encoded, by, at }) => [encoded, { by, at }]));
  const keys = new Map(
    view.identities.map(({ id, key }): [IdentityId, KeyTree] => [
      id,
      decode(keyTreeSchema, fromHex(key)) as KeyTree,
    ]),
  );
  const facts: NotaryFacts = { notarised, consumed, uniqueKeys };
  return { facts, blockTime: view.blockTime, identityKey: (identity) => keys.get(identity) };
}

function standingOf({ network, notary, parameters }: Standing): NotaryStanding {
  const [current] = parameters.map(versionOf);
  if (current === undefined) throw new Error("a standing without current parameters");
  const isGenesis = parameters.length === 1;
  const map: NetworkMap = {
    network,
    current,
    // A map knows all versions but in the first epoch, and so what the notary must not take.
    parameters: (hash) => (isGenesis && hash !== parameters[0] ? undefined : PARAMETERS.get(hash)),
    parties: () => [],
    party: () => undefined,
    identityKey: () => undefined,
    notaries: () => [],
    notary: () => undefined,
  };
  return { id: notary, map };
}

function versionOf(hash: ParametersHash): NetworkParameters {
  const version = PARAMETERS.get(hash);
  if (version === undefined) throw new Error(`no parameters ${hash}`);
  return version;
}

/** What stands before a fault in an answer: a map with `refused`, and in it one with `fault`. */
const BEFORE_FAULT = `a167${toHex(new TextEncoder().encode("refused"))}a165${toHex(new TextEncoder().encode("fault"))}`;

function encodedFault(fault: NotaryFault): Hex {
  const answer = toHex(encodeNotaryAnswer({ kind: "refused", fault }));
  if (!answer.startsWith(BEFORE_FAULT)) throw new Error(`a refusal begins otherwise: ${answer}`);
  return answer.slice(BEFORE_FAULT.length);
}
