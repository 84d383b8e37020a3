import { CodecError, decode, encode, record, uint, union } from "@stateset/codec";
import { decodeNotaryAnswer, encodeNotaryAnswer, type NotaryFault } from "@stateset/flow";

/** What the chain says of one request. It notarises an id once, whoever asks again. */
export type Verdict =
  | { kind: "notarised"; height: number; index: number }
  | { kind: "refused"; fault: NotaryFault };

/**
 * The bytes are those of `<notarised: { height: uint, index: uint }, refused: { fault: fault }>`.
 * A refusal is written as that of an answer to a node, which is why it is read as one.
 */
const notarisedSchema = union({ notarised: record({ height: uint({ min: 1 }), index: uint() }) });

export function encodeVerdict(verdict: Verdict): Uint8Array {
  return verdict.kind === "refused"
    ? encodeNotaryAnswer(verdict)
    : encode(notarisedSchema, verdict);
}

/** @throws CodecError */
export function decodeVerdict(encoded: Uint8Array): Verdict {
  try {
    return decode(notarisedSchema, encoded);
  } catch (error) {
    const isOther = error instanceof CodecError && error.code === "codec/unknown-variant";
    const answer = isOther ? decodeNotaryAnswer(encoded) : undefined;
    if (answer?.kind === "refused") return answer;
    throw error;
  }
}
