import { type KeyTree, keyTreeSchema, publicKeyOf, thresholdOf } from "@stateset/codec";
import { expect, test } from "vitest";
import { id32, ledgerFault, network, secretKey } from "../../test/coin-network.ts";
import type { NetworkId } from "../transaction/ids.ts";
import { identityCommitment, type Registration, registerParty } from "./party.ts";
import type { IdentityId } from "./party-schema.ts";

const registration: Registration = {
  network,
  name: "O=Alpenblick Maschinenbau AG,L=Luzern,C=CH",
  lei: "5493001KJTIIGC8Y1R12",
  key: publicKeyOf(secretKey(1)),
};
const { id } = registerParty(registration);

test("a party keeps the names that it registered with", () => {
  const { name, lei } = registration;
  expect(registerParty(registration)).toEqual({ id, name, lei });
  const { lei: _, ...without } = registration;
  expect(registerParty(without)).not.toHaveProperty("lei");
});

const tree: KeyTree = thresholdOf<KeyTree>(keyTreeSchema, 1, [
  { weight: 1, node: publicKeyOf(secretKey(1)) },
]);

test.each<[string, Partial<Registration>]>([
  ["another network", { network: id32(1) as NetworkId }],
  ["another name", { name: "O=Alpenblick Maschinenbau AG,L=Zug,C=CH" }],
  ["another LEI", { lei: "529900T8BM49AURSDO55" }],
  ["another key", { key: publicKeyOf(secretKey(2)) }],
  ["a tree of the same key", { key: tree }],
])("%s makes another identity", (_, change) => {
  expect(registerParty({ ...registration, ...change }).id).not.toBe(id);
});

test.each<[string, Partial<Registration>, string]>([
  ["a name out of order", { name: "C=CH,O=A" }, "party/bad-name"],
  ["an invalid LEI", { lei: "5493001KJTIIGC8Y1R13" }, "party/bad-lei"],
])("%s is refused", (_, change, code) => {
  expect(ledgerFault(() => registerParty({ ...registration, ...change }))?.code).toBe(code);
});

test("a commitment hides which identity it is, and opens to one only", () => {
  const [a, b] = [id32(1), id32(2)] as [IdentityId, IdentityId];
  const commitments = [
    identityCommitment(a, id32(3)),
    identityCommitment(b, id32(3)),
    identityCommitment(a, id32(4)),
    identityCommitment(id32(3) as IdentityId, id32(1)),
  ];
  expect(new Set(commitments).size).toBe(4);
  expect(identityCommitment(a, id32(3))).toBe(commitments[0]);
});

test("a key that no signers satisfy is refused", () => {
  const key = { ...tree, threshold: 2 } as KeyTree;
  expect(() => registerParty({ ...registration, key })).toThrow(/party\/bad-key/);
});
