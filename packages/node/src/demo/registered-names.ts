import { leiFromUbl, type UblInvoice, type UblParty, x500NameFromUbl } from "@stateset/invoice";
import { assertLei, formatX500Name, LedgerError, type X500Name } from "@stateset/ledger";
import { legalNameOf, NOTARY } from "../local/legal-name.ts";

/** How the parties of a document register on the demo's network. */
export type RegisteredNames = {
  seller: X500Name;
  buyer: X500Name;
  leis: { seller?: string; buyer?: string };
};

/** The other parties of a local network, who are there whatever a document says. */
const TAKEN = ["lender", "bank", NOTARY].map(legalNameOf);
/** What an attribute of an X.500 name may have. */
const VALUE_CHARACTERS_MAX = 128;
const COUNTRY = /^[A-Z]{2}$/;
/** ISO 3166-1 keeps it for users. */
const COUNTRY_UNKNOWN = "XX";
/** Invisible characters and white space of every kind. */
const BLANKS = /[\p{Cc}\p{Cf}\p{Co}\s]+/gu;

/**
 * Names for seller and buyer that a network can register, whatever a document calls them. No two
 * parties have the same name: where one is taken, a unit of the organisation stands before it.
 */
export function registeredNames({ seller, buyer }: UblInvoice): RegisteredNames {
  const sellerName = distinctName(registeredName(seller), "Sales", TAKEN);
  const buyerName = distinctName(registeredName(buyer), "Purchasing", [
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

function registeredName(party: UblParty): X500Name {
  const { organisation, locality, country } = x500NameFromUbl(party);
  const place = locality === undefined ? undefined : attributeValue(locality);
  return {
    organisation: attributeValue(organisation) ?? "Unnamed",
    ...(place !== undefined && { locality: place }),
    country: COUNTRY.test(country) ? country : COUNTRY_UNKNOWN,
  };
}

function attributeValue(text: string): string | undefined {
  const spaced = text.toWellFormed().normalize("NFC").replace(BLANKS, " ").trim();
  // Cutting may leave half a character or a space at the end, and other marks side by side.
  const cut = spaced.slice(0, VALUE_CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, "");
  const value = cut.normalize("NFC").trim();
  return value === "" ? undefined : value;
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
