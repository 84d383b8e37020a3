import { LedgerError } from "../ledger-error.ts";
import { holderFault } from "../party/holder-consent.ts";
import { type Holder, holderSchema } from "../party/holder-schema.ts";
import { type Party, partySchema } from "../party/party-schema.ts";
import { SchemaFinder } from "./schema-finder.ts";
import type { BundlesByContract } from "./verify-bundles.ts";
import type { VerifyContext } from "./verify-context.ts";
import type { DecodedState } from "./verify-states.ts";

/** Of a transaction's new holders together: each costs a verification. */
const CONSENTS_MAX = 1024;

const parties = new SchemaFinder<Party>(partySchema);
const holders = new SchemaFinder<Holder>(holderSchema);

/**
 * A state shows people a party's name and LEI, and binds its identity id: both must be of the same
 * legal entity, as the network map has it. Of a holder, the identity must have said that the
 * one-time key is its own. What an input of the same contract already held was checked before; an
 * input of another contract proves nothing, since its author decides what was checked there.
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
    for (const party of find(parties, state, bundles)) checked.add(partyText(state, party));
    for (const holder of find(holders, state, bundles)) checked.add(holderText(state, holder));
  }
  let consents = 0;
  for (const [output, state] of outputs.entries()) {
    for (const party of find(parties, state, bundles)) {
      const written = partyText(state, party);
      if (!checked.has(written)) assertRegistered(output, party, context);
      checked.add(written);
    }
    for (const holder of find(holders, state, bundles)) {
      const written = holderText(state, holder);
      consents += holder.consent?.length ?? 0;
      if (consents > CONSENTS_MAX)
        throw new LedgerError({
          code: "tx/too-many-signatures",
          found: consents,
          max: CONSENTS_MAX,
        });
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
  const isSame = registered?.name === party.name && registered.lei === party.lei;
  if (!isSame) throw new LedgerError({ code: "tx/party-unregistered", output, ...party });
}

function assertProven(output: number, holder: Holder, context: VerifyContext): void {
  const { identity } = holder;
  const reason = holderFault(context.network, holder, context.identityKey(identity));
  if (reason !== undefined)
    throw new LedgerError({ code: "tx/holder-unproven", output, identity, reason });
}

function partyText({ contract }: DecodedState, { id, name, lei }: Party): string {
  return JSON.stringify([contract, id, name, lei]);
}

function holderText({ contract }: DecodedState, holder: Holder): string {
  return JSON.stringify([contract, holder]);
}
