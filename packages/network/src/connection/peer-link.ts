import type { NetworkHandlers, RemoteFailure } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import { assertCurrent } from "../certificate/peer-certificate.ts";
import type { Log } from "../log.ts";
import { NetworkError, type NetworkFault } from "../network-error.ts";
import type { PeerAddress, PeerDirectory } from "../peer-directory.ts";
import type { NetworkTiming } from "../timing.ts";
import { decodeFailure, type Head, type Hello, malformed } from "../wire/message.ts";
import type { Connection } from "./connection.ts";
import { IncomingRequests } from "./incoming-requests.ts";
import { OutgoingRequests, type RequestOptions } from "./outgoing-requests.ts";

/** What a link needs of the network that it belongs to. */
export type LinkHost = {
  readonly self: IdentityId;
  readonly directory: PeerDirectory;
  readonly timing: NetworkTiming;
  readonly log: Log;
  /** Absent before the start and after the stop: then nothing is dialled and nobody told. */
  handlers(): NetworkHandlers | undefined;
  dial(peer: IdentityId, address: PeerAddress): Connection;
};

/** One peer, across its connections: keeps at most one, and dials while somebody wants it. */
export class PeerLink {
  readonly #peer: IdentityId;
  readonly #host: LinkHost;
  readonly #outgoing: OutgoingRequests;
  readonly #incoming: IncomingRequests;
  #connection: Connection | undefined;
  #dialled: Connection | undefined;
  #redial: NodeJS.Timeout | undefined;
  #failures = 0;
  #readyAt = 0;
  #isWanted = false;
  #toldFault: string | undefined;

  constructor(peer: IdentityId, host: LinkHost) {
    this.#peer = peer;
    this.#host = host;
    this.#outgoing = new OutgoingRequests(peer);
    this.#incoming = new IncomingRequests(peer, () => host.handlers());
  }

  want(): void {
    this.#isWanted = true;
    this.dialIfNeeded();
  }

  send(frame: Uint8Array): boolean {
    const connection = this.#connection;
    if (connection === undefined) this.want();
    if (connection === undefined || !connection.hasRoom()) return false;
    connection.write({ kind: "frame" }, frame);
    return true;
  }

  request(kind: string, body: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    const answer = this.#outgoing.ask(kind, body, options);
    if (this.#connection === undefined) this.dialIfNeeded();
    else this.#outgoing.pump(this.#connection);
    return answer;
  }

  dialIfNeeded(): void {
    if (this.#connection !== undefined || this.#dialled !== undefined) return;
    if (this.#redial !== undefined || !this.#isNeeded()) return;
    const entry = this.#host.directory.peer(this.#peer);
    const identity = this.#peer;
    if (entry === undefined) this.#failed({ code: "network/unknown-peer", identity });
    else if (entry.address === undefined) this.#failed({ code: "network/no-address", identity });
    else this.#dialled = this.#host.dial(this.#peer, entry.address);
  }

  /**
   * Of two connections one stays. A new run of the peer, or its own second dial, says that it has
   * lost the first; of two that crossed, both sides keep the one that the smaller identity dialled.
   */
  isToBeKept(connection: Connection, { incarnation, run }: Hello): boolean {
    const current = this.#connection;
    if (current?.peer === undefined) return true;
    if (current.peer.run !== run || current.peer.incarnation !== incarnation) return true;
    if (current.isDialled === connection.isDialled) return true;
    if (connection.isDialled === this.#host.self < this.#peer) return true;
    current.probe();
    return false;
  }

  ready(connection: Connection, { incarnation, run }: Hello): void {
    const replaced = this.#connection;
    this.#connection = connection;
    if (this.#dialled === connection) this.#dialled = undefined;
    clearTimeout(this.#redial);
    this.#redial = undefined;
    this.#readyAt = performance.now();
    this.#toldFault = undefined;
    if (replaced !== undefined) {
      this.#host.handlers()?.peerDown(this.#peer);
      replaced.close({ code: "network/superseded" });
    }
    this.#host.log("info", "peer is up", { peer: this.#peer, incarnation, run });
    this.#host.handlers()?.peerUp(this.#peer, { incarnation, run });
    // Handlers may have ended it.
    if (this.#connection === connection) this.#outgoing.restart(connection);
  }

  closed(connection: Connection, fault: NetworkFault): void {
    if (this.#connection === connection) {
      this.#connection = undefined;
      if (performance.now() - this.#readyAt >= this.#host.timing.redialMaxMs) this.#failures = 0;
      this.#host.handlers()?.peerDown(this.#peer);
      this.#failed(fault);
    } else if (this.#dialled === connection) {
      this.#dialled = undefined;
      this.#failed(fault);
    }
  }

  message(connection: Connection, head: Head, body: Uint8Array): void {
    if (connection !== this.#connection) return;
    if (head.kind === "frame") this.#host.handlers()?.frame(this.#peer, body);
    else if (head.kind === "request") void this.#incoming.serve(connection, head, body);
    else if (head.kind === "answer") this.#outgoing.settle(connection, head.id, { answer: body });
    else if (head.kind === "failure") {
      const failure = decodeFailure(head.code, body);
      this.#outgoing.settle(connection, head.id, { failure });
    } else throw malformed(`${head.kind} has no place here`);
  }

  drained(connection: Connection): void {
    if (connection !== this.#connection) return;
    this.#outgoing.pump(connection);
    if (!connection.hasRefused) return;
    connection.hasRefused = false;
    this.#host.handlers()?.drain(this.#peer);
  }

  tick(now: number): void {
    this.#connection?.tick(now);
  }

  /** The network map has changed: a key may count no more, and an address may be new. */
  mapChanged(): void {
    for (const connection of [this.#connection, this.#dialled]) {
      if (connection?.tlsKey === undefined) continue;
      try {
        assertCurrent(this.#host.directory, this.#peer, connection.tlsKey);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        connection.close(error.fault);
      }
    }
    clearTimeout(this.#redial);
    this.#redial = undefined;
    this.#failures = 0;
    this.dialIfNeeded();
  }

  stop(failure: RemoteFailure): void {
    clearTimeout(this.#redial);
    this.#isWanted = false;
    this.#outgoing.failAll(failure);
    for (const connection of [this.#connection, this.#dialled])
      connection?.close({ code: "network/stopped" });
  }

  #isNeeded(): boolean {
    return this.#host.handlers() !== undefined && (this.#isWanted || this.#outgoing.size > 0);
  }

  #failed(fault: NetworkFault): void {
    this.#outgoing.lastFault = fault.code;
    // The same failure again and again is told once.
    const level = this.#toldFault === fault.code ? "debug" : "warn";
    this.#toldFault = fault.code;
    if (this.#host.handlers() !== undefined)
      this.#host.log(level, "no connection to peer", { peer: this.#peer, ...fault });
    if (this.#connection === undefined && this.#redial === undefined && this.#isNeeded())
      this.#redial = setTimeout(() => {
        this.#redial = undefined;
        this.dialIfNeeded();
      }, this.#pauseMs());
  }

  /** Each pause twice the last, less up to half at random, so that two nodes do not keep step. */
  #pauseMs(): number {
    const { redialMinMs, redialMaxMs } = this.#host.timing;
    const longest = Math.min(redialMaxMs, redialMinMs * 2 ** this.#failures++);
    return longest * (0.5 + Math.random() / 2);
  }
}
