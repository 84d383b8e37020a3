import { fromHex, type Hash, toHex, utf8 } from "@stateset/codec";
import type { BlockId, ChainHeader } from "./chain-header.ts";
import { bytesField, joinBytes, messageField, varintField } from "./protobuf-writer.ts";
import { simpleMerkleRoot } from "./simple-merkle.ts";

/** The hash that names a block: the root over its header's fourteen fields, each encoded. */
export function hashChainHeader(header: ChainHeader): Hash {
  const root = simpleMerkleRoot([
    joinBytes(varintField(1, header.version.block), varintField(2, header.version.app)),
    bytesField(1, utf8(header.chainId)),
    varintField(1, header.height),
    timestamp(header.timeNs),
    header.lastBlockId === undefined ? messageField(2) : encodeBlockId(header.lastBlockId),
    ...[
      header.lastCommitHash,
      header.dataHash,
      header.validatorsHash,
      header.nextValidatorsHash,
      header.consensusHash,
      header.appHash,
      header.lastResultsHash,
      header.evidenceHash,
      header.proposerAddress,
    ].map((value) => bytesField(1, fromHex(value))),
  ]);
  return toHex(root) as Hash;
}

/** `BlockID`, and `CanonicalBlockID` of votes, which has the same form. */
export function encodeBlockId({ hash, parts }: BlockId): Uint8Array {
  return joinBytes(
    bytesField(1, fromHex(hash)),
    messageField(2, varintField(1, parts.total), bytesField(2, fromHex(parts.hash))),
  );
}

const NS_PER_SECOND = 1_000_000_000n;

/** `google.protobuf.Timestamp`. */
export function timestamp(timeNs: bigint): Uint8Array {
  return joinBytes(varintField(1, timeNs / NS_PER_SECOND), varintField(2, timeNs % NS_PER_SECOND));
}
