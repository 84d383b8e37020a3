import type { IdentityId } from "@stateset/ledger";

/**
 * One run of a node's process: whoever sees another `run` of the same `incarnation` knows that what
 * was only in memory is gone, and of another incarnation, that a database was restored or emptied.
 */
export type PeerRun = { incarnation: string; run: number };

export type NetworkHandlers = {
  /** A peer is reachable; called again after every new connection. */
  peerUp(peer: IdentityId, run: PeerRun): void;
  peerDown(peer: IdentityId): void;
  /** There is room again for frames to a peer that `send` refused. */
  drain(peer: IdentityId): void;
  /** In the order in which the peer sent them on one connection. Must not throw or wait. */
  frame(peer: IdentityId, frame: Uint8Array): void;
  /**
   * Answers a peer's request. A rejection with a RemoteFailure crosses the wire; any other is told
   * as `network/failed`.
   */
  request(peer: IdentityId, kind: string, body: Uint8Array): Promise<Uint8Array>;
};

/**
 * Frames and requests between nodes that know each other by identity. A frame that was accepted may
 * still be lost with its connection, and then `peerUp` follows: whoever must have it arrive sends it
 * again. Requests are idempotent: they are sent again on a new connection until answered.
 */
export interface Network {
  start(handlers: NetworkHandlers): Promise<void>;
  stop(): Promise<void>;
  /** Makes sure that somebody keeps trying to reach the peer. */
  connect(peer: IdentityId): void;
  /** @returns false where the frame was not taken: no connection, or too much under way */
  send(peer: IdentityId, frame: Uint8Array): boolean;
  /**
   * @throws RemoteFailure what the peer answered; `network/timeout`, `network/unknown-peer` or
   * `network/too-large` of our own
   */
  request(
    peer: IdentityId,
    kind: string,
    body: Uint8Array,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Uint8Array>;
}

/** A failure with a stable code and plain facts, as it crosses the wire. */
export class RemoteFailure extends Error {
  readonly code: string;
  readonly facts: Record<string, unknown>;

  constructor(code: string, message: string, facts: Record<string, unknown> = {}) {
    super(message);
    this.name = "RemoteFailure";
    this.code = code;
    this.facts = facts;
  }
}
