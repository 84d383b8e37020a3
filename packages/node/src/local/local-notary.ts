import { RequestError } from "../request-error.ts";
import { NOTARY } from "./legal-name.ts";

/** Which notary a local network has. */
export type LocalNotary = { kind: "embedded" } | { kind: "cluster"; members: number };

/** As a command asks for it: a cluster of any size will do where none is named. */
export type WantedNotary = { kind: "embedded" } | { kind: "cluster"; members?: number };

/** As many as a cluster has on a network in earnest: two may fail, and two lie. */
const CLUSTER_MEMBERS = 7;

/**
 * The notary of a folder's network, which keeps the one that it has: under another, all that was
 * notarised would be unknown.
 * @throws RequestError `network/other-notary`
 */
export function joinNotary(
  known: LocalNotary | undefined,
  wanted: WantedNotary | undefined,
): LocalNotary {
  if (known === undefined) return madeOf(wanted ?? { kind: "embedded" });
  if (wanted === undefined || isSame(known, wanted)) return known;
  const [has, other] = [optionOf(known), optionOf(wanted)];
  throw new RequestError(
    "network/other-notary",
    `The folder's network has the notary ${has}, and cannot have ${other}: name another --dir`,
    { notary: has, wanted: other },
  );
}

/** The names of the nodes that notarise. */
export function notaryNames(notary: LocalNotary): string[] {
  if (notary.kind === "embedded") return [NOTARY];
  return Array.from({ length: notary.members }, (_, index) => `${NOTARY}-${index}`);
}

function madeOf(wanted: WantedNotary): LocalNotary {
  return wanted.kind === "embedded" ? wanted : { members: CLUSTER_MEMBERS, ...wanted };
}

function isSame(known: LocalNotary, wanted: WantedNotary): boolean {
  if (known.kind === "embedded" || wanted.kind === "embedded") return known.kind === wanted.kind;
  return wanted.members === undefined || wanted.members === known.members;
}

function optionOf(notary: WantedNotary): string {
  return notary.kind === "embedded" || notary.members === undefined
    ? notary.kind
    : `${notary.kind}:${notary.members}`;
}
