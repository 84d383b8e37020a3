import type { IdentityId, StateRef, TransactionId } from "@stateset/ledger";

/** What a node's ledger holds of states, queried, and coins set aside for flows. */
export interface Vault {
  /** @throws VaultError */
  query(query: VaultQuery): Promise<VaultPage>;
  /**
   * Sets unconsumed states of this node aside for a flow, until it consumes them or they are
   * released. Nothing takes them back by itself, and nothing remembers them over a restart.
   * @throws VaultError `vault/insufficient` and changes nothing
   */
  claim(claim: CoinClaim): Promise<StateRef[]>;
  /** Sets the very states aside, as a restarted flow remembers them, and no others for it. */
  reclaim(flowId: string, refs: readonly StateRef[]): Promise<void>;
  /** Lets go of what a flow claimed and did not consume. */
  release(flowId: string): Promise<void>;
}

/** A table of the states of one type, as an app declares it: data, so that it can be hashed. */
export type StateTable = {
  contract: string;
  type: string;
  /** Only ever one more; columns are added, never changed or taken away. */
  version: number;
  columns: readonly StateColumn[];
  /** Fields of the state that hold its participants: parties or holders. */
  participants: readonly string[];
  /** The field whose holder may spend it. */
  owner?: string;
  /** Of interchangeable states: the column that counts, and those that must be equal to add up. */
  fungible?: { quantity: string; kind: readonly string[] };
  indexes?: readonly (readonly string[])[];
};

export type StateColumn = {
  /** Snake case, as in SQL. */
  name: string;
  type: "text" | "integer" | "boolean" | "date" | "timestamp" | "json";
  /** Where the value stands in the state: names joined by dots, such as `amount.minorUnits`. */
  path: string;
};

export type VaultQuery = {
  contract: string;
  type: string;
  status?: "unconsumed" | "consumed" | "all";
  /** Only what this node may spend. */
  isOurs?: boolean;
  /** In Hasura's manner: `{"currency":{"_eq":"CHF"}}`, with `_and`, `_or`, `_not`. */
  where?: Record<string, unknown>;
  participants?: readonly IdentityId[];
  refs?: readonly StateRef[];
  limit?: number;
  cursor?: string;
};

export type VaultState = {
  ref: StateRef;
  contract: string;
  type: string;
  status: "unconsumed" | "consumed";
  consumedBy?: TransactionId;
  consumedAt?: number;
  recordedAt: number;
  isOurs: boolean;
  /** JSON values: integers that the state's schema calls `int` are decimal text. */
  state: Record<string, unknown>;
};

export type VaultPage = { items: VaultState[]; nextCursor?: string };

export type CoinClaim = {
  contract: string;
  type: string;
  flowId: string;
  quantity: bigint;
  /** Values that columns must have, such as `{currency: "CHF"}`; all coins claimed are of one kind. */
  where: Record<string, string>;
  /** More inputs make a transaction dearer to check; the largest coins come first beyond it. */
  statesMax: number;
};

export type VaultFault =
  | { code: "vault/insufficient"; requested: bigint; available: bigint; setAside: bigint }
  | { code: "vault/too-fragmented"; requested: bigint; statesMax: number; largest: bigint }
  | { code: "vault/unknown-table"; contract: string; type: string; known: string[] }
  | { code: "vault/bad-query"; field: string; reason: string }
  | { code: "vault/bad-cursor"; cursor: string };

export class VaultError extends Error {
  readonly fault: VaultFault;

  constructor(fault: VaultFault) {
    const { code, ...facts } = fault;
    const written = JSON.stringify(facts, (_, value) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    super(`${code}: ${written}`);
    this.name = "VaultError";
    this.fault = fault;
  }

  get code(): VaultFault["code"] {
    return this.fault.code;
  }
}
