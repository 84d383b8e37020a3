import { utf8 } from "@stateset/codec";
import type { ChainCommit } from "./chain-header.ts";
import { encodeBlockId, timestamp } from "./header-hash.ts";
import { delimited, messageField, sfixed64Field, varintField } from "./protobuf-writer.ts";

const PRECOMMIT = 2;

/** What all votes of a commit have in common. */
export type VotedOn = Pick<ChainCommit, "height" | "round" | "blockId"> & { chainId: string };

/**
 * What a validator signs: `CanonicalVote` behind its length. A vote for nil names no block, and so
 * cannot be taken for one that decided it.
 */
export function voteSignBytes(
  { chainId, height, round, blockId }: VotedOn,
  vote: { kind: "commit" | "nil"; timeNs: bigint },
): Uint8Array {
  return delimited(
    varintField(1, PRECOMMIT),
    sfixed64Field(2, height),
    sfixed64Field(3, round),
    ...(vote.kind === "commit" ? [messageField(4, encodeBlockId(blockId))] : []),
    messageField(5, timestamp(vote.timeNs)),
    messageField(6, utf8(chainId)),
  );
}
