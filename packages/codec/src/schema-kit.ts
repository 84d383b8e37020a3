/** What contracts may use of the codec: schemas, and nothing that hashes, signs or encodes. */
export {
  type Branded,
  bool,
  bytes,
  choice,
  date,
  decimal,
  HASH_BYTES,
  type Hex,
  hex,
  INT64_MAX,
  type Infer,
  int,
  lei,
  list,
  optional,
  record,
  type Schema,
  text,
  uint,
  union,
} from "./canonical/schema.ts";
export { publicKeySchema } from "./keys/public-key-schema.ts";
export { simpleSignatureSchema } from "./keys/simple-signature-schema.ts";
