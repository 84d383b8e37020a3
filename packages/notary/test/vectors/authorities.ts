import {
  type KeyTree,
  keyTreeSchema,
  publicKeyOf,
  type SecretKey,
  thresholdOf,
} from "@stateset/codec";
import { type Authority, authoritySchema, holderAuthority } from "@stateset/ledger";
import type { Opening } from "./sample-world.ts";

export function ofKey(key: SecretKey): Authority {
  return { kind: "key", key: publicKeyOf(key) };
}

export function ofIdentity(opening: Opening): Authority {
  return holderAuthority(opening);
}

export function after(delayMs: number, authority: Authority): Authority {
  return { kind: "after", delayMs, authority };
}

/** Children of these weights, put in their canonical order. */
export function threshold(needed: number, ...children: [weight: number, node: Authority][]) {
  return thresholdOf<Authority>(
    authoritySchema,
    needed,
    children.map(([weight, node]) => ({ weight, node })),
  );
}

/** As many thresholds of one child in one another as there are levels. */
export function nested(levels: number, innermost: Authority): Authority {
  return levels === 0 ? innermost : threshold(1, [1, nested(levels - 1, innermost)]);
}

/** A key tree over single keys of one weight. */
export function keysOf(needed: number, keys: readonly SecretKey[]): KeyTree {
  const children = keys.map((key) => ({ weight: 1, node: publicKeyOf(key) as KeyTree }));
  return thresholdOf<KeyTree>(keyTreeSchema, needed, children);
}
