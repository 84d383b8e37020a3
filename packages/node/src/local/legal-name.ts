import { formatX500Name } from "@stateset/ledger";
import { RequestError } from "../request-error.ts";

/** Fits a folder's, a database's and a host's name. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_CHARACTERS_MAX = 30;
/** One process each, on one machine. */
const PARTIES_MAX = 16;
export const NOTARY = "notary";
/** The notary's, and those of a cluster's members. */
const NOTARY_NAMES = /^notary(-[0-9]+)?$/;

/** The legal name of a party on a local network: `big-bank` becomes `O=Big Bank,L=Zurich,C=CH`. */
export function legalNameOf(name: string): string {
  const organisation = name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
  return formatX500Name({ organisation, locality: "Zurich", country: "CH" });
}

/**
 * The parties that `--parties` names.
 * @throws RequestError `network/bad-parties`
 */
export function parseParties(list: string): string[] {
  const names = list.split(",").map((name) => name.trim());
  const refuse = (reason: string) =>
    new RequestError("network/bad-parties", `--parties ${list}: ${reason}`, { parties: list });
  for (const name of names) {
    if (!NAME.test(name) || name.length > NAME_CHARACTERS_MAX)
      throw refuse(
        `"${name}" must be lower-case letters, digits and dashes, at most ${NAME_CHARACTERS_MAX}`,
      );
    if (NOTARY_NAMES.test(name)) throw refuse(`"${name}" is the notary's name`);
  }
  if (new Set(names).size < names.length) throw refuse("a name stands twice");
  if (names.length > PARTIES_MAX) throw refuse(`at most ${PARTIES_MAX} fit on one machine`);
  return names;
}
