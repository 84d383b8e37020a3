import { StoreError, type Write } from "@stateset/flow";
import type { MemoryStore } from "@stateset/testing";

/** A database that can be away for a while, between a node and its memory. */
export class Outage {
  isAway = false;
  /** Of each commit, whether it is made but said to have failed, as when the answer is lost. */
  losesAnswer: ((writes: readonly Write[]) => boolean) | undefined;
  refused = 0;

  /** The store as the node sees it. */
  over(store: MemoryStore): MemoryStore {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          if (this.isAway) throw this.#refusal();
          const result: unknown = await member.apply(target, args);
          if (name === "commit" && this.losesAnswer?.(args[0] as Write[])) throw this.#refusal();
          return result;
        };
      },
    });
  }

  #refusal(): StoreError {
    this.refused++;
    return new StoreError({ code: "store/unavailable", reason: "away for a test" });
  }
}
