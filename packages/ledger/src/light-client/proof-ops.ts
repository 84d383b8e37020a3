import { utf8 } from "@stateset/codec";
import { ProtobufError, readMessage } from "./protobuf-reader.ts";
import { bytesField, joinBytes, messageField } from "./protobuf-writer.ts";

/** One step from a key and its value towards the app hash. */
export type ProofOp = { type: string; key: Uint8Array; data: Uint8Array };

/** From the key to its store's root, and from there to the app hash. */
export const PROOF_OPS = 2;
/** A proof of absence shows two neighbours with their values; the largest value is of a block's ids. */
export const PROOF_BYTES_MAX = 2 ** 21;
const TYPE_BYTES_MAX = 32;

/** `tendermint.crypto.ProofOps`: the proof as it goes over gRPC, and as `verifyStoreProof` takes it. */
export function encodeProofOps(ops: readonly ProofOp[]): Uint8Array {
  const messages = ops.map(({ type, key, data }) =>
    messageField(1, bytesField(1, utf8(type)), bytesField(2, key), bytesField(3, data)),
  );
  return joinBytes(...messages);
}

export function decodeProofOps(proof: Uint8Array): ProofOp[] {
  if (proof.length > PROOF_BYTES_MAX) throw new ProtobufError(`more than ${PROOF_BYTES_MAX} bytes`);
  return readMessage(proof, { 1: "list" }, PROOF_OPS).list(1).map(decodeProofOp);
}

function decodeProofOp(message: Uint8Array): ProofOp {
  const fields = readMessage(message, { 1: "bytes", 2: "bytes", 3: "bytes" });
  const type = fields.bytes(1) ?? NOTHING;
  if (type.length > TYPE_BYTES_MAX) throw new ProtobufError("an unknown type of proof");
  return {
    type: String.fromCharCode(...type),
    key: fields.bytes(2) ?? NOTHING,
    data: fields.bytes(3) ?? NOTHING,
  };
}

const NOTHING = new Uint8Array();
