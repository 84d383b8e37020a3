import { hash } from "node:crypto";
import type { Clock } from "@stateset/flow";
import type { BlockVerdicts } from "../worker/chain.ts";
import { ChainError } from "./chain-error.ts";
import type { JsonReader } from "./json-reader.ts";
import { readVerdicts } from "./read-answers.ts";
import { BLOCK_TIMEOUT_MS } from "./sender.ts";

/** No block for so long means that the chain stands still, and nothing is known of the batch. */
const WAIT_MS = 20_000;
const TRANSACTION_BYTES_MAX = 8 << 20;
const DATA_BYTES_MAX = 8 << 20;

type Pending = {
  /** In the chain's time. */
  timeout: number;
  settle(outcome: BlockVerdicts | ChainError): void;
};

/** Batches that the member has taken, by their hashes, until their block comes. */
export class PendingBatches {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Must begin before the batch is sent: its block may come before the answer does. */
  expect(transaction: Uint8Array, timeout: number) {
    const id = idOf(transaction);
    const { promise, resolve, reject } = Promise.withResolvers<BlockVerdicts>();
    // Whoever sent it may have failed before it came to wait.
    promise.catch(() => undefined);
    const settle = (outcome: BlockVerdicts | ChainError): void => {
      if (!this.#pending.delete(id)) return;
      cancel();
      if (outcome instanceof ChainError) reject(outcome);
      else resolve(outcome);
    };
    const cancel = this.#clock.after(WAIT_MS, () => settle(timedOut(WAIT_MS)));
    this.#pending.set(id, { timeout, settle });
    return { verdicts: promise, forget: () => settle(disconnected()) };
  }

  /** @param result the event of a transaction, of ours or not */
  onTransaction(result: JsonReader): void {
    const id = idOf(result.at("tx").base64(TRANSACTION_BYTES_MAX));
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    const number = result.at("result", "code").count();
    if (number !== 0) {
      const codespace = result.at("result", "codespace").text();
      const reason = result.at("result", "log").text(256);
      pending.settle(new ChainError({ code: "chain/refused", codespace, number, reason }));
      return;
    }
    const chainHeight = result.at("height").count();
    const verdicts = readVerdicts(result.at("result", "data").base64(DATA_BYTES_MAX));
    pending.settle({ chainHeight, verdicts });
  }

  /** What no block up to this time took, none will. */
  onTime(chainTime: number): void {
    for (const { timeout, settle } of this.#pending.values())
      if (chainTime > timeout) settle(timedOut(BLOCK_TIMEOUT_MS));
  }

  /** Blocks may come unseen from now on. */
  onDown(): void {
    for (const { settle } of this.#pending.values()) settle(disconnected());
  }
}

function idOf(transaction: Uint8Array): string {
  return hash("sha256", transaction, "hex");
}

function timedOut(afterMs: number): ChainError {
  return new ChainError({ code: "chain/timeout", what: "block", afterMs });
}

function disconnected(): ChainError {
  return new ChainError({ code: "chain/unreachable", reason: "events were missed" });
}
