import type { X500Name } from "@stateset/ledger";
import type { UblParty } from "./ubl/ubl-party.ts";

/** What an attribute of an X.500 name may have. */
const VALUE_CHARACTERS_MAX = 128;
const COUNTRY = /^[A-Z]{2}$/;
/** ISO 3166-1 keeps XX and its like for users: the document does not say. */
const COUNTRY_UNKNOWN = "XX";
/** Invisible characters and white space of every kind. */
const BLANKS = /[\p{Cc}\p{Cf}\p{Co}\s]+/gu;
/** ISO 6523 code of Legal Entity Identifiers. */
const LEI_SCHEME = "0199";

/** The name by which a party of a document registers, whatever the document makes of it. */
export function x500NameFromUbl({ name, address }: UblParty): X500Name {
  const locality = attributeValue(address?.city ?? "");
  const country = address?.country ?? "";
  return {
    organisation: attributeValue(name) ?? "Unnamed",
    ...(locality !== undefined && { locality }),
    country: COUNTRY.test(country) ? country : COUNTRY_UNKNOWN,
  };
}

export function leiFromUbl({ legalId, identifiers }: UblParty): string | undefined {
  return [legalId, ...identifiers].find((each) => each?.scheme === LEI_SCHEME)?.id;
}

function attributeValue(text: string): string | undefined {
  const spaced = text.toWellFormed().normalize("NFC").replace(BLANKS, " ").trim();
  // Cutting may leave half a character or a space at the end, and other marks side by side.
  const cut = spaced.slice(0, VALUE_CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, "");
  const value = cut.normalize("NFC").trim();
  return value === "" ? undefined : value;
}
