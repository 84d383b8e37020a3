import {
  type Branded,
  HASH_BYTES,
  hex,
  type Infer,
  lei,
  optional,
  record,
  text,
} from "@stateset/codec/schema";

/** A legal identity's name on the network: stable while its keys rotate. */
export type IdentityId = Branded<string, "IdentityId">;

export const identityIdSchema = hex<IdentityId>({ length: HASH_BYTES });

/** A legal entity as states name it: identity id, X.500 name and, where it has one, its LEI. */
export type Party = Infer<typeof partySchema>;
export const partySchema = record({
  id: identityIdSchema,
  name: text({ min: 1, max: 1024 }),
  lei: optional(lei()),
});
