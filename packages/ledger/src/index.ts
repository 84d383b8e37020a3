export { addAmounts, amountOf, subtractAmounts } from "./amount.ts";
export { type Amount, amountSchema } from "./amount-schema.ts";
export {
  type Authority,
  type AuthorityEvidence,
  authorityFault,
  authoritySchema,
  holderAuthority,
  isAuthoritySatisfied,
} from "./authority.ts";
export { type AuthorityData, deriveAuthority } from "./authority-rule.ts";
export {
  type AttachedBundle,
  type Bundle,
  bundleSchema,
  bundleSignaturePayload,
  encodeBundle,
  hashBundle,
  type LoadedBundle,
} from "./bundle/bundle.ts";
export {
  type BundleFile,
  bundleFileSchema,
  decodeBundleFile,
  encodeBundleFile,
  loadBundleFile,
  signBundle,
} from "./bundle/bundle-file.ts";
export { bundleOf } from "./bundle/bundle-of-contract.ts";
export { loadBundle } from "./bundle/load-bundle.ts";
export { uniqueKeyClaims } from "./contract/unique-key-claims.ts";
export { type Dossier, decodeDossier, dossierSchema, encodeDossier } from "./dossier/dossier.ts";
export { type VerifiedDossier, verifyDossier } from "./dossier/verify-dossier.ts";
export { LedgerError, type LedgerFault, type LedgerFaultCode } from "./ledger-error.ts";
export {
  hashParameters,
  type NetworkParameters,
  networkParametersSchema,
} from "./parameters.ts";
export { consentPayload, consentToKey, RECOVERY_DELAY_MS } from "./party/holder-consent.ts";
export type { Holder } from "./party/holder-schema.ts";
export { assertLei } from "./party/lei.ts";
export {
  assertParty,
  type IdentityCommitment,
  identityCommitment,
  type Registration,
  registerParty,
  registrationSchema,
} from "./party/party.ts";
export type { IdentityId, Party } from "./party/party-schema.ts";
export { formatX500Name, parseX500Name, type X500Name } from "./party/x500-name.ts";
export {
  countMembers,
  followMemberSets,
  hashMemberSet,
  type MemberSet,
  type MemberSetChange,
  memberSetChangeSchema,
  memberSetPayload,
  memberSetSchema,
} from "./receipt/member-set.ts";
export {
  assertInBlock,
  type BlockHeader,
  blockHeaderSchema,
  blockLeaf,
  blockPayload,
  hashBlock,
  type Receipt,
  type ReceiptTrust,
  receiptSchema,
  verifyReceipt,
} from "./receipt/receipt.ts";
export {
  decodeReceiptFile,
  encodeReceiptFile,
  type ReceiptFile,
  receiptFileSchema,
} from "./receipt/receipt-file.ts";
export {
  type ComponentForm,
  componentLeaf,
  hashComponent,
  leafOf,
  NONCE_BYTES,
  type OpenComponent,
  openComponent,
  type SealedComponent,
  sealComponent,
} from "./transaction/component-form.ts";
export {
  type ComponentProof,
  componentProofSchema,
  proveComponent,
  verifyComponentProof,
} from "./transaction/component-proof.ts";
export {
  COMPONENT_SCHEMAS,
  type Command,
  type CommandSigner,
  type Components,
  type Constraint,
  type Header,
  type Meta,
  type Output,
  type PrivateComponent,
  type TimeWindow,
  type UniqueKey,
} from "./transaction/components.ts";
export { type ContentKey, unwrapContentKey, wrapContentKey } from "./transaction/content-key.ts";
export { GROUP_LIMITS, GROUP_NAMES, type GroupName, NOTARY_GROUPS } from "./transaction/groups.ts";
export {
  type BundleHash,
  formatStateRef,
  type Leaf,
  type NetworkId,
  type NotaryId,
  type ParametersHash,
  type StateRef,
  type TransactionId,
} from "./transaction/ids.ts";
export {
  privateForms,
  readPrivateComponent,
  sealPrivateComponents,
} from "./transaction/private-components.ts";
export { AES_256_GCM, type SealingCipher } from "./transaction/sealing.ts";
export {
  decodeSignedTransaction,
  encodeSignedTransaction,
  isTransactionSignatureValid,
  keysThatSigned,
  type SignedTransaction,
  signTransaction,
  signTransactionBatch,
  type TransactionSignature,
  transactionPayload,
  transactionSignature,
  transactionSignatureSchema,
} from "./transaction/signed-transaction.ts";
export {
  closeGroup,
  decodeComponent,
  decodeTransaction,
  encodeTransaction,
  type Group,
  groupOf,
  groupRoot,
  openGroup,
  type Transaction,
  tearOff,
  transactionId,
} from "./transaction/transaction.ts";
export {
  type GoverningContract,
  type RandomBytes,
  TransactionBuilder,
} from "./transaction/transaction-builder.ts";
export { type WrappedKey, wrappedKeysSchema } from "./transaction/wrapped-key-schema.ts";
export { uniqueKeyOf } from "./unique-key-value.ts";
export { applyTransaction } from "./verify/apply-transaction.ts";
export { openTransaction, type TransactionContents } from "./verify/transaction-contents.ts";
export type {
  ContractRun,
  ContractRunner,
  ResolvedState,
  VerifyContext,
} from "./verify/verify-context.ts";
export { contractInput } from "./verify/verify-rules.ts";
export {
  type CheckedTransaction,
  type PartlyVerifiedTransaction,
  type VerifiedTransaction,
  verifyPartly,
  verifyTransaction,
  verifyWithoutRules,
} from "./verify/verify-transaction.ts";
