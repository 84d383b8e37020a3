import { encode, type Hex, keyTreeSchema, toHex } from "@stateset/codec";
import {
  encodeNotarisationRequest,
  type NotarisationRequest,
  type NotaryFault,
} from "@stateset/flow";
import { formatStateRef, type StateRef } from "@stateset/ledger";
import type { TakenBy } from "../../src/notary-store.ts";
import {
  BLOCK_TIME,
  CREATED_AT,
  CURRENT_HASH,
  IDENTITIES,
  NETWORK,
  NOTARY,
  PREVIOUS_HASH,
} from "./sample-world.ts";
import { Scene } from "./scene.ts";
import {
  type Stage,
  type Standing,
  subjectsOf,
  type Verdict,
  type View,
  verdictOn,
} from "./verdict.ts";

/** A request, and in what its view and standing differ from every row's. */
export type Made = {
  shown: NotarisationRequest | Uint8Array;
  blockTime?: number;
  /** By state; all states of one transaction are as old as each other. */
  created?: readonly (readonly [StateRef, number | null])[];
  consumed?: readonly (readonly [StateRef, TakenBy])[];
  uniqueKeys?: View["uniqueKeys"];
  parameters?: Standing["parameters"];
};

export type Make = (scene: Scene) => Made;

export type Row = {
  name: string;
  shown: Hex;
  standing: Standing;
  view: View;
  expect: Verdict;
};

/** A table of what is included: its name, and how it is made. */
export type AcceptedTable = readonly (readonly [name: string, make: Make])[];

/**
 * A table of refusals. Code and stage are written by hand, and so is a piece of the fault that
 * tells this reason from others with the same code.
 */
export type RefusedTable = readonly (readonly [
  name: string,
  code: NotaryFault["kind"],
  says: string,
  make: Make,
])[];

export function acceptedRows(table: AcceptedTable): Row[] {
  return table.map(([name, make]) => {
    const { row, fault } = judged(name, make);
    if (fault !== undefined) throw new Error(`${name}: refused, ${JSON.stringify(fault)}`);
    return row;
  });
}

/** @throws where the rules have another verdict than the table */
export function refusedRows(stage: Stage, table: RefusedTable): Row[] {
  return table.map(([name, code, says, make]) => {
    const { row, fault } = judged(name, make);
    const { expect } = row;
    if (expect.kind === "included") throw new Error(`${name}: included, not ${code}`);
    const found = `${expect.stage} ${JSON.stringify(fault).replaceAll('\\"', '"')}`;
    if (expect.stage !== stage || expect.code !== code || !found.includes(says))
      throw new Error(`${name}: ${found}, not ${stage} ${code} "${says}"`);
    return row;
  });
}

function judged(name: string, make: Make): { row: Row; fault?: NotaryFault } {
  const made = make(new Scene(name));
  const { parameters = [CURRENT_HASH, PREVIOUS_HASH] } = made;
  const shown =
    made.shown instanceof Uint8Array ? made.shown : encodeNotarisationRequest(made.shown);
  const standing: Standing = { network: NETWORK, notary: NOTARY, parameters };
  const view = viewOf(made, subjectsOf(shown));
  const { verdict, ...rest } = verdictOn(shown, standing, view);
  return { row: { name, shown: toHex(shown), standing, view, expect: verdict }, ...rest };
}

function viewOf(made: Made, { states, identities }: ReturnType<typeof subjectsOf>): View {
  const { blockTime = BLOCK_TIME, created = [], consumed = [], uniqueKeys = [] } = made;
  const ages = new Map(created.map(([{ txId }, at]) => [txId, at]));
  const taken = new Map(consumed.map(([ref, by]) => [formatStateRef(ref), by]));
  return {
    blockTime,
    created: states.map(({ txId }) => {
      const at = ages.get(txId);
      return at === undefined ? CREATED_AT : at;
    }),
    consumed: states.map((ref) => taken.get(formatStateRef(ref)) ?? null),
    uniqueKeys,
    identities: IDENTITIES.filter(({ id }) => identities.has(id)).map(({ id, key }) => ({
      id,
      key: toHex(encode(keyTreeSchema, key as never)),
    })),
  };
}
