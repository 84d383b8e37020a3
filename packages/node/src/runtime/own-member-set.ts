import type { NetworkMap, NotaryEntry } from "@stateset/flow";
import type { MemberSet, Party } from "@stateset/ledger";
import { RequestError } from "../request-error.ts";

type Own = { party: Pick<Party, "id" | "name">; map: Pick<NetworkMap, "notaries"> };

/**
 * The notary that a node answers for, by the network map.
 * @throws RequestError `node/not-a-notary` where the network map does not call this node one,
 * `node/unsupported-notary` where it calls it one that there is no code for
 */
export function ownNotary({ party, map }: Own, file: string): NotaryEntry {
  const entry = map.notaries().find(({ identities }) => identities.includes(party.id));
  if (entry?.kind === "validating")
    // A verdict needs the transactions behind the one judged, and nothing brings them here yet.
    throw new RequestError(
      "node/unsupported-notary",
      `networkMap in ${file}: the network map lists ${party.name} as a validating notary, and this ` +
        "version runs non-validating ones only; let the map authority list it as one of these",
      { key: "networkMap", identity: party.id, kind: entry.kind },
    );
  if (entry !== undefined) return entry;
  throw new RequestError(
    "node/not-a-notary",
    `role in ${file}: the network map lists no notary of ${party.name}; ` +
      'let the map authority add it, or let "role" be "company"',
    { key: "role", identity: party.id },
  );
}

/**
 * The members that an embedded notary signs as the only one of.
 * @throws RequestError as `ownNotary`, and `node/no-member` where the notary has several members
 */
export function ownMemberSet(own: Own, file: string): MemberSet {
  const { name, memberSets } = ownNotary(own, file);
  const memberSet = memberSets.at(-1);
  if (memberSet?.members.length === 1) return memberSet;
  throw new RequestError(
    "node/no-member",
    `notary in ${file}: ${name} is a cluster of ${memberSet?.members.length} members, and the ` +
      "configuration does not say which of them this node works for; give notary.chain",
    { key: "notary", identity: own.party.id },
  );
}
