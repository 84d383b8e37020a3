import { leiFromUbl, type UblInvoice, type UblParty, x500NameFromUbl } from "@stateset/invoice";
import { assertLei, formatX500Name, LedgerError, type X500Name } from "@stateset/ledger";
import { legalNameOf, NOTARY } from "../local/legal-name.ts";

/** How the parties of a document register on the demo's network. */
export type RegisteredNames = {
  seller: X500Name;
  buyer: X500Name;
  leis: { seller?: string; buyer?: string };
};

/** The invented companies that take part whatever a document says. */
export const COMPANIES = {
  lender: "O=Fjordkapital Factoring AS,L=Bergen,C=NO",
  bank: "O=Rheinbank AG,L=Basel,C=CH",
} as const;
const TAKEN = [...Object.values(COMPANIES), legalNameOf(NOTARY)];
/**
 * Names for seller and buyer that a network can register, whatever a document calls them. No two
 * parties have the same name: where one is taken, a unit of the organisation stands before it.
 */
export function registeredNames({ seller, buyer }: UblInvoice): RegisteredNames {
  const sellerName = distinctName(x500NameFromUbl(seller), "Sales", TAKEN);
  const buyerName = distinctName(x500NameFromUbl(buyer), "Purchasing", [
    ...TAKEN,
    formatX500Name(sellerName),
  ]);
  const [sellerLei, buyerLei] = [validLei(seller), validLei(buyer)];
  return {
    seller: sellerName,
    buyer: buyerName,
    leis: {
      ...(sellerLei !== undefined && { seller: sellerLei }),
      ...(buyerLei !== undefined && { buyer: buyerLei }),
    },
  };
}

/** The organisation stays as the document has it, or the party would not be the one it names. */
function distinctName(name: X500Name, unit: string, taken: readonly string[]): X500Name {
  return taken.includes(formatX500Name(name)) ? { ...name, organisationUnit: unit } : name;
}

/** Without its check digits right, it is not one; the document may still be issued. */
function validLei(party: UblParty): string | undefined {
  const lei = leiFromUbl(party);
  if (lei === undefined) return undefined;
  try {
    assertLei(lei);
    return lei;
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}
