import type { Hash, Signature } from "@stateset/codec";
import { RemoteFailure } from "@stateset/flow";
import { type BlockHeader, hashBlock, type NetworkId } from "@stateset/ledger";
import { blockPayload } from "../seal-block.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { MemberSets } from "./member-sets.ts";
import type { SealedBlocks } from "./sealed-blocks.ts";
import type { SigningRecord } from "./signing-record.ts";
import { unavailable } from "./unavailable.ts";
import { assertSignedBy, isAmong, type WorkerKey } from "./worker-key.ts";

export type BlockSignerOptions = {
  network: NetworkId;
  key: WorkerKey;
  blocks: SealedBlocks;
  members: MemberSets;
  record: SigningRecord;
};

const CACHE_MAX = 1024;

/**
 * Signs blocks that the own member's chain sealed, and never two of one height.
 *
 * A header follows from what the chain agreed on, so a worker that was killed signs the same again,
 * and needs no memory for that. What it guards against is a member that was put back to an earlier
 * state, or on another branch: the highest block signed is noted durably before its signature is
 * shown, and nothing is signed while the member's chain does not have that very block. By its
 * history root it stands for all blocks before it.
 */
export class BlockSigner {
  readonly #options: BlockSignerOptions;
  readonly #signatures = new BoundedCache<number, Signature>(CACHE_MAX);
  #highest: { height: number; hash: Hash } | undefined;
  /** One after the other, so that the record only goes up. */
  #turn: Promise<unknown> = Promise.resolve();
  #continued: Promise<void> | undefined;

  constructor(options: BlockSignerOptions) {
    this.#options = options;
  }

  /**
   * Waits a little for a block that the member does not have yet.
   * @throws RemoteFailure `notary/chain-diverged`, `notary/not-a-member`, `notary/unavailable`
   */
  async sign(height: number): Promise<Signature> {
    const { header } = await this.#options.blocks.at(height);
    return await this.#signatures.get(height, () => this.#sign(header));
  }

  async #sign(header: BlockHeader): Promise<Signature> {
    const { network, key } = this.#options;
    await this.#assertMember(header);
    this.#continued ??= this.#assertContinued();
    this.#continued.catch(() => {
      this.#continued = undefined;
    });
    await this.#continued;
    const noted = this.#turn.then(() => this.#note(header));
    this.#turn = noted.catch(() => undefined);
    await noted;
    const signature = await key.sign(blockPayload(network, header));
    assertSignedBy(key, signature);
    return signature;
  }

  async #note(header: BlockHeader): Promise<void> {
    const { height } = header;
    const hash = hashBlock(header);
    const highest = this.#highest;
    if (highest === undefined || height > highest.height) {
      await this.#options.record.write({ height, hash });
      this.#highest = { height, hash };
    } else if (height === highest.height && hash !== highest.hash) throw diverged(height);
  }

  /** Once in a run: from then on the member only goes forward. */
  async #assertContinued(): Promise<void> {
    const { record, blocks } = this.#options;
    const highest = await record.read();
    if (highest !== undefined) {
      const { header } = await blocks.at(highest.height);
      if (hashBlock(header) !== highest.hash) throw diverged(highest.height);
    }
    this.#highest = highest;
  }

  async #assertMember({ memberEpoch, memberSetHash }: BlockHeader): Promise<void> {
    const { key, members } = this.#options;
    const set = await members.of(memberEpoch, memberSetHash);
    if (set === undefined) throw unavailable("the block's member set is not known");
    if (!isAmong(key.publicKey, set.members))
      throw new RemoteFailure("notary/not-a-member", "the member set is without this worker", {
        epoch: memberEpoch,
      });
  }
}

function diverged(height: number): RemoteFailure {
  const message = "the member's chain is not the one that was signed before";
  return new RemoteFailure("notary/chain-diverged", message, { height });
}
