import type { Contract, UniqueKeyClaim } from "./define-contract.ts";
import { type ContractInput, runContract } from "./run-contract.ts";

/**
 * The unique keys that a transaction with this command must carry, by the contract's own code run
 * outside the VM: for whoever builds a transaction and trusts the contract. None where a rule fails.
 */
export function uniqueKeyClaims(contract: Contract, input: ContractInput): UniqueKeyClaim[] {
  if (contract.commands[input.command.name]?.claims === undefined) return [];
  const verdict = JSON.parse(runContract(contract, input)) as { claims?: UniqueKeyClaim[] };
  return verdict.claims ?? [];
}
