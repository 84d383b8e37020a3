import type { NotaryEntry } from "@stateset/flow";
import type { IdentityId, MemberSet, NotaryId } from "@stateset/ledger";
import { expect, test } from "vitest";
import { ownMemberSet } from "./own-member-set.ts";

const party = { id: "ab".repeat(32) as IdentityId, name: "O=Notary,C=CH" };
const CLUSTER = "cd".repeat(32) as NotaryId;
const members = [{ kind: "ed25519" as const, key: "ef".repeat(32) }];
const memberSet = (epoch: number): MemberSet => ({
  cluster: CLUSTER,
  epoch,
  quorum: 1,
  members,
});
const entry: NotaryEntry = {
  id: CLUSTER,
  name: "notary",
  identities: [party.id],
  kind: "non-validating",
  memberSets: [memberSet(0), memberSet(1)],
};

test("a notary signs as one of the current members", () => {
  expect(ownMemberSet({ party, map: { notaries: () => [entry] } }, "node.json")).toEqual(
    memberSet(1),
  );
});

test.each<[Partial<NotaryEntry>, string]>([
  [{ kind: "validating" }, "node/unsupported-notary"],
  [{ identities: ["00".repeat(32) as IdentityId] }, "node/not-a-notary"],
  [{ memberSets: [{ ...memberSet(0), members: [...members, ...members] }] }, "node/no-member"],
])("with %j it is refused: %s", (change, code) => {
  const map = { notaries: () => [{ ...entry, ...change }] };
  expect(() => ownMemberSet({ party, map }, "node.json")).toThrow(
    expect.objectContaining({ code }),
  );
});
