import { merkleRoot } from "@stateset/codec";

/** The root and the paths of all leaves, each node hashed once: `merklePath` hashes all for each. */
export function merklePaths(leaves: readonly Uint8Array[]): {
  root: Uint8Array;
  paths: Uint8Array[][];
} {
  const paths: Uint8Array[][] = leaves.map(() => []);
  let level = leaves;
  for (let height = 0; level.length > 1; height++) {
    for (const [index, path] of paths.entries()) {
      const sibling = level[Math.floor(index / 2 ** height) ^ 1];
      if (sibling !== undefined) path.push(sibling);
    }
    level = levelAbove(level);
  }
  return { root: merkleRoot(level), paths };
}

function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, pair) =>
    merkleRoot(level.slice(2 * pair, 2 * pair + 2)),
  );
}
