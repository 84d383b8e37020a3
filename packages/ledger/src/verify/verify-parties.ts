import { encode, schemaDataSchema, type Schema, schemaToData, toHex } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import { type Party, partySchema } from "../party/party-schema.ts";
import type { BundlesByContract } from "./verify-bundles.ts";
import type { VerifyContext } from "./verify-context.ts";
import type { DecodedState } from "./verify-states.ts";

/**
 * A state shows people a party's name and LEI, and binds its identity id: both must be of the same
 * legal entity, as the network map has it. A party carried over from an input was checked before.
 * @throws LedgerError `tx/party-unregistered`
 */
export function verifyParties(
  inputs: readonly DecodedState[],
  outputs: readonly DecodedState[],
  bundles: BundlesByContract,
  context: VerifyContext,
): void {
  const checked = new Set(inputs.flatMap((state) => partiesOf(state, bundles)).map(partyText));
  for (const [output, state] of outputs.entries())
    for (const party of partiesOf(state, bundles)) {
      const written = partyText(party);
      if (checked.has(written)) continue;
      const registered = context.party(party.id);
      if (registered === undefined || partyText(registered) !== written)
        throw new LedgerError({ code: "tx/party-unregistered", output, ...party });
      checked.add(written);
    }
}

function partyText({ id, name, lei }: Party): string {
  return `${id} ${lei ?? "-"} ${name}`;
}

function partiesOf({ contract, type, state }: DecodedState, bundles: BundlesByContract): Party[] {
  const schema = bundles.get(contract)?.states.get(type)?.schema;
  const parties: Party[] = [];
  if (schema !== undefined) finderOf(schema)(state, parties);
  return parties;
}

type Finder = (value: unknown, into: Party[]) => void;

const PARTY = schemaText(partySchema);
const findsNothing: Finder = () => {};
const finders = new WeakMap<Schema, Finder>();

/** Collects the values that stand where the schema has the shape of a party. */
function finderOf(schema: Schema): Finder {
  let finder = finders.get(schema);
  if (finder === undefined) {
    finder = makeFinder(schema);
    finders.set(schema, finder);
  }
  return finder;
}

function makeFinder(schema: Schema): Finder {
  switch (schema.kind) {
    case "record": {
      if (schemaText(schema) === PARTY) return (value, into) => void into.push(value as Party);
      return inFields(schema.fields);
    }
    case "union": {
      const variants = new Map(
        Object.entries(schema.variants).map(([kind, { fields }]) => [kind, inFields(fields)]),
      );
      return (value, into) => variants.get((value as { kind: string }).kind)?.(value, into);
    }
    case "list": {
      const item = finderOf(schema.item);
      if (item === findsNothing) return findsNothing;
      return (value, into) => {
        for (const each of value as unknown[]) item(each, into);
      };
    }
    default:
      return findsNothing;
  }
}

function inFields(fields: Record<string, Schema | { kind: "optional"; of: Schema }>): Finder {
  const found = Object.entries(fields)
    .map(([name, field]) => ({ name, find: finderOf(field.kind === "optional" ? field.of : field) }))
    .filter(({ find }) => find !== findsNothing);
  if (found.length === 0) return findsNothing;
  return (value, into) => {
    for (const { name, find } of found) {
      const part = (value as Record<string, unknown>)[name];
      if (part !== undefined) find(part, into);
    }
  };
}

function schemaText(schema: Schema): string {
  return toHex(encode(schemaDataSchema, schemaToData(schema)));
}
