import {
  bool,
  choice,
  encode,
  HASH_BYTES,
  type Infer,
  list,
  record,
  type Schema,
  type Signature,
  type SignaturePayload,
  schemaDataSchema,
  taggedHash,
  text,
  uint,
} from "@stateset/codec";
import { type AuthorityData, authorityDataSchema } from "../authority-rule.ts";
import type { BundleHash } from "../transaction/ids.ts";

const name = text({ min: 1, max: 64 });
const roles = list(name, { max: 16 });
const ANY_NUMBER = 0xffff;

const useFields = {
  type: name,
  min: uint({ max: ANY_NUMBER }),
  max: uint({ max: ANY_NUMBER }),
  signedBy: roles,
};

/**
 * A contract as it is attached to transactions: what can be said as data, and the code of its
 * rules. The bundle's hash covers all of it.
 */
export const bundleSchema = record({
  format: uint({ max: 0 }),
  /** What runs the code, and how its input is encoded. */
  runtime: choice("quickjs-1"),
  name,
  version: uint({ min: 1, max: 0xffff_ffff }),
  states: list(record({ type: name, schema: schemaDataSchema, authority: authorityDataSchema }), {
    min: 1,
    max: 64,
  }),
  commands: list(
    record({
      name,
      data: schemaDataSchema,
      consumes: list(record(useFields), { max: 16 }),
      creates: list(record(useFields), { max: 16 }),
      updates: list(
        record({ ...useFields, changes: list(name, { max: 64 }), signedByNew: roles }),
        { max: 16 },
      ),
      claims: bool(),
    }),
    { min: 1, max: 64 },
  ),
  /** Other contracts whose states the rules see. */
  reads: list(name, { max: 16 }),
  rules: list(record({ code: name, text: text({ min: 1, max: 512 }) }), { max: 512 }),
  /** One script, which sets `contract` to a function from the input to a string. */
  code: text({ min: 1, max: 1 << 20 }),
});
export type Bundle = Infer<typeof bundleSchema>;
export type BundleCommand = Bundle["commands"][number];

/** A bundle with what the platform keeps ready to check transactions against it. */
export type LoadedBundle = {
  hash: BundleHash;
  bundle: Bundle;
  states: ReadonlyMap<string, { schema: Schema; authority: AuthorityData }>;
  commands: ReadonlyMap<string, BundleCommand & { dataSchema: Schema }>;
};

/** A bundle as nodes pass it on: its bytes, and the signatures of those who vouch for it. */
export type AttachedBundle = LoadedBundle & { signatures: readonly Signature[] };

export function encodeBundle(bundle: Bundle): Uint8Array {
  return encode(bundleSchema, bundle);
}

export function hashBundle(bytes: Uint8Array): BundleHash {
  return taggedHash("attachment", bytes) as string as BundleHash;
}

/** What the developer of a bundle signs: a bundle belongs to no network. */
export function bundleSignaturePayload(hash: BundleHash): SignaturePayload {
  return {
    purpose: "bundle",
    networkId: "0".repeat(2 * HASH_BYTES),
    metadata: { platformVersion: 0 },
    hash,
  };
}
