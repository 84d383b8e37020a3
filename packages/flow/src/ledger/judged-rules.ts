import type { ContractRun, ContractRunner, TransactionId } from "@stateset/ledger";
import { BoundedCache } from "./bounded-cache.ts";

/** Transactions on their way, each checked before it is signed and again with all signatures. */
const TRANSACTIONS_MAX = 128;

/**
 * What contracts have answered. Their rules see all that a transaction's id stands for, its states,
 * commands and parameters, and no signature: what held while signatures were missing holds with them.
 */
export class JudgedRules {
  readonly #contracts: ContractRunner;
  readonly #held = new BoundedCache<TransactionId, Map<string, ContractRun>>(TRANSACTIONS_MAX);

  constructor(contracts: ContractRunner) {
    this.#contracts = contracts;
  }

  /** Runs the contracts of one transaction, each once. Refusals are not kept. */
  of(id: TransactionId): ContractRunner {
    return {
      run: async (bundle, input, vm) => {
        const command = `${bundle.hash}/${input.command.name}`;
        const kept = this.#held.get(id)?.get(command);
        if (kept !== undefined) return kept;
        const run = await this.#contracts.run(bundle, input, vm);
        if (run.ok) this.#keep(id, command, run);
        return run;
      },
    };
  }

  #keep(id: TransactionId, command: string, run: ContractRun): void {
    const held = this.#held.get(id) ?? new Map<string, ContractRun>();
    held.set(command, run);
    this.#held.set(id, held);
  }
}
