import {
  bytes,
  choice,
  HASH_BYTES,
  hex,
  keyTreeSchema,
  list,
  publicKeySchema,
  record,
  type Schema,
  schemaDataSchema,
  signatureSchema,
  text,
  uint,
} from "@stateset/codec";
import {
  authoritySchema,
  blockHeaderSchema,
  bundleSchema,
  COMPONENT_SCHEMAS,
  componentProofSchema,
  memberSetChangeSchema,
  memberSetSchema,
  networkParametersSchema,
  receiptSchema,
} from "@stateset/ledger";
import { authorityDataSchema } from "../../src/authority-rule.ts";
import { registrationSchema } from "../../src/party/party.ts";
import { componentFormSchema } from "../../src/transaction/component-form.ts";
import { TRANSACTION_BYTES_MAX } from "../../src/transaction/groups.ts";
import { transactionSignatureSchema } from "../../src/transaction/signed-transaction.ts";
import { transactionSchema } from "../../src/transaction/transaction.ts";

const hash = hex({ length: HASH_BYTES });

// The packages keep these three to themselves. The vectors' hashes and signatures would no longer
// match if a copy differed from its original.

/** Of what is signed. */
export const signaturePayloadSchema = record({
  purpose: choice(
    "transaction",
    "transaction-batch",
    "bundle",
    "receipt",
    "member-set",
    "holder-key",
    "absence",
    "network-map",
  ),
  networkId: hash,
  metadata: record({ platformVersion: uint({ max: 0xffff_ffff }) }),
  hash,
});

/** Of what a unique key's value is the hash of. */
export const uniqueKeyClaimSchema = record({
  salt: hash,
  kind: text({ min: 1, max: 64 }),
  owner: hash,
  fields: list(text({ max: 4096 }), { min: 1, max: 4096 }),
});

const signedTransactionSchema = record({
  transaction: bytes({ min: 1, max: TRANSACTION_BYTES_MAX }),
  signatures: list(transactionSignatureSchema, { max: 128 }),
});

/** Every schema of the format that has a name of its own. */
export const LEDGER_SCHEMAS: Record<string, Schema> = {
  publicKey: publicKeySchema,
  keyTree: keyTreeSchema,
  signature: signatureSchema,
  signaturePayload: signaturePayloadSchema,
  schemaData: schemaDataSchema,
  authority: authoritySchema,
  authorityData: authorityDataSchema,
  registration: registrationSchema,
  uniqueKeyClaim: uniqueKeyClaimSchema,
  parameters: networkParametersSchema,
  bundle: bundleSchema,
  ...Object.fromEntries(
    Object.entries(COMPONENT_SCHEMAS).map(([group, schema]) => [`component-${group}`, schema]),
  ),
  componentForm: componentFormSchema,
  transaction: transactionSchema,
  transactionSignature: transactionSignatureSchema,
  signedTransaction: signedTransactionSchema,
  componentProof: componentProofSchema,
  memberSet: memberSetSchema,
  memberSetChange: memberSetChangeSchema,
  blockHeader: blockHeaderSchema,
  receipt: receiptSchema,
};
