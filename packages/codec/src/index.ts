export { fromHex, toHex } from "./canonical/hex.ts";
export { pooledCopy, utf8 } from "./canonical/pooled-bytes.ts";
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
  lazy,
  lei,
  list,
  optional,
  record,
  type Schema,
  text,
  uint,
  union,
} from "./canonical/schema.ts";
export { decode, encode } from "./canonical/schema-codec.ts";
export {
  type SchemaData,
  schemaDataSchema,
  schemaFromData,
  schemaToData,
} from "./canonical/schema-data.ts";
export { fromJson, type JsonValue, toJson } from "./canonical/schema-json.ts";
export {
  type JsonSchema,
  type JsonSchemaOptions,
  jsonSchemaOf,
} from "./canonical/schema-json-schema.ts";
export { isDate, mod97 } from "./canonical/text.ts";
export { ASSIGNED_BOUNDS, isAssigned } from "./canonical/unicode-repertoire.ts";
export { CodecError, type CodecFault } from "./codec-error.ts";
export { aes256Gcm } from "./crypto/aes-256-gcm.ts";
export { type EncryptionKeys, hpke } from "./crypto/hpke.ts";
export { sha256 } from "./crypto/sha-256.ts";
export { isZip215Signature } from "./crypto/zip-215.ts";
export {
  assertKeyTree,
  isKeyTree,
  isKeyTreeSatisfied,
  type KeyTree,
  keyTreeSchema,
} from "./keys/key-tree.ts";
export { keyId, type PublicKey, publicKeySchema } from "./keys/public-key-schema.ts";
export {
  compositeSignature,
  inKeyOrder,
  publicKeyOf,
  SECRET_KEY_BYTES,
  type SecretKey,
  type Signature,
  type SignaturePayload,
  type SignaturePurpose,
  sign,
  signatureSchema,
  signingKeys,
  speakFor,
  verifySignature,
} from "./keys/signature.ts";
export {
  assertThresholdTree,
  compareBytes,
  isSatisfied,
  ThresholdError,
  type ThresholdFault,
  type ThresholdNode,
  thresholdOf,
  thresholdRecord,
} from "./keys/threshold-tree.ts";
export { merklePath, merkleRoot, rootFromPath } from "./merkle/merkle-tree.ts";
export {
  type Hash,
  type HashTag,
  taggedHash,
  taggedHashBytes,
} from "./merkle/tagged-hash.ts";
