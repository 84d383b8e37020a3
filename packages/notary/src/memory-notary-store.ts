import type { Hex } from "@stateset/codec";
import type { TransactionId } from "@stateset/ledger";
import type {
  NotarisedAt,
  NotaryBlock,
  NotaryFacts,
  NotaryQuery,
  NotaryStore,
  NotaryTip,
  StoredBlock,
  TakenBy,
} from "./notary-store.ts";

/** A notary's memory for tests and simulations: what PostgreSQL keeps, without the keeping. */
export class MemoryNotaryStore implements NotaryStore {
  readonly #blocks: NotaryBlock[] = [];
  readonly #notarised = new Map<TransactionId, NotarisedAt>();
  readonly #consumed = new Map<Hex, TakenBy>();
  readonly #uniqueKeys = new Map<Hex, TakenBy>();

  async tip(): Promise<NotaryTip | undefined> {
    return this.#blocks.at(-1);
  }

  async lookup({ ids, refs, uniqueKeys }: NotaryQuery): Promise<NotaryFacts> {
    return {
      notarised: known(this.#notarised, ids),
      consumed: known(this.#consumed, refs),
      uniqueKeys: known(this.#uniqueKeys, uniqueKeys),
    };
  }

  async append(block: NotaryBlock): Promise<void> {
    const { height, blockTime } = block.header;
    this.#assertNew(block);
    this.#blocks.push(block);
    for (const [index, { id, leaf, consumed, uniqueKeys }] of block.transactions.entries()) {
      const taken = { by: leaf, at: blockTime };
      this.#notarised.set(id, { height, index, blockTime });
      for (const ref of consumed) this.#consumed.set(ref, taken);
      for (const key of uniqueKeys) this.#uniqueKeys.set(key, taken);
    }
  }

  async block(height: number): Promise<StoredBlock | undefined> {
    const block = this.#blocks[height - 1];
    if (block === undefined) return undefined;
    const { header, signatures, transactions } = block;
    return { header, signatures, ids: transactions.map(({ id }) => id) };
  }

  async close(): Promise<void> {}

  #assertNew({ header: { height }, transactions }: NotaryBlock): void {
    const ids = transactions.map(({ id }) => id);
    const refs = transactions.flatMap(({ consumed }) => consumed);
    const keys = transactions.flatMap(({ uniqueKeys }) => uniqueKeys);
    const isNew =
      height === this.#blocks.length + 1 &&
      areNew(this.#notarised, ids) &&
      areNew(this.#consumed, refs) &&
      areNew(this.#uniqueKeys, keys);
    if (!isNew) throw new Error(`block ${height} contradicts what was written before`);
  }
}

function known<K, V>(all: ReadonlyMap<K, V>, wanted: readonly K[]): Map<K, V> {
  const found = new Map<K, V>();
  for (const key of wanted) {
    const value = all.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}

function areNew<K>(all: ReadonlyMap<K, unknown>, added: readonly K[]): boolean {
  return new Set(added).size === added.length && !added.some((key) => all.has(key));
}
