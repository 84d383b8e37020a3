import { type FlowContext, FlowFailure } from "@stateset/flow/app";
import { type Party, parseX500Name } from "@stateset/ledger";
import { leiFromUbl, x500NameFromUbl } from "../name-from-ubl.ts";
import type { UblParty } from "../ubl/ubl-party.ts";

/**
 * That a document's party is this one: by its LEI where both have one, or else by its name.
 * @throws FlowFailure `invoice/party-differs`
 */
export function assertNamed(role: "seller" | "buyer", named: UblParty, party: Party): void {
  const lei = leiFromUbl(named);
  const isSame =
    lei !== undefined && party.lei !== undefined ? lei === party.lei : isNamed(named, party);
  if (isSame) return;
  throw new FlowFailure(
    "invoice/party-differs",
    `the document's ${role} is ${named.name}, and not ${party.name}`,
    { field: role, document: named.name, party: party.name },
  );
}

/** The party of the network that a document names. @throws FlowError `flow/unknown-party` */
export async function partyNamed(flow: FlowContext, named: UblParty): Promise<Party> {
  return await flow.party(x500NameFromUbl(named).organisation);
}

function isNamed(named: UblParty, party: Party): boolean {
  const { organisation } = x500NameFromUbl(named);
  return sameSpelling(organisation) === sameSpelling(parseX500Name(party.name).organisation);
}

/** Documents write a name in capitals, or with other spaces, as it pleases them. */
function sameSpelling(name: string): string {
  return name.normalize("NFKC").replace(/\s+/g, " ").trim().toLowerCase();
}
