import type { Clock } from "@stateset/flow";
import type { Chain, ChainTip } from "./chain.ts";
import { overloaded, unavailable } from "./unavailable.ts";

/** Far more than the blocks that are under way between any two members. */
const WAITING_MAX = 1024;
/** A member that is further behind is not waited for. */
const WAIT_MS = 3_000;

type Waiting = { isReached: (tip: ChainTip) => boolean; resolve(tip: ChainTip): void };

/** Waits until the own member has reached a block. */
export class TipWatch {
  readonly #chain: Chain;
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  readonly #stop: () => void;
  #newest: ChainTip | undefined;

  constructor(chain: Chain, clock: Clock) {
    this.#chain = chain;
    this.#clock = clock;
    this.#stop = chain.onBlock((tip) => this.#reach(tip));
  }

  /** @throws RemoteFailure `notary/unavailable` where the member does not reach it in time */
  async reached(isReached: (tip: ChainTip) => boolean): Promise<ChainTip> {
    if (this.#newest !== undefined && isReached(this.#newest)) return this.#newest;
    if (this.#waiting.size >= WAITING_MAX) throw overloaded(WAIT_MS);
    const reached = new Promise<ChainTip>((resolve, reject) => {
      const waiting: Waiting = {
        isReached,
        resolve(tip) {
          cancel();
          resolve(tip);
        },
      };
      const cancel = this.#clock.after(WAIT_MS, () => {
        this.#waiting.delete(waiting);
        reject(unavailable("the member has not reached that block"));
      });
      this.#waiting.add(waiting);
    });
    // It may have been reached before anybody listened.
    this.#chain.tip().then(
      (tip) => this.#reach(tip),
      () => undefined,
    );
    return await reached;
  }

  close(): void {
    this.#stop();
  }

  #reach(tip: ChainTip): void {
    if (tip.chainHeight > (this.#newest?.chainHeight ?? -1)) this.#newest = tip;
    for (const waiting of this.#waiting)
      if (waiting.isReached(tip)) {
        this.#waiting.delete(waiting);
        waiting.resolve(tip);
      }
  }
}
