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
  const wanted = name.trim().toLowerCase();
  const named = parties.filter((party) => {
    const { organisation = "" } = parseX500Name(party.name);
    return organisation.toLowerCase() === wanted;
  });
  if (named.length === 1 && named[0] !== undefined) return named[0];
  const candidates = (named.length > 0 ? named : parties).slice(0, CANDIDATES_MAX);
  throw new FlowError({
    code: "flow/unknown-party",
    party: name,
    candidates: candidates.map((party) => party.name),
  });
}
