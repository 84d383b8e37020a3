import type { KeyTree } from "@stateset/codec";
import type { AttachedBundle } from "../bundle/bundle.ts";
import type { ContractInput } from "../contract/run-contract.ts";
import type { NetworkParameters } from "../parameters.ts";
import type { IdentityId, Party } from "../party/party-schema.ts";
import type { Header, Output } from "../transaction/components.ts";
import type { BundleHash, NetworkId, ParametersHash, StateRef } from "../transaction/ids.ts";

/** An output of an earlier, itself verified transaction. */
export type ResolvedState = {
  output: Output;
  header: Header;
  /** The block time of the creating transaction, in milliseconds since 1970. */
  createdAt: number;
};

/** What runs a bundle's code; the contract VM is one, and the only one that counts. */
export interface ContractRunner {
  /** `vm` says which engine, and within which limits; a runner refuses one that it does not have. */
  run(
    bundle: AttachedBundle,
    input: ContractInput,
    vm: NetworkParameters["vm"],
  ): ContractRun | Promise<ContractRun>;
}

export type ContractRun =
  | { ok: true; result: string | undefined; gas: bigint }
  | { ok: false; error: { code: string; detail: string }; gas: bigint };

/** What a checker knows besides the transaction. Looking up must have no effect. */
export type VerifyContext = {
  network: NetworkId;
  parameters(hash: ParametersHash): NetworkParameters | undefined;
  resolve(ref: StateRef): ResolvedState | undefined;
  bundle(hash: BundleHash): AttachedBundle | undefined;
  /** The key that counts for an identity when the transaction is decided. */
  identityKey(identity: IdentityId): KeyTree | undefined;
  /** The legal entity that an identity is registered as. */
  party(identity: IdentityId): Party | undefined;
  contracts: ContractRunner;
  /**
   * The deciding block's time, where it is known. Without it delays are judged by the start of the
   * time window, which no deciding block comes before.
   */
  blockTime?: number;
};
