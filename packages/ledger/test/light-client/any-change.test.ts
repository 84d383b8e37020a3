import { fromHex, toHex } from "@stateset/codec";
import {
  type ChainHeader,
  type SignedHeader,
  verifySignedHeader,
  verifyStoreProof,
} from "@stateset/ledger/light-client";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  hexWithBitTurned,
  refusalOf,
  signedHeaderOf,
  validatorsOfHeader,
  vectors,
  withBitTurned,
} from "./light-client-vectors.ts";

const { chainId } = vectors;
const sound = vectors.proofs.filter(({ refused }) => refused === undefined);

test.each(sound)("any byte changed of the proof, key, value, store or app hash: $name", (row) => {
  const claim = {
    proof: fromHex(row.proof),
    storeKey: row.store,
    key: fromHex(row.key),
    value: row.value === undefined ? undefined : fromHex(row.value),
    appHash: row.appHash,
  };
  const isRefused = (change: Partial<typeof claim>) =>
    refusalOf(() => verifyStoreProof({ ...claim, ...change })) !== undefined;
  for (const bit of oneOfEachByte(claim.proof))
    if (!isRefused({ proof: withBitTurned(claim.proof, bit) }))
      throw new Error(`bit ${bit} of the proof counts for nothing`);
  for (const bit of oneOfEachByte(claim.key))
    expect(isRefused({ key: withBitTurned(claim.key, bit) })).toBe(true);
  const value = claim.value ?? new Uint8Array();
  for (const bit of oneOfEachByte(value))
    expect(isRefused({ value: withBitTurned(value, bit) })).toBe(true);
  for (let bit = 0; bit < 256; bit++)
    expect(isRefused({ appHash: hexWithBitTurned(claim.appHash, bit) })).toBe(true);
  expect(isRefused({ storeKey: `${claim.storeKey}0` })).toBe(true);
});

/** The first bit of the first byte, the sixth of the next, and so on. */
function oneOfEachByte(bytes: Uint8Array): number[] {
  return Array.from(bytes, (_, at) => 8 * at + ((5 * at) & 7));
}

test("any byte of a proof replaced, inserted or removed", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...sound),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0, 1),
      fc.constantFrom(0, 1),
      (row, place, byte, removed, inserted) => {
        const proof = fromHex(row.proof);
        const at = place % (proof.length + 1 - removed);
        const changed = [...proof];
        changed.splice(at, removed, ...[byte].slice(0, inserted));
        const bytes = Uint8Array.from(changed);
        fc.pre(toHex(bytes) !== row.proof);
        const claim = {
          proof: bytes,
          storeKey: row.store,
          key: fromHex(row.key),
          value: row.value === undefined ? undefined : fromHex(row.value),
          appHash: row.appHash,
        };
        expect(refusalOf(() => verifyStoreProof(claim))).toBeDefined();
      },
    ),
    { numRuns: 5_000 },
  );
});

const NAMES = ["seven, all", "seven, one for nil, one absent"];

test.each(NAMES)("bits turned of a signature, address or time: %s", (name) => {
  const signedHeader = signedHeaderOf(name);
  const validators = validatorsOfHeader(name);
  const accepted = (change: (votes: SignedHeader["commit"]["votes"]) => void) => {
    const votes = signedHeader.commit.votes.map((vote) => ({ ...vote }));
    change(votes);
    const changed = { ...signedHeader, commit: { ...signedHeader.commit, votes } };
    const given = { chainId, signedHeader: changed, validators };
    return refusalOf(() => verifySignedHeader(given)) === undefined;
  };
  expect(accepted(() => {})).toBe(true);
  for (const [index, vote] of signedHeader.commit.votes.entries()) {
    if (vote.kind === "absent") continue;
    for (let bit = index; bit < 512; bit += 29) {
      const signature = hexWithBitTurned(vote.signature, bit);
      expect(accepted((votes) => Object.assign(votes[index] ?? {}, { signature }))).toBe(false);
    }
    for (let bit = index; bit < 160; bit += 29) {
      const address = hexWithBitTurned(vote.address, bit);
      expect(accepted((votes) => Object.assign(votes[index] ?? {}, { address }))).toBe(false);
    }
    const timeNs = vote.timeNs + 1n;
    expect(accepted((votes) => Object.assign(votes[index] ?? {}, { timeNs }))).toBe(false);
  }
});

test("any change of a header's field", () => {
  const signedHeader = signedHeaderOf("seven, all");
  const validators = validatorsOfHeader("seven, all");
  const { header } = signedHeader;
  const { lastBlockId: _, ...first } = header;
  const changed: ChainHeader[] = [first];
  for (const [name, value] of Object.entries(header)) {
    if (typeof value === "number") changed.push({ ...header, [name]: value + 1 });
    if (typeof value === "bigint") changed.push({ ...header, [name]: value + 1n });
    if (typeof value === "string" && name !== "chainId")
      for (let bit = 0; bit < 4 * value.length; bit++)
        changed.push({ ...header, [name]: hexWithBitTurned(value, bit) });
  }
  expect(changed.length).toBeGreaterThan(8 * 256);
  for (const each of changed) {
    const given = { chainId, signedHeader: { ...signedHeader, header: each }, validators };
    expect(refusalOf(() => verifySignedHeader(given))).toBeDefined();
  }
});
