import type { NetworkMap } from "@stateset/flow";
import type { MemberSet, Party } from "@stateset/ledger";
import { RequestError } from "../request-error.ts";

/**
 * The members that a notary's node signs as one of, by the network map.
 * @throws RequestError `node/not-a-notary` where the network map does not call this node one,
 * `node/unsupported-notary` where it calls it one that there is no code for
 */
export function ownMemberSet(
  { party, map }: { party: Pick<Party, "id" | "name">; map: Pick<NetworkMap, "notaries"> },
  file: string,
): MemberSet {
  const entry = map.notaries().find(({ identity }) => identity === party.id);
  if (entry?.kind === "validating")
    // A verdict needs the transactions behind the one judged, and nothing brings them here yet.
    throw new RequestError(
      "node/unsupported-notary",
      `networkMap in ${file}: the network map lists ${party.name} as a validating notary, and this ` +
        "version runs non-validating ones only; let the map authority list it as one of these",
      { key: "networkMap", identity: party.id, kind: entry.kind },
    );
  const memberSet = entry?.memberSets.at(-1);
  if (memberSet !== undefined) return memberSet;
  throw new RequestError(
    "node/not-a-notary",
    `role in ${file}: the network map lists no notary of ${party.name}; ` +
      'let the map authority add it, or let "role" be "company"',
    { key: "role", identity: party.id },
  );
}
