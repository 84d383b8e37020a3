import { type Hash, publicKeyOf, type SecretKey, sign } from "@stateset/codec";
import {
  hashMemberSet,
  type MemberSet,
  type NetworkId,
  type NotaryId,
  type TransactionId,
} from "@stateset/ledger";
import { expect, test } from "vitest";
import { type Absence, absencePayload } from "../ports/notary.ts";
import { verifyAbsence } from "./verify-absence.ts";

const id32 = (fill: string) => fill.repeat(32);
const network = id32("a0") as NetworkId;
const cluster = id32("c1") as NotaryId;
const id = id32("1d") as TransactionId;
const until = 5_000;

const key = (fill: number): SecretKey => ({
  kind: "ed25519",
  secret: new Uint8Array(32).fill(fill),
});
const keys = [1, 2, 3].map(key);
const members = (change: Partial<MemberSet> = {}): MemberSet => ({
  cluster,
  epoch: 0,
  quorum: 2,
  members: keys.map(publicKeyOf),
  ...change,
});

function absence(change: Partial<Absence> = {}, by = keys.slice(0, 2), on = network): Absence {
  const unsigned: Absence = {
    cluster: cluster as string as Hash,
    height: 7,
    blockTime: until,
    memberEpoch: 0,
    memberSetHash: hashMemberSet(members()),
    id: id as string as Hash,
    signatures: [],
    ...change,
  };
  return { ...unsigned, signatures: by.map((each) => sign(each, absencePayload(on, unsigned))) };
}

const later = members({ epoch: 1 });
const trust = { network, memberSets: [members()] };

test("a quorum's word holds, and that of retired members only if it was stored before", () => {
  verifyAbsence(absence(), id, until, trust);
  verifyAbsence(absence({}, keys), id, until - 1, trust);
  const memberSets = [members(), later];
  verifyAbsence(absence(), id, until, { network, memberSets, storedBeforeRotation: true });
});

const foreign = members({ cluster: id32("ee") as NotaryId });

/** Each row breaks one thing. */
test.each<[string, Absence, { network: NetworkId; memberSets: MemberSet[] }, string]>([
  ["another id", absence({ id: id32("2d") as Hash }), trust, "about another transaction"],
  ["a block within the window", absence({ blockTime: until - 1 }), trust, "had not ended"],
  ["an unknown epoch", absence({ memberEpoch: 1 }), trust, "members are not known"],
  [
    "other members",
    absence({ memberSetHash: hashMemberSet(members({ quorum: 1 })) }),
    trust,
    "members are not known",
  ],
  [
    "retired members",
    absence(),
    { network, memberSets: [members(), later] },
    "members have retired",
  ],
  [
    "another cluster",
    absence({ memberSetHash: hashMemberSet(foreign) }),
    { network, memberSets: [foreign] },
    "of another cluster",
  ],
  ["a signature too few", absence({}, keys.slice(0, 1)), trust, "1 members signed"],
  ["a stranger's signature", absence({}, [key(1), key(9)]), trust, "1 members signed"],
  ["another network", absence({}, keys, id32("b0") as NetworkId), trust, "0 members signed"],
  [
    "signatures over another height",
    { ...absence({ height: 8 }), height: 7 },
    trust,
    "0 members signed",
  ],
])("%s is not believed", (_, broken, by, reason) => {
  const checking = () => verifyAbsence(broken, id, until, by);
  expect(checking).toThrow(reason);
  expect(checking).toThrow(expect.objectContaining({ code: "notary/absence-invalid" }));
});
