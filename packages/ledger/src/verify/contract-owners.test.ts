import { encode, publicKeyOf, record, type SecretKey, type Signature, sign } from "@stateset/codec";
import { expect, test } from "vitest";
import {
  alice,
  attach,
  coinBundle,
  type Draft,
  faultOf,
  governedBy,
  moveDraft,
  secretKey,
  setParameters,
} from "../../test/coin-network.ts";
import { type AttachedBundle, bundleSignaturePayload } from "../bundle/bundle.ts";

const developer = secretKey(0x77);
const stranger = secretKey(0x78);
const signedBy = (bundle: AttachedBundle, ...keys: SecretKey[]): AttachedBundle => ({
  ...bundle,
  signatures: keys.map((key): Signature => sign(key, bundleSignaturePayload(bundle.hash))),
});

const owner = publicKeyOf(developer);
const own = (draft: Draft, contract: string) =>
  setParameters(draft, { contractOwners: [{ contract, key: owner }] });

/** The fixture with a command of another contract, whose rules read coins. */
function read(bundle: AttachedBundle): Draft {
  const draft = governedBy(moveDraft(), bundle);
  const reader = attach((of) => {
    const watch = { name: "watch", data: { kind: "record" as const, fields: [] }, claims: false };
    of.commands.push({ ...watch, consumes: [], creates: [], updates: [] });
    return Object.assign(of, { name: "till", reads: ["coin"] });
  });
  draft.bundles.push(reader);
  const { run } = draft;
  draft.run = (of, ...rest) =>
    of.bundle.name === "till" ? { ok: true, result: "", gas: 0n } : run(of, ...rest);
  const signers = [{ kind: "identity" as const, identity: alice.party.id }];
  const data = encode(record({}), {});
  draft.components.commands.push({ contract: "till", name: "watch", data, signers });
  draft.components.attachments.push({ contract: "till", bundle: reader.hash });
  return draft;
}

test.each<[string, Draft, string | undefined]>([
  ["a name that nobody owns", governedBy(moveDraft(), coinBundle), undefined],
  [
    "an owned name, by the owner",
    own(governedBy(moveDraft(), signedBy(coinBundle, developer)), "coin"),
    undefined,
  ],
  [
    "an owned name, by nobody",
    own(governedBy(moveDraft(), coinBundle), "coin"),
    "not signed by the owner",
  ],
  [
    "an owned name, by a stranger",
    own(governedBy(moveDraft(), signedBy(coinBundle, stranger)), "coin"),
    "not signed by the owner",
  ],
  ["another's name that is owned", own(governedBy(moveDraft(), coinBundle), "gold"), undefined],
  ["an owned name that is read", own(read(signedBy(coinBundle, developer)), "coin"), undefined],
  [
    "a name that is read, and that nobody owns",
    read(signedBy(coinBundle, developer)),
    "nobody owns",
  ],
  [
    "an owned name that is read, by a stranger",
    own(read(signedBy(coinBundle, stranger)), "coin"),
    "not signed by the owner",
  ],
])("%s", async (_, draft, reason) => {
  const fault = await faultOf(draft);
  if (reason === undefined) expect(fault).toBeUndefined();
  else {
    expect(fault).toMatchObject({ code: "tx/attachment-mismatch", contract: "coin" });
    expect((fault as { reason: string }).reason).toContain(reason);
  }
});
