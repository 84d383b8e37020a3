import { formatStateRef, type StateRef } from "@stateset/ledger";
import { type CoinClaim, type StateTable, VaultError } from "../ports/vault.ts";
import { type Coin, compareCoins, firstWhere, selectCoins } from "./coin-selection.ts";
import { badQuery } from "./vault-condition.ts";

/**
 * The coins of one table in memory, and which of them are set aside for flows. It needs no locks in
 * a database: one process owns a node's database at a time, and flows remember in their journals
 * what they had claimed.
 */
export class CoinPool {
  readonly #table: StateTable;
  readonly #coins = new Map<string, Coin>();
  /** By kind, in ascending order. */
  readonly #free = new Map<string, Coin[]>();
  /** What stands in the columns of each kind. */
  readonly #values = new Map<string, string[]>();
  readonly #setAside: SetAside;

  constructor(table: StateTable, setAside: SetAside) {
    this.#table = table;
    this.#setAside = setAside;
  }

  /** A coin that has come to be, or was read; one that is known already stays as it is. */
  add(coin: Coin): void {
    const key = formatStateRef(coin.ref);
    if (this.#coins.has(key)) return;
    this.#coins.set(key, coin);
    if (this.#setAside.flowOf(key) === undefined) this.#insert(coin);
  }

  remove(key: string): Coin | undefined {
    const coin = this.#coins.get(key);
    if (coin === undefined) return undefined;
    this.#coins.delete(key);
    this.#withdraw(coin);
    return coin;
  }

  /** Makes a coin available again that is no longer set aside. */
  giveBack(key: string): void {
    const coin = this.#coins.get(key);
    if (coin !== undefined && !this.#isFree(coin)) this.#insert(coin);
  }

  /** Takes a coin out of what is available, as it was set aside elsewhere. */
  withhold(key: string): void {
    const coin = this.#coins.get(key);
    if (coin !== undefined) this.#withdraw(coin);
  }

  clear(): void {
    this.#coins.clear();
    this.#free.clear();
  }

  /**
   * Forgets the smallest free coins of a kind, so that at most so many are kept.
   * @returns the smallest that is left, if any were forgotten
   */
  forgetSmallest(kind: string, kept: number): Coin | undefined {
    const free = this.#free.get(kind) ?? [];
    if (free.length <= kept) return undefined;
    for (const coin of free.splice(0, free.length - kept)) {
      this.#coins.delete(formatStateRef(coin.ref));
    }
    return free[0];
  }

  /** The kinds that have the values asked for. @throws VaultError `vault/bad-query` */
  kindsFor(claim: CoinClaim, kinds: Iterable<string> = this.#free.keys()): string[] {
    const names = checkClaim(this.#table, claim);
    return [...kinds].filter((kind) => {
      const values = this.#valuesOf(kind);
      return names.every(
        (name, i) => !Object.hasOwn(claim.where, name) || claim.where[name] === values[i],
      );
    });
  }

  /** Sets coins of one kind aside for the flow, if there are such. */
  claim(kind: string, claim: CoinClaim): StateRef[] | undefined {
    const chosen = selectCoins(this.#free.get(kind) ?? [], claim.quantity, claim.statesMax);
    if (chosen === undefined) return undefined;
    for (const coin of chosen) {
      this.#withdraw(coin);
      this.#setAside.add(claim.flowId, formatStateRef(coin.ref));
    }
    return chosen.map(({ ref }) => ref);
  }

  /** What is there of a kind: freely, set aside, and in the largest free coins. */
  holdings(kind: string, statesMax: number): Holdings {
    const free = this.#free.get(kind) ?? [];
    const available = sum(free);
    const all = sum([...this.#coins.values()].filter((coin) => coin.kind === kind));
    return {
      available,
      setAside: all - available,
      largest: sum(free.slice(-statesMax)),
      coins: free.length,
    };
  }

  #valuesOf(kind: string): string[] {
    let values = this.#values.get(kind);
    if (values === undefined) {
      values = JSON.parse(kind) as string[];
      this.#values.set(kind, values);
    }
    return values;
  }

  #isFree(coin: Coin): boolean {
    const free = this.#free.get(coin.kind) ?? [];
    return free[positionOf(free, coin)] === coin;
  }

  #insert(coin: Coin): void {
    let free = this.#free.get(coin.kind);
    if (free === undefined) {
      free = [];
      this.#free.set(coin.kind, free);
    }
    free.splice(positionOf(free, coin), 0, coin);
  }

  #withdraw(coin: Coin): void {
    const free = this.#free.get(coin.kind) ?? [];
    const position = positionOf(free, coin);
    if (free[position] === coin) free.splice(position, 1);
  }
}

export type Holdings = { available: bigint; setAside: bigint; largest: bigint; coins: number };

/** Says why a claim failed, by the kind of which most is available. */
export function refuseClaim(claim: CoinClaim, holdings: readonly Holdings[]): VaultError {
  const none = { available: 0n, setAside: 0n, largest: 0n, coins: 0 };
  const best = holdings.reduce((a, b) => (isRicher(b, a) ? b : a), none);
  const { quantity: requested, statesMax } = claim;
  const { available, setAside, largest } = best;
  return new VaultError(
    available >= requested
      ? { code: "vault/too-fragmented", requested, statesMax, largest }
      : { code: "vault/insufficient", requested, available, setAside },
  );
}

function isRicher(a: Holdings, b: Holdings): boolean {
  return a.available === b.available ? a.setAside > b.setAside : a.available > b.available;
}

/** Which states are set aside, and for which flow. */
export class SetAside {
  readonly #flows = new Map<string, string>();
  readonly #keys = new Map<string, Set<string>>();

  flowOf(key: string): string | undefined {
    return this.#flows.get(key);
  }

  /** A flow that sets aside what another one had takes it over. */
  add(flowId: string, key: string): void {
    this.remove(key);
    this.#flows.set(key, flowId);
    const keys = this.#keys.get(flowId);
    if (keys === undefined) this.#keys.set(flowId, new Set([key]));
    else keys.add(key);
  }

  remove(key: string): void {
    const flowId = this.#flows.get(key);
    if (flowId === undefined) return;
    this.#flows.delete(key);
    const keys = this.#keys.get(flowId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(flowId);
  }

  /** @returns what the flow had */
  release(flowId: string): string[] {
    const keys = [...(this.#keys.get(flowId) ?? [])];
    for (const key of keys) this.remove(key);
    return keys;
  }
}

/** @returns the names of the columns that make up a kind */
function checkClaim(table: StateTable, claim: CoinClaim): readonly string[] {
  if (table.fungible === undefined) {
    throw badQuery("type", `${table.contract}/${table.type} does not add up`);
  }
  const { kind } = table.fungible;
  const strange = Object.keys(claim.where).find((name) => !kind.includes(name));
  if (strange !== undefined) {
    throw badQuery(`where.${strange}`, `no such column of a kind; known: ${kind.join(", ")}`);
  }
  if (claim.quantity <= 0n) throw badQuery("quantity", "must be more than 0");
  if (!Number.isSafeInteger(claim.statesMax) || claim.statesMax < 1) {
    throw badQuery("statesMax", "must be at least 1");
  }
  return kind;
}

/** Where a coin stands, or would. */
function positionOf(coins: readonly Coin[], coin: Coin): number {
  return firstWhere(coins, (each) => compareCoins(each, coin) >= 0);
}

function sum(coins: readonly Coin[]): bigint {
  return coins.reduce((total, { quantity }) => total + quantity, 0n);
}
