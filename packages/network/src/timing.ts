/** In milliseconds. Tests make them shorter; a network whose links are slow may make them longer. */
export type NetworkTiming = {
  /** From the dial, or the peer's first packet, to its hello. */
  helloMs: number;
  /** A connection that brought nothing for so long is asked for a sign of life. */
  keepAliveMs: number;
  /** One that brought nothing for so long is given up. */
  silenceMs: number;
  /** The pause before the second dial; each further one is twice as long, and then shortened at random. */
  redialMinMs: number;
  redialMaxMs: number;
};

export const DEFAULT_TIMING: NetworkTiming = {
  helloMs: 10_000,
  keepAliveMs: 5_000,
  silenceMs: 15_000,
  redialMinMs: 100,
  redialMaxMs: 2_000,
};
