import {
  type Clock,
  type Network,
  type NetworkHandlers,
  type PeerRun,
  RemoteFailure,
} from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";

/** What one frame or body may have at most: a signed transaction fits. */
const FRAME_BYTES_MAX = 32 << 20;
/** Above it `send` refuses, so that a peer that is slow to take frames does not fill the memory. */
const QUEUE_BYTES_MAX = 8 << 20;

export type MemoryNetworkOptions = {
  /** Where time-outs of requests come from. */
  clock?: Clock;
  /** Runs a delivery later; a simulator chooses when. Deliveries of one link keep their order. */
  schedule?: (deliver: () => void) => void;
};

/**
 * A network in one process. Bytes are copied as a wire would, each delivery comes in a turn of its
 * own, and links can be cut and mended: what was under way is lost then.
 */
export class MemoryNetwork {
  readonly clock: Clock;
  readonly #schedule: (deliver: () => void) => void;
  readonly #members = new Map<IdentityId, Member>();
  /** Who ever joined: a peer that left is known, and only away. */
  readonly #known = new Set<IdentityId>();
  readonly #cuts = new Set<string>();

  constructor(options: MemoryNetworkOptions = {}) {
    this.clock = options.clock ?? platformClock;
    this.#schedule = options.schedule ?? setImmediate;
  }

  /** The network as the identity sees it. Joining again ends the earlier membership. */
  join(identity: IdentityId, run: PeerRun): Network {
    this.leave(identity);
    const member = new Member(this, identity, run);
    this.#members.set(identity, member);
    this.#known.add(identity);
    return member;
  }

  /** As if the process had been killed: nothing more reaches it or comes from it, not even errors. */
  leave(identity: IdentityId): void {
    const member = this.#members.get(identity);
    if (member !== undefined) this.left(member);
  }

  left(member: Member): void {
    member.abandon();
    if (this.#members.get(member.identity) !== member) return;
    this.#members.delete(member.identity);
    for (const other of this.#members.values()) other.disconnect(member.identity);
  }

  /** Breaks the link between two until it is mended. */
  cut(a: IdentityId, b: IdentityId): void {
    this.#cuts.add(linkKey(a, b));
    this.#members.get(a)?.disconnect(b);
    this.#members.get(b)?.disconnect(a);
  }

  mend(a: IdentityId, b: IdentityId): void {
    this.#cuts.delete(linkKey(a, b));
    this.settle(a, b);
  }

  isKnown(identity: IdentityId): boolean {
    return this.#known.has(identity);
  }

  /** Connects two that can be and of which one wants it. */
  settle(a: IdentityId, b: IdentityId): void {
    const [one, other] = [this.#members.get(a), this.#members.get(b)];
    if (one === undefined || other === undefined || one === other) return;
    if (this.#cuts.has(linkKey(a, b))) return;
    if (!one.isStarted || !other.isStarted || one.isConnected(b)) return;
    if (!one.wants(b) && !other.wants(a)) return;
    const [near, far] = [new LinkEnd(this.#schedule), new LinkEnd(this.#schedule)];
    one.connected(other, near, far);
    other.connected(one, far, near);
  }

  settleAll(identity: IdentityId): void {
    for (const other of this.#members.keys()) if (other !== identity) this.settle(identity, other);
  }
}

/** What is on its way to one end of a link, in order. */
class LinkEnd {
  readonly #schedule: (deliver: () => void) => void;
  readonly #events: (() => void)[] = [];
  #isOpen = true;
  bytes = 0;

  constructor(schedule: (deliver: () => void) => void) {
    this.#schedule = schedule;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  deliver(event: () => void): void {
    this.#events.push(event);
    this.#schedule(() => this.#events.shift()?.());
  }

  /** Loses what is under way. What is delivered from then on is about the end itself. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#events.length = 0;
  }
}

/** The nearer end receives what the peer sends, the farther one what this side does. */
type Connection = {
  peer: Member;
  near: LinkEnd;
  far: LinkEnd;
  isTold: boolean;
  hasRefused: boolean;
};

type PendingRequest = {
  peer: IdentityId;
  kind: string;
  body: Uint8Array;
  settle(outcome: Outcome): void;
  /** Neither answered nor failed: whoever asked is no more. */
  forget(): void;
};
type Outcome = { answer: Uint8Array } | { failure: unknown };

class Member implements Network {
  readonly identity: IdentityId;
  readonly run: PeerRun;
  readonly #hub: MemoryNetwork;
  readonly #connections = new Map<IdentityId, Connection>();
  readonly #wanted = new Set<IdentityId>();
  readonly #pending = new Set<PendingRequest>();
  #handlers: NetworkHandlers | undefined;

  constructor(hub: MemoryNetwork, identity: IdentityId, run: PeerRun) {
    this.#hub = hub;
    this.identity = identity;
    this.run = run;
  }

  get isStarted(): boolean {
    return this.#handlers !== undefined;
  }

  async start(handlers: NetworkHandlers): Promise<void> {
    this.#handlers = handlers;
    this.#hub.settleAll(this.identity);
  }

  async stop(): Promise<void> {
    this.#handlers = undefined;
    const failure = new RemoteFailure("network/stopped", "this node has left the network");
    for (const request of [...this.#pending]) request.settle({ failure });
    this.#hub.left(this);
  }

  connect(peer: IdentityId): void {
    this.#wanted.add(peer);
    this.#hub.settle(this.identity, peer);
  }

  send(peer: IdentityId, frame: Uint8Array): boolean {
    assertSize("frame", frame);
    const connection = this.#connections.get(peer);
    if (connection === undefined) {
      this.connect(peer);
      return false;
    }
    const { far } = connection;
    if (far.bytes >= QUEUE_BYTES_MAX) {
      connection.hasRefused = true;
      return false;
    }
    const copy = Uint8Array.from(frame);
    far.bytes += copy.length;
    far.deliver(() => {
      far.bytes -= copy.length;
      this.#drained(connection);
      connection.peer.#handlers?.frame(this.identity, copy);
    });
    return true;
  }

  async request(
    peer: IdentityId,
    kind: string,
    body: Uint8Array,
    { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Uint8Array> {
    signal?.throwIfAborted();
    assertSize("request", body);
    if (peer === this.identity || !this.#hub.isKnown(peer))
      throw new RemoteFailure("network/unknown-peer", "no such peer", { peer });
    return new Promise((resolve, reject) => {
      const timedOut = new RemoteFailure("network/timeout", "no answer in time", { peer, kind });
      const cancel = this.#hub.clock.after(timeoutMs, () => request.settle({ failure: timedOut }));
      const abort = () => request.settle({ failure: signal?.reason });
      const request: PendingRequest = {
        peer,
        kind,
        body: Uint8Array.from(body),
        forget: () => {
          this.#pending.delete(request);
          cancel();
          signal?.removeEventListener("abort", abort);
        },
        settle: (outcome) => {
          if (!this.#pending.has(request)) return;
          request.forget();
          if ("answer" in outcome) resolve(outcome.answer);
          else reject(outcome.failure);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#pending.add(request);
      const connection = this.#connections.get(peer);
      if (connection === undefined) this.#hub.settle(this.identity, peer);
      else if (connection.isTold) this.#ask(connection, request);
    });
  }

  wants(peer: IdentityId): boolean {
    return this.#wanted.has(peer) || [...this.#pending].some((request) => request.peer === peer);
  }

  isConnected(peer: IdentityId): boolean {
    return this.#connections.has(peer);
  }

  connected(peer: Member, near: LinkEnd, far: LinkEnd): void {
    const connection: Connection = { peer, near, far, isTold: false, hasRefused: false };
    this.#connections.set(peer.identity, connection);
    near.deliver(() => {
      connection.isTold = true;
      this.#handlers?.peerUp(peer.identity, { ...peer.run });
      for (const request of this.#pending)
        if (request.peer === peer.identity) this.#ask(connection, request);
    });
  }

  disconnect(peer: IdentityId): void {
    const connection = this.#connections.get(peer);
    if (connection === undefined) return;
    this.#connections.delete(peer);
    connection.near.close();
    connection.far.close();
    // On the closed end, so that it comes before anything of the next connection.
    if (connection.isTold) connection.near.deliver(() => this.#handlers?.peerDown(peer));
  }

  /** Ends this membership without a word to its own handlers or to who waits for answers. */
  abandon(): void {
    this.#handlers = undefined;
    for (const { near, far } of this.#connections.values()) {
      near.close();
      far.close();
    }
    this.#connections.clear();
    for (const request of [...this.#pending]) request.forget();
  }

  #ask(connection: Connection, request: PendingRequest): void {
    const { peer, near, far } = connection;
    far.deliver(() => {
      const answered = peer.#answer(this.identity, request);
      void answered.then((outcome) => {
        if (near.isOpen) near.deliver(() => request.settle(outcome));
      });
    });
  }

  async #answer(asker: IdentityId, { kind, body }: PendingRequest): Promise<Outcome> {
    try {
      const answer = await this.#handlers?.request(asker, kind, Uint8Array.from(body));
      if (answer !== undefined) assertSize("answer", answer);
      return { answer: Uint8Array.from(answer ?? []) };
    } catch (error) {
      return { failure: asFailure(error) };
    }
  }

  #drained(connection: Connection): void {
    if (!connection.hasRefused || connection.far.bytes > QUEUE_BYTES_MAX / 2) return;
    connection.hasRefused = false;
    connection.near.deliver(() => this.#handlers?.drain(connection.peer.identity));
  }
}

/** Facts cross as JSON, where big integers are decimal text. */
function asFailure(error: unknown): RemoteFailure {
  if (!(error instanceof RemoteFailure)) return new RemoteFailure("network/failed", "it failed");
  const facts = JSON.stringify(error.facts, (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return new RemoteFailure(error.code, error.message, JSON.parse(facts));
}

function assertSize(what: string, bytes: Uint8Array): void {
  if (bytes.length <= FRAME_BYTES_MAX) return;
  const facts = { what, found: bytes.length, max: FRAME_BYTES_MAX };
  throw new RemoteFailure("network/too-large", `the ${what} is too large`, facts);
}

function linkKey(a: IdentityId, b: IdentityId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

const platformClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
