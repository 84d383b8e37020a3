import { encode, HASH_BYTES, hex, list, record, taggedHash, text } from "@stateset/codec";
import type { UniqueKeyClaim } from "./contract/define-contract.ts";
import type { IdentityId } from "./party/party-schema.ts";
import type { UniqueKey } from "./transaction/components.ts";

const claimSchema = record({
  salt: hex({ length: HASH_BYTES }),
  kind: text({ min: 1, max: 64 }),
  owner: hex({ length: HASH_BYTES }),
  fields: list(text({ max: 4096 }), { min: 1, max: 4096 }),
});

/** The unique key that a claim stands for: a hash of name space, salt and identifying fields. */
export function uniqueKeyOf({ kind, owner, fields }: UniqueKeyClaim, salt: string): UniqueKey {
  return {
    kind,
    owner: owner as IdentityId,
    value: taggedHash("unique-key", encode(claimSchema, { salt, kind, owner, fields })),
  };
}
