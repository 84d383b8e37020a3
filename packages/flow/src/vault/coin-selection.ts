import type { StateRef } from "@stateset/ledger";

/** An unconsumed state of this node that adds up with others of its kind. */
export type Coin = { ref: StateRef; kind: string; quantity: bigint };

/** With more coins than this lying about, a payment takes some of the smallest along. */
const SWEEP_ABOVE = 512;
/** Each costs the payment an input to be checked; two make the number of coins fall. */
const SWEPT_COINS = 2;

/**
 * Chooses coins that add up to at least the quantity, of `free` as `compareCoins` orders them:
 *
 * 1. the smallest coin that suffices alone, so that an exact one is found and large ones stay
 *    whole for others, with the smallest few beside it where there are very many;
 * 2. or else the smallest coins that suffice together within `statesMax`, so that many small ones
 *    become one change.
 *
 * @returns undefined where even the `statesMax` largest do not suffice
 */
export function selectCoins(
  free: readonly Coin[],
  quantity: bigint,
  statesMax: number,
): Coin[] | undefined {
  const alone = firstAtLeast(free, quantity);
  const single = free[alone];
  if (single === undefined) return smallestTogether(free, quantity, statesMax);
  if (single.quantity === quantity || free.length <= SWEEP_ABOVE) return [single];
  return [single, ...free.slice(0, Math.min(SWEPT_COINS, statesMax - 1, alone))];
}

/** The window of at most `statesMax` neighbours that lies lowest and suffices. */
function smallestTogether(
  free: readonly Coin[],
  quantity: bigint,
  statesMax: number,
): Coin[] | undefined {
  let sum = 0n;
  for (const [end, coin] of free.entries()) {
    sum += coin.quantity;
    const start = Math.max(0, end + 1 - statesMax);
    if (start > 0) sum -= free[start - 1]?.quantity ?? 0n;
    if (sum >= quantity) return free.slice(start, end + 1);
  }
  return undefined;
}

/** Ascending by quantity; equal ones by their refs, so that every node chooses alike. */
export function compareCoins(a: Coin, b: Coin): number {
  if (a.quantity !== b.quantity) return a.quantity < b.quantity ? -1 : 1;
  if (a.ref.txId !== b.ref.txId) return a.ref.txId < b.ref.txId ? -1 : 1;
  return a.ref.index - b.ref.index;
}

function firstAtLeast(coins: readonly Coin[], quantity: bigint): number {
  return firstWhere(coins, (coin) => coin.quantity >= quantity);
}

/** The first position where a test holds that, once it does, holds to the end. */
export function firstWhere(coins: readonly Coin[], holds: (coin: Coin) => boolean): number {
  let low = 0;
  let high = coins.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(coins[middle] as Coin)) high = middle;
    else low = middle + 1;
  }
  return low;
}
