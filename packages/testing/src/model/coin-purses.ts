import type { ArbitraryCash } from "../arbitraries/arbitrary-cash.ts";

/** What coins are told apart by; parties and issuers by their identities. */
export type CoinKind = { owner: string; issuer: string; currency: string };

/** All unspent coins of a model's parties, as the last verified transactions left them. */
export class CoinPurses {
  #coins: readonly ArbitraryCash[];

  constructor(coins: readonly ArbitraryCash[]) {
    this.#coins = coins;
  }

  /** Coins that are worth at least so much; they stay where they are until `replace`. */
  take(kind: CoinKind, amount: bigint): ArbitraryCash[] {
    const found: ArbitraryCash[] = [];
    let missing = amount;
    for (const coin of this.#coins) {
      if (missing <= 0n) break;
      if (!isOf(coin, kind)) continue;
      found.push(coin);
      missing -= coin.amount.minorUnits;
    }
    if (missing > 0n) throw new RangeError(`the model's purse is short of ${missing}`);
    return found;
  }

  /** Once a transaction is verified: what it spent is gone, what it made is there. */
  replace(spent: readonly ArbitraryCash[], made: readonly ArbitraryCash[]): void {
    this.#coins = [...this.#coins.filter((coin) => !spent.includes(coin)), ...made];
  }

  /** What all parties hold together, by issuer and currency: it is conserved. */
  totals(): Map<string, bigint> {
    return sumBy(this.#coins, ({ issuer, amount }) => `${issuer.id}/${amount.currency}`);
  }
}

/** What coins are worth together, by the key that each is given. */
export function sumBy(
  coins: readonly ArbitraryCash[],
  keyOf: (coin: ArbitraryCash) => string,
): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const coin of coins) {
    const key = keyOf(coin);
    sums.set(key, (sums.get(key) ?? 0n) + coin.amount.minorUnits);
  }
  return sums;
}

function isOf({ owner, issuer, amount }: ArbitraryCash, kind: CoinKind): boolean {
  return (
    owner.identity === kind.owner && issuer.id === kind.issuer && amount.currency === kind.currency
  );
}
