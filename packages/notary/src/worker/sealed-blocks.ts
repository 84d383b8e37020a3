import { toHex } from "@stateset/codec";
import { blockLeaf, type NotaryId, type TransactionId } from "@stateset/ledger";
import { merklePaths } from "../merkle-paths.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { Chain, ChainBlock, ChainPlace } from "./chain.ts";
import type { TipWatch } from "./tip-watch.ts";
import { unavailable } from "./unavailable.ts";

/** A block with the places of its ids, all computed at once. */
export type SealedBlock = ChainBlock & { places: ReadonlyMap<TransactionId, ChainPlace> };

const CACHE_MAX = 128;
/** Who asks is at most seconds behind. */
const LOOK_BACK_MAX = 64;

/** Blocks of the own member. They never change; those asked for last are kept. */
export class SealedBlocks {
  readonly #chain: Chain;
  readonly #cluster: NotaryId;
  readonly #tips: TipWatch;
  readonly #blocks = new BoundedCache<number, SealedBlock>(CACHE_MAX);

  constructor(chain: Chain, cluster: NotaryId, tips: TipWatch) {
    this.#chain = chain;
    this.#cluster = cluster;
    this.#tips = tips;
  }

  /**
   * Waits a little for a block that the member does not have yet.
   * @throws RemoteFailure `notary/unavailable`
   */
  async at(height: number): Promise<SealedBlock> {
    await this.#tips.reached((tip) => tip.height >= height);
    return await this.#blocks.get(height, async () => {
      const block = await this.#chain.block(height);
      if (block === undefined) throw unavailable(`block ${height} is missing from the member`);
      return this.#sealed(block, height);
    });
  }

  /** The notary's height when the chain had this block, undefined where that is long past. */
  async heightAt(chainHeight: number): Promise<number | undefined> {
    const { height } = await this.#tips.reached((tip) => tip.chainHeight >= chainHeight);
    for (let back = 0; back < LOOK_BACK_MAX; back++) {
      const before = height - back;
      if (before === 0 || (await this.at(before)).chainHeight <= chainHeight) return before;
    }
    return undefined;
  }

  /** A member that shows a block other than its header says is broken; nothing of it is signed. */
  #sealed(block: ChainBlock, height: number): SealedBlock {
    const { header, ids } = block;
    const { root, paths } = merklePaths(ids.map(blockLeaf));
    const isSound =
      header.height === height &&
      header.cluster === this.#cluster &&
      header.blockRoot === (toHex(root) as string);
    if (!isSound) throw unavailable(`block ${height} of the member is not what its header says`);
    const size = ids.length;
    const places = ids.map((id, index): [TransactionId, ChainPlace] => {
      const path = (paths[index] as Uint8Array[]).map((sibling) => toHex(sibling));
      return [id, { height, index, size, path }];
    });
    return { ...block, places: new Map(places) };
  }
}
