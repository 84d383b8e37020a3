import {
  bytes,
  decode,
  encode,
  HASH_BYTES,
  type Hash,
  hex,
  type Infer,
  list,
  optional,
  record,
  type SignaturePayload,
  signatureSchema,
  taggedHash,
  text,
  uint,
  union,
} from "@stateset/codec";
import {
  componentProofSchema,
  type NetworkId,
  type Receipt,
  receiptSchema,
  type TransactionId,
} from "@stateset/ledger";

/**
 * Witnesses transactions, so that no state is spent twice. All three may be asked again and again:
 * the same question has the same answer, but for `receipt` and `absence`, which come to be.
 */
export interface Notary {
  /** @throws RemoteFailure where no answer could be had; whether it was notarised is then open */
  notarise(request: NotarisationRequest): Promise<NotaryAnswer>;
  receipt(id: TransactionId): Promise<Receipt | undefined>;
  /** That the transaction was not, and never will be notarised: once its window has ended. */
  absence(id: TransactionId, until: number): Promise<Absence | undefined>;
}

const hash = hex<Hash>({ length: HASH_BYTES });
const REQUEST_BYTES_MAX = 24 << 20;

/**
 * What a spender shows: the tear-off with its signatures, for each input and then each reference
 * the header that it carries in the transaction that created it, and the identities behind those
 * headers' commitments.
 */
export const notarisationRequestSchema = record({
  /** A signed transaction whose notary groups are listed and open, and others closed. */
  signed: bytes({ min: 1, max: REQUEST_BYTES_MAX }),
  headers: list(componentProofSchema, { max: 640 }),
  openings: list(
    record({ identity: hex({ length: HASH_BYTES }), blinding: hex({ length: HASH_BYTES }) }),
    { max: 1024 },
  ),
});
export type NotarisationRequest = Infer<typeof notarisationRequestSchema>;

/** Who consumed a state: the hash of the transaction's id, so that only who knows it sees it. */
const consumedBySchema = record({
  ref: text({ min: 1, max: 80 }),
  by: hash,
  /** The block time of the consumption, in milliseconds since 1970. */
  at: uint(),
});
export type ConsumedBy = Infer<typeof consumedBySchema>;

/** Why a notary refuses. Codes are stable; `docs/spec/errors.md` lists them. */
export const notaryFaultSchema = union({
  "notary/malformed": record({ reason: text({ max: 512 }) }),
  "notary/wrong-network": record({ expected: hash, found: hash }),
  "notary/wrong-notary": record({ expected: hash, found: hash }),
  "notary/wrong-parameters": record({ expected: hash, found: hash }),
  "notary/signature-invalid": record({ index: uint() }),
  "notary/header-unproven": record({ ref: text({ max: 80 }), reason: text({ max: 512 }) }),
  "notary/authority-unsatisfied": record({ ref: text({ max: 80 }) }),
  "notary/encumbrance-broken": record({ ref: text({ max: 80 }), missing: text({ max: 80 }) }),
  "notary/owner-missing": record({ keyKind: text({ max: 64 }), owner: hash }),
  "notary/outside-time-window": record({
    blockTime: uint(),
    from: optional(uint()),
    until: optional(uint()),
  }),
  "notary/conflict": record({ consumed: list(consumedBySchema, { min: 1, max: 640 }) }),
  "notary/unique-key-taken": record({
    keyKind: text({ max: 64 }),
    value: hash,
    by: hash,
    at: uint(),
  }),
  "notary/instructions-unsupported": record({}),
  "notary/invalid-transaction": record({ code: text({ max: 256 }), reason: text({ max: 2048 }) }),
  "notary/too-large": record({ what: text({ max: 64 }), found: uint(), max: uint() }),
  "notary/overloaded": record({ retryAfterMs: uint() }),
});
export type NotaryFault = Infer<typeof notaryFaultSchema>;

const notaryAnswerSchema = union({
  notarised: record({ receipt: receiptSchema }),
  refused: record({ fault: notaryFaultSchema }),
});
export type NotaryAnswer =
  | { kind: "notarised"; receipt: Receipt }
  | { kind: "refused"; fault: NotaryFault };

/** Signed by a quorum: by this height and time the cluster had not notarised the id. */
export const absenceSchema = record({
  cluster: hash,
  height: uint(),
  /** Past the end of the transaction's window, so that it never can be. */
  blockTime: uint(),
  memberEpoch: uint(),
  memberSetHash: hash,
  id: hash,
  signatures: list(signatureSchema, { min: 1, max: 64 }),
});
export type Absence = Infer<typeof absenceSchema>;

const absenceStatementSchema = record({
  cluster: hash,
  height: uint(),
  blockTime: uint(),
  memberEpoch: uint(),
  memberSetHash: hash,
  id: hash,
});

/** What members sign to say that a transaction is absent. */
export function absencePayload(
  network: NetworkId,
  { signatures: _, ...statement }: Absence,
): SignaturePayload {
  return {
    purpose: "absence",
    networkId: network,
    metadata: { platformVersion: 0 },
    hash: taggedHash("absence", encode(absenceStatementSchema, statement)),
  };
}

export function encodeNotarisationRequest(request: NotarisationRequest): Uint8Array {
  return encode(notarisationRequestSchema, request);
}

/** @throws CodecError */
export function decodeNotarisationRequest(encoded: Uint8Array): NotarisationRequest {
  return decode(notarisationRequestSchema, encoded);
}

export function encodeNotaryAnswer(answer: NotaryAnswer): Uint8Array {
  return encode(notaryAnswerSchema, answer as never);
}

/** @throws CodecError */
export function decodeNotaryAnswer(encoded: Uint8Array): NotaryAnswer {
  return decode(notaryAnswerSchema, encoded) as NotaryAnswer;
}
