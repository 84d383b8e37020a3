import { merklePath, merkleRoot, toHex } from "@stateset/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MerkleFrontier } from "./merkle-frontier.ts";
import { merklePaths } from "./merkle-paths.ts";

const leaves = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 70 });

test("a frontier's root is that of all leaves, and it goes on from what was stored", () => {
  fc.assert(
    fc.property(leaves, (all) => {
      let frontier = MerkleFrontier.empty;
      expect(toHex(frontier.root())).toBe(toHex(merkleRoot([])));
      for (const [index, leaf] of all.entries()) {
        frontier = MerkleFrontier.of(index, frontier.roots).append(leaf);
        expect(toHex(frontier.root())).toBe(toHex(merkleRoot(all.slice(0, index + 1))));
      }
    }),
    { numRuns: 50 },
  );
});

test("a frontier has one root for each bit of its size", () => {
  const root = new Uint8Array(32);
  expect(() => MerkleFrontier.of(6, [root, root])).not.toThrow();
  for (const size of [0, 1, 4, 7]) expect(() => MerkleFrontier.of(size, [root, root])).toThrow();
});

test("the paths of all leaves at once are those of each", () => {
  fc.assert(
    fc.property(leaves, (all) => {
      const { root, paths } = merklePaths(all);
      expect(toHex(root)).toBe(toHex(merkleRoot(all)));
      expect(paths).toEqual(all.map((_, index) => merklePath(all, index)));
    }),
    { numRuns: 50 },
  );
});
