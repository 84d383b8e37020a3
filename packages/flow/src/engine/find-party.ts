import { type Party, parseX500Name } from "@stateset/ledger";
import { FlowError } from "../flow-service.ts";
import type { NetworkMap } from "../ports/network-map.ts";

const CANDIDATES_MAX = 10;

/**
 * A party by identity id, by X.500 name, or by its organisation's name if only one has it.
 * @throws FlowError `flow/unknown-party` with the candidates
 */
export function findParty(name: string, map: NetworkMap): Party {
  const parties = map.parties();
  const exact = parties.find((party) => party.id === name || party.name === name);
  if (exact !== undefined) return exact;
  const named = byOrganisation(parties).get(name.trim().toLowerCase()) ?? [];
  if (named.length === 1 && named[0] !== undefined) return named[0];
  const candidates = (named.length > 0 ? named : parties).slice(0, CANDIDATES_MAX);
  throw new FlowError({
    code: "flow/unknown-party",
    party: name,
    candidates: candidates.map((party) => party.name),
  });
}

/** A list of parties stays as it is until there is another network map. */
const organisations = new WeakMap<readonly Party[], ReadonlyMap<string, Party[]>>();

function byOrganisation(parties: readonly Party[]): ReadonlyMap<string, Party[]> {
  let found = organisations.get(parties);
  if (found === undefined) {
    found = Map.groupBy(parties, ({ name }) => parseX500Name(name).organisation.toLowerCase());
    organisations.set(parties, found);
  }
  return found;
}
