import { HASH_BYTES, type Hash, type Hex } from "@stateset/codec";
import {
  ADDRESS_BYTES,
  APP_HASH_BYTES_MAX,
  type BlockId,
  CHAIN_ID_BYTES_MAX,
  type ChainCommit,
  type ChainHeader,
  type ChainVote,
  PARTS_MAX,
  ROUND_MAX,
  SIGNATURE_BYTES,
  type SignedHeader,
  VALIDATORS_MAX,
} from "./chain-header.ts";
import { type RpcObject, readRpcResult } from "./rpc-object.ts";
import { parseRpcTime } from "./rpc-time.ts";

const TIME_LENGTH_MAX = 32;
/** `BlockIDFlag`. */
const FLAGS = { 1: "absent", 2: "commit", 3: "nil" } as const;

/**
 * The signed header in an answer of CometBFT 0.38 to `commit`, not yet verified.
 * @throws LedgerError `light-client/malformed`
 */
export function readRpcSignedHeader(body: string): SignedHeader {
  const signedHeader = readRpcResult("header", body).object("signed_header");
  return {
    header: readHeader(signedHeader.object("header")),
    commit: readCommit(signedHeader.object("commit")),
  };
}

function readHeader(json: RpcObject): ChainHeader {
  const version = json.object("version");
  const hash = (name: string) => json.hex<Hash>(name, HASH_BYTES);
  const lastBlockId = json.object("last_block_id");
  return {
    version: {
      block: version.int64("block"),
      app: version.isAbsent("app") ? 0 : version.int64("app"),
    },
    chainId: chainIdOf(json),
    height: heightOf(json),
    timeNs: timeOf(json, "time"),
    ...(lastBlockId.isAbsent("hash") ? {} : { lastBlockId: readBlockId(lastBlockId) }),
    lastCommitHash: hash("last_commit_hash"),
    dataHash: hash("data_hash"),
    validatorsHash: hash("validators_hash"),
    nextValidatorsHash: hash("next_validators_hash"),
    consensusHash: hash("consensus_hash"),
    appHash: appHashOf(json),
    lastResultsHash: hash("last_results_hash"),
    evidenceHash: hash("evidence_hash"),
    proposerAddress: json.hex("proposer_address", ADDRESS_BYTES),
  };
}

function readCommit(json: RpcObject): ChainCommit {
  return {
    height: heightOf(json),
    round: json.int32("round", ROUND_MAX),
    blockId: readBlockId(json.object("block_id")),
    votes: json.list("signatures", VALIDATORS_MAX).map(readVote),
  };
}

function readVote(json: RpcObject): ChainVote {
  const kind = FLAGS[json.int32("block_id_flag", 3) as keyof typeof FLAGS];
  if (kind === undefined) throw json.fault("block_id_flag", "unknown");
  if (kind !== "absent")
    return {
      kind,
      address: json.hex("validator_address", ADDRESS_BYTES),
      timeNs: timeOf(json, "timestamp"),
      signature: json.base64Hex("signature", SIGNATURE_BYTES),
    };
  for (const name of ["validator_address", "signature"])
    if (!json.isAbsent(name)) throw json.fault(name, "there, though the vote is absent");
  return { kind };
}

function readBlockId(json: RpcObject): BlockId {
  const parts = json.object("parts");
  return {
    hash: json.hex("hash", HASH_BYTES),
    parts: { total: parts.int32("total", PARTS_MAX), hash: parts.hex("hash", HASH_BYTES) },
  };
}

function chainIdOf(json: RpcObject): string {
  const chainId = json.text("chain_id", CHAIN_ID_BYTES_MAX);
  if (!/^[\x20-\x7e]+$/.test(chainId)) throw json.fault("chain_id", "not in ASCII");
  return chainId;
}

function heightOf(json: RpcObject): number {
  const height = json.int64("height");
  if (height === 0) throw json.fault("height", "zero");
  return height;
}

function appHashOf(json: RpcObject): Hex {
  const { length } = json.text("app_hash", 2 * APP_HASH_BYTES_MAX);
  return json.hex("app_hash", Math.ceil(length / 2));
}

function timeOf(json: RpcObject, name: string): bigint {
  const timeNs = parseRpcTime(json.text(name, TIME_LENGTH_MAX));
  if (timeNs === undefined) throw json.fault(name, "no time from 1970 to 2262");
  return timeNs;
}
