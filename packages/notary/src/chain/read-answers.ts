import { fromBinary } from "@bufbuild/protobuf";
import { CodecError, decode, type Hex, type Signature, toHex } from "@stateset/codec";
import {
  blockHeaderSchema,
  type MemberSet,
  type MemberSetChange,
  memberSetSchema,
  type TransactionId,
} from "@stateset/ledger";
import type { ChainBlock, ChainMemberSets, ChainPlace, ChainTip } from "../worker/chain.ts";
import { decodeVerdict, type Verdict } from "../worker/verdict.ts";
import { ChainError } from "./chain-error.ts";
import type {
  MemberSetRecord,
  PendingSet,
  WorkerSignature,
} from "./generated/stateset/members/v1/members_pb.js";
import type { Place, SealedBlock } from "./generated/stateset/notary/v1/notary_pb.js";
import type { QueryTipResponse } from "./generated/stateset/notary/v1/query_pb.js";
import { MsgNotariseResponseSchema } from "./generated/stateset/notary/v1/tx_pb.js";
import { bytesField, readFields } from "./protobuf-fields.ts";

const ID_BYTES = 32;
const RESPONSES_FIELD = 2;
const VALUE_FIELD = 2;
const FIELDS_MAX = 16;

export function readTip({ block, chainHeight, chainTime }: QueryTipResponse): ChainTip {
  const sealed = block === undefined ? undefined : readHeader(block);
  return {
    chainHeight: count("tip", chainHeight),
    chainTime: count("tip", chainTime),
    height: sealed?.height ?? 0,
  };
}

export function readBlock(block: SealedBlock, ids: Uint8Array): ChainBlock {
  if (ids.length % ID_BYTES !== 0) throw malformed("block", "its ids are not of 32 bytes");
  return {
    header: readHeader(block),
    ids: chunks(ids) as TransactionId[],
    chainHeight: count("block", block.chainHeight),
  };
}

/** Of height 0 is what was not notarised. */
export function readPlace({ height, index, size, path }: Place): ChainPlace | undefined {
  if (height === 0n) return undefined;
  if (path.length % ID_BYTES !== 0) throw malformed("place", "its path is not of 32 bytes each");
  return { height: count("place", height), index, size, path: chunks(path) };
}

/** What a batch's transaction left behind: the SDK's wrapping of a MsgNotariseResponse. */
export function readVerdicts(data: Uint8Array): Verdict[] {
  return reading("verdicts", () => {
    const response = bytesField(readFields(data, FIELDS_MAX), RESPONSES_FIELD);
    const value = bytesField(readFields(response ?? data, FIELDS_MAX), VALUE_FIELD);
    const { verdicts } = fromBinary(MsgNotariseResponseSchema, value ?? new Uint8Array());
    return verdicts.map(decodeVerdict);
  });
}

export function readMemberSets(
  records: readonly MemberSetRecord[],
  pending: PendingSet | undefined,
): ChainMemberSets {
  const changes = records.map(
    (record): MemberSetChange => ({
      next: readMemberSet(record),
      signatures: record.signatures.map(readSignature),
    }),
  );
  if (pending?.record === undefined) return { changes };
  const signedBy = pending.record.signatures.map(({ workerKey }) => toHex(workerKey));
  return { changes, pending: { next: readMemberSet(pending.record), signedBy } };
}

function readMemberSet({ canonical }: MemberSetRecord): MemberSet {
  return reading("member set", () => decode(memberSetSchema, canonical));
}

function readSignature({ workerKey, signature }: WorkerSignature): Signature {
  return { kind: "ed25519", key: toHex(workerKey), signature: toHex(signature) };
}

function readHeader({ header }: SealedBlock) {
  return reading("block header", () => decode(blockHeaderSchema, header));
}

function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof CodecError ? cause.message : "no protobuf message";
    throw malformed(what, reason.slice(0, 256), cause);
  }
}

function count(what: string, number: bigint): number {
  const found = Number(number);
  if (!Number.isSafeInteger(found) || found < 0) throw malformed(what, `${number} is no height`);
  return found;
}

function chunks(bytes: Uint8Array): Hex[] {
  return Array.from({ length: bytes.length / ID_BYTES }, (_, i) =>
    toHex(bytes.subarray(ID_BYTES * i, ID_BYTES * (i + 1))),
  );
}

function malformed(what: string, reason: string, cause?: unknown): ChainError {
  return new ChainError({ code: "chain/answer-malformed", what, reason }, { cause });
}
