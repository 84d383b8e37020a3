import { UblError } from "./ubl-error.ts";
import {
  attributeOf,
  childrenOf,
  elementAt,
  missing,
  placeOf,
  requiredAttributeOf,
  requiredTextAt,
  textAt,
  textOf,
  withoutUndefined,
} from "./ubl-fields.ts";
import type { XmlElement } from "./xml-tree.ts";

/** An identifier and its ISO 6523 scheme: "0088" GLN, "0199" LEI, "0060" DUNS. */
export interface UblIdentifier {
  readonly id: string;
  readonly scheme?: string;
}

export interface UblAddress {
  readonly line1?: string;
  readonly line2?: string;
  readonly line3?: string;
  readonly city?: string;
  readonly postCode?: string;
  readonly subdivision?: string;
  readonly country?: string;
}

export interface UblContact {
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
}

export interface UblParty {
  readonly name: string;
  readonly tradingName?: string;
  readonly legalId?: UblIdentifier;
  readonly identifiers: readonly UblIdentifier[];
  readonly vatId?: string;
  /** The local tax registration, or the one of a tax that is not VAT. */
  readonly taxId?: string;
  readonly endpoint?: Required<UblIdentifier>;
  readonly address?: UblAddress;
  readonly contact?: UblContact;
}

/** The business terms of one role; the payee has no terms beyond the first four. */
interface PartyTerms {
  readonly name: string;
  readonly tradingName: string;
  readonly identifier: string;
  readonly legalId: string;
  readonly vatId: string;
  readonly taxId: string;
  readonly endpoint: string;
  readonly address: string;
  readonly contact: string;
}

const SELLER: PartyTerms = {
  name: "BT-27",
  tradingName: "BT-28",
  identifier: "BT-29",
  legalId: "BT-30",
  vatId: "BT-31",
  taxId: "BT-32",
  endpoint: "BT-34",
  address: "BG-5",
  contact: "BG-6",
};

const BUYER: PartyTerms = {
  name: "BT-44",
  tradingName: "BT-45",
  identifier: "BT-46",
  legalId: "BT-47",
  vatId: "BT-48",
  taxId: "BG-7",
  endpoint: "BT-49",
  address: "BG-8",
  contact: "BG-9",
};

const PAYEE: PartyTerms = {
  name: "BT-59",
  tradingName: "BT-59",
  identifier: "BT-60",
  legalId: "BT-61",
  vatId: "BG-10",
  taxId: "BG-10",
  endpoint: "BG-10",
  address: "BG-10",
  contact: "BG-10",
};

const LEGAL_NAME = "cac:PartyLegalEntity/cbc:RegistrationName";
const PARTY_NAME = "cac:PartyName/cbc:Name";

export function readSeller(root: XmlElement): UblParty {
  return readTradeParty(root, "cac:AccountingSupplierParty/cac:Party", SELLER);
}

export function readBuyer(root: XmlElement): UblParty {
  return readTradeParty(root, "cac:AccountingCustomerParty/cac:Party", BUYER);
}

/** BG-10, the party to pay where it is not the seller: its name stands under PartyName. */
export function readPayee(root: XmlElement): UblParty | undefined {
  const party = elementAt(root, "cac:PayeeParty", "BG-10");
  if (party === undefined) return undefined;
  const legalName = textAt(party, LEGAL_NAME, PAYEE.name);
  return readParty(party, legalName ?? requiredTextAt(party, PARTY_NAME, PAYEE.name), PAYEE);
}

function readTradeParty(root: XmlElement, path: string, terms: PartyTerms): UblParty {
  const party = elementAt(root, path, terms.name);
  // Asked from the root, so that the error gives the whole path even where the party is missing.
  if (party === undefined) return missing(root, `${path}/${LEGAL_NAME}`, terms.name);
  const name =
    textAt(party, LEGAL_NAME, terms.name) ?? textAt(party, PARTY_NAME, terms.tradingName);
  return readParty(party, name ?? missing(party, LEGAL_NAME, terms.name), terms);
}

function readParty(party: XmlElement, name: string, terms: PartyTerms): UblParty {
  const hasLegalName = textAt(party, LEGAL_NAME, terms.name) !== undefined;
  const endpoint = elementAt(party, "cbc:EndpointID", terms.endpoint);
  const legalId = elementAt(party, "cac:PartyLegalEntity/cbc:CompanyID", terms.legalId);
  return withoutUndefined({
    name,
    tradingName: hasLegalName ? textAt(party, PARTY_NAME, terms.tradingName) : undefined,
    legalId: legalId === undefined ? undefined : readIdentifier(legalId, terms.legalId),
    identifiers: childrenOf(party, "cac:PartyIdentification").flatMap((identification) => {
      const element = elementAt(identification, "cbc:ID", terms.identifier);
      const identifier =
        element === undefined ? undefined : readIdentifier(element, terms.identifier);
      return identifier === undefined ? [] : [identifier];
    }),
    ...readTaxRegistrations(party, terms),
    endpoint: endpoint === undefined ? undefined : readSchemedIdentifier(endpoint, terms.endpoint),
    address: readAddress(party, terms.address),
    contact: readContact(party, terms.contact),
  });
}

function readIdentifier(element: XmlElement, field: string): UblIdentifier | undefined {
  const id = textOf(element, field);
  return id === undefined
    ? undefined
    : withoutUndefined({ id, scheme: attributeOf(element, "schemeID") });
}

/** An identifier that means nothing without its scheme. */
export function readSchemedIdentifier(
  element: XmlElement,
  field: string,
): Required<UblIdentifier> | undefined {
  const id = textOf(element, field);
  return id === undefined
    ? undefined
    : { id, scheme: requiredAttributeOf(element, "schemeID", `${field}-1`) };
}

function readTaxRegistrations(
  party: XmlElement,
  terms: PartyTerms,
): { vatId: string | undefined; taxId: string | undefined } {
  const found: { vatId: string | undefined; taxId: string | undefined } = {
    vatId: undefined,
    taxId: undefined,
  };
  for (const registration of childrenOf(party, "cac:PartyTaxScheme")) {
    const scheme = textAt(registration, "cac:TaxScheme/cbc:ID", terms.taxId);
    const kind = scheme?.toUpperCase() === "VAT" ? "vatId" : "taxId";
    const id = textAt(registration, "cbc:CompanyID", terms[kind]);
    if (id === undefined) continue;
    if (found[kind] !== undefined) {
      throw new UblError({ code: "ubl/repeated-field", ...placeOf(registration, terms[kind]) });
    }
    found[kind] = id;
  }
  return found;
}

function readAddress(party: XmlElement, field: string): UblAddress | undefined {
  const address = elementAt(party, "cac:PostalAddress", field);
  if (address === undefined) return undefined;
  return withoutUndefined({
    line1: textAt(address, "cbc:StreetName", field),
    line2: textAt(address, "cbc:AdditionalStreetName", field),
    line3: textAt(address, "cac:AddressLine/cbc:Line", field),
    city: textAt(address, "cbc:CityName", field),
    postCode: textAt(address, "cbc:PostalZone", field),
    subdivision: textAt(address, "cbc:CountrySubentity", field),
    country: textAt(address, "cac:Country/cbc:IdentificationCode", field),
  });
}

function readContact(party: XmlElement, field: string): UblContact | undefined {
  const contact = elementAt(party, "cac:Contact", field);
  if (contact === undefined) return undefined;
  return withoutUndefined({
    name: textAt(contact, "cbc:Name", field),
    phone: textAt(contact, "cbc:Telephone", field),
    email: textAt(contact, "cbc:ElectronicMail", field),
  });
}
