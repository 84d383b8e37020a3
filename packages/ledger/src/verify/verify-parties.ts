import { LedgerError } from "../ledger-error.ts";
import { holderFault } from "../party/holder-consent.ts";
import { type Holder, holderSchema } from "../party/holder-schema.ts";
import { type Party, partySchema } from "../party/party-schema.ts";
import { SchemaFinder } from "./schema-finder.ts";
import type { BundlesByContract } from "./verify-bundles.ts";
import type { VerifyContext } from "./verify-context.ts";
import type { DecodedState } from "./verify-states.ts";

const parties = new SchemaFinder<Party>(partySchema);
const holders = new SchemaFinder<Holder>(holderSchema);

/**
 * A state shows people a party's name and LEI, and binds its identity id: both must be of the same
 * legal entity, as the network map has it. Of a holder, the identity must have said that the
 * one-time key is its own. What an input already held was checked before.
 * @throws LedgerError `tx/party-unregistered`, `tx/holder-unproven`
 */
export function verifyParties(
  inputs: readonly DecodedState[],
  outputs: readonly DecodedState[],
  bundles: BundlesByContract,
  context: VerifyContext,
): void {
  const checked = new Set<string>();
  for (const state of inputs) {
    for (const party of find(parties, state, bundles)) checked.add(partyText(party));
    for (const holder of find(holders, state, bundles)) checked.add(holderText(holder));
  }
  for (const [output, state] of outputs.entries()) {
    for (const party of find(parties, state, bundles)) {
      const written = partyText(party);
      if (!checked.has(written)) assertRegistered(output, party, context);
      checked.add(written);
    }
    for (const holder of find(holders, state, bundles)) {
      const written = holderText(holder);
      if (!checked.has(written)) assertProven(output, holder, context);
      checked.add(written);
    }
  }
}

function find<T>(
  finder: SchemaFinder<T>,
  { contract, type, state }: DecodedState,
  bundles: BundlesByContract,
): T[] {
  const schema = bundles.get(contract)?.states.get(type)?.schema;
  return schema === undefined ? [] : finder.find(schema, state);
}

function assertRegistered(output: number, party: Party, context: VerifyContext): void {
  const registered = context.party(party.id);
  if (registered === undefined || partyText(registered) !== partyText(party))
    throw new LedgerError({ code: "tx/party-unregistered", output, ...party });
}

function assertProven(output: number, holder: Holder, context: VerifyContext): void {
  const { identity } = holder;
  const reason = holderFault(context.network, holder, context.identityKey(identity));
  if (reason !== undefined)
    throw new LedgerError({ code: "tx/holder-unproven", output, identity, reason });
}

function partyText({ id, name, lei }: Party): string {
  return `${id} ${lei ?? "-"} ${name}`;
}

function holderText(holder: Holder): string {
  return JSON.stringify(holder);
}
