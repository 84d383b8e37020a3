import { fromHex, type Hash, type Signature, type SignaturePayload, toHex } from "@stateset/codec";
import {
  type BlockHeader,
  hashBlock,
  hashMemberSet,
  type MemberSet,
  type NetworkId,
  type Receipt,
} from "@stateset/ledger";
import type { CheckedRequest } from "./check-request.ts";
import { MerkleFrontier } from "./merkle-frontier.ts";
import { merklePaths } from "./merkle-paths.ts";
import type { NotaryTip } from "./notary-store.ts";

/** A block's header, what its successor needs of it, and the places of its ids. */
export type DraftBlock = NotaryTip & { places: Receipt["inBlock"][] };

/** The block that follows the tip with these requests, in their order. */
export function draftBlock(
  included: readonly CheckedRequest[],
  on: { tip: NotaryTip | undefined; blockTime: number; memberSet: MemberSet },
): DraftBlock {
  const { tip, blockTime, memberSet } = on;
  const { root, paths } = merklePaths(included.map(({ leaf }) => fromHex(leaf)));
  const height = (tip?.header.height ?? 0) + 1;
  const history = MerkleFrontier.of(height - 1, (tip?.frontier ?? []).map(fromHex));
  const header: BlockHeader = {
    cluster: memberSet.cluster,
    height,
    blockTime,
    memberEpoch: memberSet.epoch,
    memberSetHash: hashMemberSet(memberSet),
    blockRoot: toHex(root) as Hash,
    historyRoot: toHex(history.root()) as Hash,
  };
  return {
    header,
    frontier: history.append(fromHex(hashBlock(header))).roots.map(toHex),
    places: paths.map((path, index) => ({
      index,
      size: included.length,
      path: path.map(toHex),
    })),
  };
}

/** What members sign of a block; `verifyReceipt` is its counterpart. */
export function blockPayload(network: NetworkId, header: BlockHeader): SignaturePayload {
  return {
    purpose: "receipt",
    networkId: network,
    metadata: { platformVersion: 0 },
    hash: hashBlock(header),
  };
}

export function receiptOf(
  block: BlockHeader,
  signatures: readonly Signature[],
  inBlock: Receipt["inBlock"],
): Receipt {
  return { block, signatures: [...signatures], inBlock };
}
