import { existsSync, readFileSync } from "node:fs";
import { assertLei, parseX500Name } from "@stateset/ledger";
import { RequestError } from "../request-error.ts";
import { legalNameOf } from "./legal-name.ts";
import type { NetworkFolder } from "./network-folder.ts";
import { writeSecretFile } from "./secret-file.ts";

/** How a party of a local network is registered. */
export type LocalParty = { name: string; legalName: string; lei?: string };

/** Parties that a network is to have, and how those are registered that do not go by their names. */
export type WantedParties = {
  parties: readonly string[];
  /** X.500 names, as `formatX500Name` writes them. */
  legalNames?: Readonly<Record<string, string>>;
  leis?: Readonly<Record<string, string>>;
};

/** Says that a folder is one of ours, and which parties its network has. */
type Marker = {
  format: 1;
  parties: string[];
  legalNames?: Record<string, string>;
  leis?: Record<string, string>;
};

/** The parties that a folder's network has, in the order in which they came to it. */
export function partiesIn(folder: NetworkFolder): LocalParty[] {
  if (!existsSync(folder.marker)) return [];
  const marker = JSON.parse(readFileSync(folder.marker, "utf8")) as Marker;
  return marker.parties.map((name) => localParty(name, marker));
}

export function writeParties(folder: NetworkFolder, parties: readonly LocalParty[]): void {
  const named = parties.filter(({ name, legalName }) => legalName !== legalNameOf(name));
  const marker: Marker = {
    format: 1,
    parties: parties.map(({ name }) => name),
    legalNames: Object.fromEntries(named.map(({ name, legalName }) => [name, legalName])),
    leis: Object.fromEntries(parties.flatMap(({ name, lei }) => (lei ? [[name, lei]] : []))),
  };
  writeSecretFile(folder.marker, JSON.stringify(marker));
}

/**
 * Those that are known and those wanted besides. A party keeps the legal name that it has: under
 * another one it would be somebody else, and own nothing.
 * @throws RequestError `network/other-legal-name`, LedgerError `party/bad-name`, `party/bad-lei`
 */
export function joinParties(known: readonly LocalParty[], wanted: WantedParties): LocalParty[] {
  const { legalNames = {} } = wanted;
  for (const { name, legalName } of known) {
    const other = entryOf(legalNames, name);
    if (other !== undefined && other !== legalName)
      throw new RequestError(
        "network/other-legal-name",
        `${name} is ${legalName} on this network, and cannot become ${other}: name another --dir`,
        { party: name, legalName, wanted: other },
      );
  }
  const names = known.map(({ name }) => name);
  const added = wanted.parties
    .filter((name) => !names.includes(name))
    .map((name) => localParty(name, wanted));
  for (const { legalName, lei } of added) {
    parseX500Name(legalName);
    if (lei !== undefined) assertLei(lei);
  }
  return [...known, ...added];
}

function localParty(
  name: string,
  { legalNames, leis }: Omit<WantedParties, "parties">,
): LocalParty {
  const lei = entryOf(leis, name);
  return {
    name,
    legalName: entryOf(legalNames, name) ?? legalNameOf(name),
    ...(lei !== undefined && { lei }),
  };
}

/** A party may be called as something that every object has. */
function entryOf(texts: Readonly<Record<string, string>> = {}, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}
