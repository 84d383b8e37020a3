/** Why a member of the chain did not do what its worker asked. Codes are stable. */
export type ChainFault =
  /** What was sent may have arrived or not. */
  | { code: "chain/unreachable"; reason: string }
  | { code: "chain/timeout"; what: string; afterMs: number }
  | { code: "chain/answer-malformed"; what: string; reason: string }
  | { code: "chain/answer-too-large"; what: string; max: number }
  /** The mempool has no room. */
  | { code: "chain/full"; reason: string }
  /** A transaction was not taken, or failed in its block, or a query was refused. */
  | { code: "chain/refused"; codespace: string; number: number; reason: string }
  | { code: "chain/unknown-account"; address: string };

export class ChainError extends Error {
  readonly fault: ChainFault;

  constructor(fault: ChainFault, options?: ErrorOptions) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`, options);
    this.name = "ChainError";
    this.fault = fault;
  }

  get code(): ChainFault["code"] {
    return this.fault.code;
  }
}
