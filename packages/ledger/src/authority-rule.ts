import {
  lazy,
  record,
  type Schema,
  type ThresholdNode,
  text,
  thresholdOf,
  thresholdRecord,
  union,
} from "@stateset/codec";
import { type Authority, authoritySchema, holderAuthority } from "./authority.ts";
import type { Holder } from "./party/holder-schema.ts";

/** Who may spend a state, in terms of its fields that hold a Holder. */
export type AuthorityData = { kind: "holder"; field: string } | ThresholdNode<AuthorityData>;

const nested = lazy<AuthorityData>((): Schema => authorityDataSchema);
export const authorityDataSchema = union({
  holder: record({ field: text({ min: 1, max: 64 }) }),
  threshold: thresholdRecord(nested),
});

/** The authority over a state, from the contract's rule and the holders in the state's fields. */
export function deriveAuthority(
  rule: AuthorityData,
  state: { readonly [field: string]: unknown },
): Authority {
  if (rule.kind === "holder") return holderAuthority(state[rule.field] as Holder);
  const children = rule.children.map(({ weight, node }) => ({
    weight,
    node: deriveAuthority(node, state),
  }));
  return thresholdOf<Authority>(authoritySchema, rule.threshold, children);
}

/** The holders whose identities the state itself reveals: what its spenders can open. */
export function holdersOf(
  rule: AuthorityData,
  state: { readonly [field: string]: unknown },
): Holder[] {
  return [...new Set(fieldsOf(rule))].map((field) => state[field] as Holder);
}

/** The fields that an authority names, one for each leaf. */
export function fieldsOf(rule: AuthorityData): string[] {
  return rule.kind === "holder"
    ? [rule.field]
    : rule.children.flatMap(({ node }) => fieldsOf(node));
}
