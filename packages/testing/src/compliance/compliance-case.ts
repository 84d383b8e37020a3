import type { Store, Vault } from "@stateset/flow";

/** One thing that every adapter of a port must do; any test runner can run it. */
export type ComplianceCase = { name: string; run: () => Promise<void> };

/** A store with its vault, empty when first opened. */
export type StoreSubject = {
  store: Store;
  vault: Vault;
  /** Ends it without warning, and opens what is left of it. */
  crash(): Promise<StoreSubject>;
};

/** Opens an empty store with the tables of `complianceTables`, whose clock stands at `RECORDED_AT`. */
export type OpenStore = () => Promise<StoreSubject>;
