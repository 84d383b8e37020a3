import { existsSync, readFileSync } from "node:fs";
import { assertLei, parseX500Name } from "@stateset/ledger";
import { RequestError } from "../request-error.ts";
import { legalNameOf } from "./legal-name.ts";
import type { LocalNotary } from "./local-notary.ts";
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
  /** The embedded one where it is absent. */
  notary?: LocalNotary;
};

/** The parties that a folder's network has, in the order in which they came to it. */
export function partiesIn(folder: NetworkFolder): LocalParty[] {
  if (!existsSync(folder.marker)) return [];
  const marker = JSON.parse(readFileSync(folder.marker, "utf8")) as Marker;
  return marker.parties.map((name) => localParty(name, marker));
}

/** The notary that a folder's network has; undefined where no map has named it to anybody yet. */
export function notaryIn(folder: NetworkFolder): LocalNotary | undefined {
  if (!existsSync(folder.marker) || !existsSync(folder.networkMap)) return undefined;
  const { notary } = JSON.parse(readFileSync(folder.marker, "utf8")) as Marker;
  return notary ?? { kind: "embedded" };
}

export function writeMarker(
  folder: NetworkFolder,
  { parties, notary }: { parties: readonly LocalParty[]; notary: LocalNotary },
): void {
  const named = parties.filter(({ name, legalName }) => legalName !== legalNameOf(name));
  const marker: Marker = {
    format: 1,
    parties: parties.map(({ name }) => name),
    legalNames: Object.fromEntries(named.map(({ name, legalName }) => [name, legalName])),
    leis: Object.fromEntries(parties.flatMap(({ name, lei }) => (lei ? [[name, lei]] : []))),
    notary,
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

/**
 * A cluster's chain begins with the identities of its network, and nobody tells it of others.
 * @throws RequestError `network/parties-fixed`
 */
export function assertSameParties(
  known: readonly LocalParty[],
  parties: readonly LocalParty[],
): void {
  const added = parties.slice(known.length).map(({ name }) => name);
  if (added.length === 0) return;
  throw new RequestError(
    "network/parties-fixed",
    "A network with a notary cluster keeps the parties that it began with, and cannot take up " +
      `${added.join(", ")}: name another --dir, with all parties`,
    { known: known.map(({ name }) => name), added },
  );
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
