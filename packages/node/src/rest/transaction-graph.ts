import type { Store, StoredTransaction, Vault } from "@stateset/flow";
import {
  decodeSignedTransaction,
  openTransaction,
  type StateRef,
  type TransactionContents,
  type TransactionId,
} from "@stateset/ledger";

export type GraphNode = {
  id: TransactionId;
  /** Whether this node holds the transaction, or only knows that there is one. */
  isHeld: boolean;
  commands?: string[];
  notarisedAt?: number;
};
/** `from` created a state, as its output `index`, that `to` consumed or referred to. */
export type GraphEdge = {
  from: TransactionId;
  to: TransactionId;
  index: number;
  kind: "input" | "reference";
};
export type TransactionGraph = {
  root: TransactionId;
  transactions: GraphNode[];
  edges: GraphEdge[];
  /** Whether there is more than the bounds let through. */
  isTruncated: boolean;
};

type Held = { stored: StoredTransaction; contents: TransactionContents };
type Sources = { store: Pick<Store, "transactions">; vault: Pick<Vault, "query"> };

/** The vault answers no more refs at once. */
const REFS_MAX = 500;

/**
 * What led to a transaction and what became of its outputs, as far as this node holds it.
 * @returns undefined where the node does not hold the transaction itself
 */
export async function transactionGraph(
  root: TransactionId,
  sources: Sources,
  nodesMax: number,
): Promise<TransactionGraph | undefined> {
  const walk = new GraphWalk(sources, nodesMax);
  const [first] = await walk.load([root]);
  if (first === undefined) return undefined;
  await walk.follow(first, (held) => walk.parents(held));
  await walk.follow(first, (held) => walk.children(held));
  return walk.result(root);
}

class GraphWalk {
  readonly #sources: Sources;
  readonly #nodesMax: number;
  readonly #nodes = new Map<TransactionId, GraphNode>();
  readonly #edges = new Map<string, GraphEdge>();
  readonly #held = new Map<TransactionId, Held>();
  #isTruncated = false;

  constructor(sources: Sources, nodesMax: number) {
    this.#sources = sources;
    this.#nodesMax = nodesMax;
  }

  /** Takes in transactions breadth first, so that what is near comes before what is far. */
  async follow(from: Held, next: (held: Held) => Promise<TransactionId[]>): Promise<void> {
    let front = [from];
    const followed = new Set<TransactionId>();
    while (front.length > 0) {
      const ids: TransactionId[] = [];
      for (const held of front) {
        if (followed.has(held.stored.id)) continue;
        followed.add(held.stored.id);
        ids.push(...(await next(held)));
      }
      front = await this.load([...new Set(ids)]);
    }
  }

  /** Takes in those that there is room for. @returns the ones held */
  async load(ids: readonly TransactionId[]): Promise<Held[]> {
    const wanted = ids.filter((id) => !this.#nodes.has(id));
    const room = Math.max(0, this.#nodesMax - this.#nodes.size);
    if (wanted.length > room) this.#isTruncated = true;
    const taken = wanted.slice(0, room);
    for (const id of taken) this.#nodes.set(id, { id, isHeld: false });
    const stored = taken.length === 0 ? [] : await this.#sources.store.transactions(taken);
    for (const each of stored) {
      const contents = openTransaction(decodeSignedTransaction(each.signed).transaction);
      this.#held.set(each.id, { stored: each, contents });
      const commands = contents.commands.map(({ contract, name }) => `${contract}/${name}`);
      const { id, notarisedAt } = each;
      this.#nodes.set(id, { id, isHeld: true, commands, notarisedAt });
    }
    return ids.flatMap((id) => this.#held.get(id) ?? []);
  }

  async parents({ stored, contents }: Held): Promise<TransactionId[]> {
    for (const ref of contents.inputs) this.#connect(ref, stored.id, "input");
    for (const ref of contents.references) this.#connect(ref, stored.id, "reference");
    return [...contents.inputs, ...contents.references].map(({ txId }) => txId);
  }

  /** Who consumed the outputs: the vault remembers it of states that concern this node. */
  async children({ stored, contents }: Held): Promise<TransactionId[]> {
    const refsByType = new Map<string, StateRef[]>();
    for (const [index, { contract, type }] of contents.outputs.entries()) {
      const refs = refsByType.get(`${contract}/${type}`) ?? [];
      refsByType.set(`${contract}/${type}`, [...refs, { txId: stored.id, index }]);
    }
    const consumers: TransactionId[] = [];
    for (const [name, refs] of refsByType) {
      const [contract = "", type = ""] = name.split("/");
      const asked = refs.slice(0, REFS_MAX);
      if (asked.length < refs.length) this.#isTruncated = true;
      const query = { contract, type, refs: asked, status: "consumed" as const, limit: REFS_MAX };
      // A type that no installed app has a table for is not in the vault.
      const { items } = await this.#sources.vault.query(query).catch(emptyIfUnknown);
      for (const { ref, consumedBy } of items) {
        if (consumedBy === undefined) continue;
        this.#connect(ref, consumedBy, "input");
        consumers.push(consumedBy);
      }
    }
    return consumers;
  }

  result(root: TransactionId): TransactionGraph {
    const isKnown = ({ from, to }: GraphEdge) => this.#nodes.has(from) && this.#nodes.has(to);
    return {
      root,
      transactions: [...this.#nodes.values()],
      edges: [...this.#edges.values()].filter(isKnown),
      isTruncated: this.#isTruncated,
    };
  }

  #connect({ txId, index }: StateRef, to: TransactionId, kind: GraphEdge["kind"]): void {
    this.#edges.set(`${txId}:${index} ${to} ${kind}`, { from: txId, to, index, kind });
  }
}

function emptyIfUnknown(error: unknown): { items: [] } {
  if (error instanceof Error && "code" in error && error.code === "vault/unknown-table")
    return { items: [] };
  throw error;
}
