import { LedgerError } from "../ledger-error.ts";

/**
 * The attributes of a legal identity's distinguished name, in the one order that we write (RFC 4514
 * strings): common name, organisational unit, organisation, locality, state, country.
 */
export type X500Name = {
  commonName?: string;
  organisationUnit?: string;
  organisation: string;
  locality?: string;
  state?: string;
  country: string;
};

const ATTRIBUTES = [
  ["CN", "commonName"],
  ["OU", "organisationUnit"],
  ["O", "organisation"],
  ["L", "locality"],
  ["ST", "state"],
  ["C", "country"],
] as const;
const VALUE_CHARACTERS_MAX = 128;
const COUNTRY = /^[A-Z]{2}$/;
/** Invisible ones too: they make names that look alike. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Cf}\p{Co}]/u;

/**
 * `O=Alpenblick Maschinenbau AG,L=Luzern,C=CH`; special characters stand behind a backslash.
 * @throws LedgerError `party/bad-name`
 */
export function formatX500Name(name: X500Name): string {
  const parts: string[] = [];
  for (const [key, attribute] of ATTRIBUTES) {
    const value = name[attribute];
    if (value !== undefined) parts.push(`${key}=${escapeValue(value)}`);
  }
  const formatted = parts.join(",");
  assertX500Name(name, formatted);
  return formatted;
}

/**
 * Reads what `formatX500Name` writes, and refuses every other spelling of it.
 * @throws LedgerError `party/bad-name`
 */
export function parseX500Name(formatted: string): X500Name {
  const found: Partial<Record<(typeof ATTRIBUTES)[number][1], string>> = {};
  for (const part of splitUnescaped(formatted)) {
    const separator = part.indexOf("=");
    const attribute = ATTRIBUTES.find(([key]) => key === part.slice(0, separator))?.[1];
    if (separator < 0 || attribute === undefined)
      throw badName(formatted, `"${part}" is not one of CN, OU, O, L, ST, C`);
    if (found[attribute] !== undefined) throw badName(formatted, `${attribute} stands twice`);
    found[attribute] = part.slice(separator + 1).replace(/\\(.)/gs, "$1");
  }
  const { organisation, country } = found;
  if (organisation === undefined) throw badName(formatted, "the organisation (O) is missing");
  if (country === undefined) throw badName(formatted, "the country (C) is missing");
  const name: X500Name = { ...found, organisation, country };
  if (formatX500Name(name) !== formatted) throw badName(formatted, "not in canonical form");
  return name;
}

function assertX500Name(name: X500Name, formatted: string): void {
  if (!COUNTRY.test(name.country))
    throw badName(formatted, "the country is not an ISO 3166-1 alpha-2 code");
  for (const [key, attribute] of ATTRIBUTES) {
    const value = name[attribute];
    if (value === undefined) continue;
    if (value.length === 0 || value.length > VALUE_CHARACTERS_MAX)
      throw badName(formatted, `${key} must have 1 to ${VALUE_CHARACTERS_MAX} characters`);
    if (value.trim() !== value || value.normalize("NFC") !== value || !value.isWellFormed())
      throw badName(formatted, `${key} must be trimmed, well-formed text in NFC`);
    if (CONTROL_CHARACTER.test(value)) throw badName(formatted, `${key} holds a control character`);
  }
}

function escapeValue(value: string): string {
  return value.replace(/[\\,+"<>;=#]/g, "\\$&");
}

function splitUnescaped(formatted: string): string[] {
  return formatted.split(/(?<!(?<!\\)(?:\\\\)*\\),/);
}

function badName(name: string, reason: string): LedgerError {
  return new LedgerError({ code: "party/bad-name", name, reason });
}
