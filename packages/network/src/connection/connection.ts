import type { TLSSocket } from "node:tls";
import type { PublicKey } from "@stateset/codec";
import type { IdentityId } from "@stateset/ledger";
import { peerIdentity } from "../certificate/peer-certificate.ts";
import { NetworkError, type NetworkFault } from "../network-error.ts";
import type { PeerDirectory } from "../peer-directory.ts";
import type { NetworkTiming } from "../timing.ts";
import { FrameReader } from "../wire/frame-reader.ts";
import {
  decodeMessage,
  encodeHead,
  FRAME_BYTES_MAX,
  HELLO_BYTES_MAX,
  type Head,
  type Hello,
  malformed,
} from "../wire/message.ts";

/** Above it frames and requests wait; the largest frame still passes when the queue is short. */
export const QUEUE_BYTES_MAX = 4 << 20;
/** A peer that asks and does not read is cut off here: a few of the largest answers. */
const BACKLOG_BYTES_MAX = 128 << 20;
/** Shorter bodies are copied behind their head, which is cheaper than a second write. */
const JOINED_BYTES_MAX = 8 << 10;
/** How long the last words may take to leave. */
const FAREWELL_MS = 1000;

export type ConnectionOptions = {
  socket: TLSSocket;
  hello: Hello;
  directory: PeerDirectory;
  timing: NetworkTiming;
  /** Whom we dialled; absent where the peer did. */
  dialled?: IdentityId;
  events: ConnectionEvents;
};

export type ConnectionEvents = {
  /** The peer has said who it is. @returns whether this connection is the one to keep */
  isToBeKept(connection: Connection, peer: Hello): boolean;
  ready(connection: Connection, peer: Hello): void;
  message(connection: Connection, head: Head, body: Uint8Array): void;
  /** All that was queued has left. */
  drain(connection: Connection): void;
  /** Comes once; `wasReady` tells whether `ready` came before. */
  closed(connection: Connection, fault: NetworkFault, wasReady: boolean): void;
};

type Phase = "handshake" | "hello" | "ready" | "closed";

/** One TLS connection: certificate, hellos, then messages until it ends. */
export class Connection {
  readonly isDialled: boolean;
  /** As far as known: from its certificate, or whom we dialled. */
  identity: IdentityId | undefined;
  tlsKey: PublicKey | undefined;
  peer: Hello | undefined;
  /** Whether somebody was told that there is no room. */
  hasRefused = false;
  readonly #options: ConnectionOptions;
  readonly #socket: TLSSocket;
  readonly #reader: FrameReader;
  readonly #helloTimer: NodeJS.Timeout;
  #phase: Phase = "handshake";
  #receivedAt = performance.now();

  constructor(options: ConnectionOptions) {
    const { socket, timing, dialled } = options;
    this.#options = options;
    this.#socket = socket;
    this.isDialled = dialled !== undefined;
    this.identity = dialled;
    this.#reader = new FrameReader(HELLO_BYTES_MAX, (frame) => this.#received(frame));
    this.#helloTimer = setTimeout(
      () => this.close({ code: "network/hello-timeout", afterMs: timing.helloMs }),
      timing.helloMs,
    );
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#push(chunk));
    socket.on("drain", () => options.events.drain(this));
    socket.on("error", (error) => this.#end({ code: "network/broken", reason: reasonOf(error) }));
    socket.on("close", () => this.#end({ code: "network/broken", reason: "closed" }));
    if (this.isDialled) socket.once("secureConnect", () => this.#secured());
    else this.#secured();
  }

  get isReady(): boolean {
    return this.#phase === "ready";
  }

  /** Bytes that were written and have not left. */
  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  /** Whether there is room for one more; remembers that there was none. */
  hasRoom(): boolean {
    if (this.backlogBytes < QUEUE_BYTES_MAX) return true;
    this.hasRefused = true;
    return false;
  }

  /**
   * The body must not be changed any more. What is written while a write is under way leaves
   * together anyhow; holding more back until the end of a tick saved nothing that could be measured.
   */
  write(head: Head, body?: Uint8Array): void {
    if (this.#phase === "closed") return;
    const encoded = encodeHead(head, body?.length);
    if (body === undefined) this.#socket.write(encoded);
    else if (body.length <= JOINED_BYTES_MAX) this.#socket.write(Buffer.concat([encoded, body]));
    else {
      this.#socket.cork();
      this.#socket.write(encoded);
      this.#socket.write(body);
      this.#socket.uncork();
    }
    if (this.backlogBytes > BACKLOG_BYTES_MAX + QUEUE_BYTES_MAX)
      this.#abort({
        code: "network/peer-too-slow",
        backlogBytes: this.backlogBytes,
        max: BACKLOG_BYTES_MAX,
      });
  }

  /** Asks for a sign of life, or gives up. Called now and then. */
  tick(now: number): void {
    if (this.#phase !== "ready") return;
    const { keepAliveMs, silenceMs } = this.#options.timing;
    const silentMs = now - this.#receivedAt;
    if (silentMs >= silenceMs) this.#abort({ code: "network/peer-silent", afterMs: silenceMs });
    else if (silentMs >= keepAliveMs) this.write({ kind: "ping" });
  }

  /** Told that the peer may have lost this connection: it has one keep-alive to prove otherwise. */
  probe(): void {
    const { keepAliveMs, silenceMs } = this.#options.timing;
    this.#receivedAt = Math.min(this.#receivedAt, performance.now() - silenceMs + keepAliveMs);
    this.write({ kind: "ping" });
  }

  /** Tells the peer why, and ends the connection. */
  close(fault: NetworkFault): void {
    if (this.#phase === "closed") return;
    // A peer whose certificate does not count learns no more than that.
    const isKnown = this.#phase !== "handshake";
    if (isKnown && this.backlogBytes < QUEUE_BYTES_MAX) {
      this.#socket.write(encodeHead({ kind: "bye", reason: fault.code }));
      this.#socket.destroySoon();
      setTimeout(() => this.#socket.destroy(), FAREWELL_MS).unref();
    } else this.#socket.destroy();
    this.#end(fault);
  }

  #abort(fault: NetworkFault): void {
    this.#socket.destroy();
    this.#end(fault);
  }

  #end(fault: NetworkFault): void {
    if (this.#phase === "closed") return;
    const wasReady = this.isReady;
    this.#phase = "closed";
    clearTimeout(this.#helloTimer);
    this.#reader.stop();
    this.#options.events.closed(this, fault, wasReady);
  }

  #secured(): void {
    const { socket, directory, dialled, hello } = this.#options;
    this.#guard(() => {
      const { identity, tlsKey } = peerIdentity(socket, directory);
      if (dialled !== undefined && dialled !== identity)
        throw new NetworkError({ code: "network/wrong-peer", expected: dialled, found: identity });
      this.identity = identity;
      this.tlsKey = tlsKey;
      this.#phase = "hello";
      // Whoever was dialled answers only once it has decided to keep the connection.
      if (this.isDialled) this.write({ kind: "hello", ...hello });
    });
  }

  #push(chunk: Uint8Array): void {
    if (this.#phase === "closed") return;
    this.#receivedAt = performance.now();
    this.#guard(() => this.#reader.push(chunk));
  }

  #received(frame: Uint8Array): void {
    const { head, body } = decodeMessage(frame);
    if (head.kind === "bye") {
      this.#abort({ code: "network/refused-by-peer", reason: head.reason });
      return;
    }
    if (this.#phase === "hello") {
      if (head.kind !== "hello") throw malformed("the first message is not a hello");
      this.#greeted(head);
      return;
    }
    if (head.kind === "ping") {
      // A peer that does not read its answers hears from us anyhow.
      if (this.backlogBytes < QUEUE_BYTES_MAX) this.write({ kind: "pong" });
    } else if (head.kind === "hello") throw malformed("a second hello");
    else if (head.kind !== "pong") this.#options.events.message(this, head, body);
  }

  #greeted({ kind: _, ...peer }: Hello & { kind: "hello" }): void {
    const { hello: own, events } = this.#options;
    assertSame("network/wrong-version", own.version, peer.version);
    assertSame("network/wrong-network", own.network, peer.network);
    assertSame("network/wrong-peer", this.identity, peer.identity);
    this.peer = peer;
    if (!events.isToBeKept(this, peer)) {
      this.close({ code: "network/superseded" });
      return;
    }
    clearTimeout(this.#helloTimer);
    this.#phase = "ready";
    this.#reader.frameBytesMax = FRAME_BYTES_MAX;
    if (!this.isDialled) this.write({ kind: "hello", ...own });
    events.ready(this, peer);
  }

  /** What a peer sends can end its connection and nothing else. */
  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.close(error.fault);
    }
  }
}

function assertSame(
  code: "network/wrong-version" | "network/wrong-network" | "network/wrong-peer",
  expected: unknown,
  found: unknown,
): void {
  if (expected !== found) throw new NetworkError({ code, expected, found } as NetworkFault);
}

function reasonOf(error: Error): string {
  return "code" in error ? String(error.code) : error.message;
}
