import { keyId, type Signature } from "@stateset/codec";
import type { Clock } from "@stateset/flow";
import type { NetworkId, Receipt, TransactionId } from "@stateset/ledger";
import { blockPayload, receiptOf } from "../seal-block.ts";
import type { BlockSigner } from "./block-signer.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { MemberSets } from "./member-sets.ts";
import { askPeer, type Peers } from "./peers.ts";
import { seekQuorum } from "./quorum.ts";
import type { SealedBlock, SealedBlocks } from "./sealed-blocks.ts";
import { unavailable } from "./unavailable.ts";
import type { WorkerKey } from "./worker-key.ts";
import { BLOCK_SIGNATURE, encodeBlockAsked } from "./worker-messages.ts";

export type ReceiptsOptions = {
  network: NetworkId;
  key: WorkerKey;
  blocks: SealedBlocks;
  members: MemberSets;
  signer: BlockSigner;
  peers: Peers;
  clock: Clock;
};

const CACHE_MAX = 1024;

/** Makes receipts: a block's header with a quorum's signatures, sought once, and the id's path. */
export class Receipts {
  readonly #options: ReceiptsOptions;
  readonly #signatures = new BoundedCache<number, Signature[]>(CACHE_MAX);

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  /** @throws RemoteFailure `notary/unavailable` */
  async of(id: TransactionId, height: number): Promise<Receipt> {
    const block = await this.#options.blocks.at(height);
    const place = block.places.get(id);
    if (place === undefined) throw unavailable(`block ${height} of the member is without the id`);
    const { height: _, ...inBlock } = place;
    const signatures = await this.#signatures.get(height, () => this.#seek(block));
    return receiptOf(block.header, signatures, inBlock);
  }

  async #seek({ header }: SealedBlock): Promise<Signature[]> {
    const { network, key, members, signer, peers, clock } = this.#options;
    const { height, memberEpoch, memberSetHash } = header;
    const set = await members.of(memberEpoch, memberSetHash);
    if (set === undefined) throw unavailable("the block's member set is not known");
    const body = encodeBlockAsked(height);
    return await seekQuorum({
      members: set,
      payload: blockPayload(network, header),
      start: height,
      clock,
      ask: (member) =>
        keyId(member) === keyId(key.publicKey)
          ? signer.sign(height)
          : askPeer(peers, member, BLOCK_SIGNATURE, body),
    });
  }
}
