import {
  decode,
  encode,
  HASH_BYTES,
  type Hash,
  hex,
  type Infer,
  record,
  type Signature,
  signatureSchema,
  uint,
} from "@stateset/codec";
import type { Absence } from "@stateset/flow";

/** The kinds of requests that a worker answers to workers of its cluster alone. */
export const BLOCK_SIGNATURE = "notary/block-signature";
export const ABSENCE_SIGNATURE = "notary/absence-signature";

const hash = hex<Hash>({ length: HASH_BYTES });
const blockAskedSchema = record({ height: uint({ min: 1 }) });
const signatureToldSchema = record({ signature: signatureSchema });

/** A proof of absence without its signatures: all who sign it sign the same bytes. */
const statementSchema = record({
  cluster: hash,
  height: uint(),
  blockTime: uint(),
  memberEpoch: uint(),
  memberSetHash: hash,
  id: hash,
});
export type AbsenceStatement = Omit<Absence, "signatures">;

const absenceAskedSchema = record({
  statement: statementSchema,
  until: uint(),
  /** The chain's block whose time the statement has. */
  chainHeight: uint({ min: 1 }),
});
export type AbsenceQuestion = Infer<typeof absenceAskedSchema>;

/** After the signature of a block's header, by the notary's height. */
export function encodeBlockAsked(height: number): Uint8Array {
  return encode(blockAskedSchema, { height });
}

/** @throws CodecError */
export function decodeBlockAsked(body: Uint8Array): number {
  return decode(blockAskedSchema, body).height;
}

export function encodeAbsenceQuestion(question: AbsenceQuestion): Uint8Array {
  return encode(absenceAskedSchema, question);
}

/** @throws CodecError */
export function decodeAbsenceQuestion(body: Uint8Array): AbsenceQuestion {
  return decode(absenceAskedSchema, body);
}

export function encodeSignatureTold(signature: Signature): Uint8Array {
  return encode(signatureToldSchema, { signature });
}

/** @throws CodecError */
export function decodeSignatureTold(body: Uint8Array): Signature {
  return decode(signatureToldSchema, body).signature;
}
