/** Where time comes from; the simulator has one of its own. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Calls back once after the delay. @returns what cancels it */
  after(delayMs: number, callback: () => void): () => void;
}

/** Where nonces, ids and seeds come from; in production the platform's secure source. */
export type Random = (bytes: number) => Uint8Array;
