import type { Schema } from "@stateset/codec";
import type { AttachedBundle } from "@stateset/ledger";
import type { GuestValue } from "@stateset/ledger/contract";
import type { Draft, DraftParty, DraftState, StateFields } from "./draft.ts";
import { someValue } from "./other-value.ts";

export type Declared = Omit<AttachedBundle["bundle"]["commands"][number], "data">;

export function successor({ outputs }: Draft, of: DraftState): number | undefined {
  return twin(outputs, of);
}

export function predecessor({ inputs }: Draft, of: DraftState): number | undefined {
  return twin(inputs, of);
}

function twin(states: readonly DraftState[], { contract, type, state }: DraftState) {
  const index = states.findIndex(
    (each) =>
      each.contract === contract &&
      each.type === type &&
      each.state.linearId !== undefined &&
      each.state.linearId === state.linearId,
  );
  return index < 0 ? undefined : index;
}

export function ownStates(states: readonly DraftState[], contract: string): [number, DraftState][] {
  return [...states.entries()].filter(([, state]) => state.contract === contract);
}

export function changed(
  states: readonly DraftState[],
  index: number,
  change: StateFields,
): DraftState[] {
  return states.map((each, i) =>
    i === index ? { ...each, state: { ...each.state, ...change } } : each,
  );
}

export function statusesOf(contract: AttachedBundle, type: string): readonly string[] {
  const status = recordOf(contract, type).fields.status;
  return status?.kind === "choice" ? status.values : [];
}

export function fieldsOf(contract: AttachedBundle, type: string): string[] {
  return Object.keys(recordOf(contract, type).fields);
}

export function recordOf(
  contract: AttachedBundle,
  type: string,
): Extract<Schema, { kind: "record" }> {
  const schema = contract.states.get(type)?.schema;
  if (schema?.kind === "record") return schema;
  throw new Error(`${contract.bundle.name} declares no record ${type}`);
}

export function declaredOf(contract: AttachedBundle, name: string): Declared {
  const declared = contract.commands.get(name);
  if (declared !== undefined) return declared;
  throw new Error(`${contract.bundle.name} declares no command ${name}`);
}

export function dataSchema(contract: AttachedBundle, name: string): Schema {
  const declared = contract.commands.get(name);
  if (declared !== undefined) return declared.dataSchema;
  throw new Error(`${contract.bundle.name} declares no command ${name}`);
}

export function someData(
  contract: AttachedBundle,
  name: string,
  stranger: DraftParty,
): StateFields {
  return someValue(dataSchema(contract, name), stranger) as StateFields;
}

export function identityOf(value: GuestValue | undefined): string | undefined {
  const { id, identity } = (value ?? {}) as { id?: string; identity?: string };
  return identity ?? id;
}

export function kebab(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
