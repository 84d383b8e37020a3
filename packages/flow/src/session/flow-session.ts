import type { IdentityId } from "@stateset/ledger";
import { FlowFailure, type Side } from "../flow-context.ts";
import { FlowError } from "../flow-service.ts";
import type { FlowProblem } from "../ports/store.ts";
import { encodeSessionFrame, type MessageFrame } from "./session-frame.ts";

/** What has arrived and was not asked for yet, of one session. */
const ARRIVED_MAX = 256;
const ARRIVED_BYTES_MAX = 64 << 20;
/** The same of all sessions with one peer. */
const WAITING_BYTES_MAX = 256 << 20;

export type SessionPlace = {
  id: string;
  side: Side;
  peer: IdentityId;
  protocol: { name: string; version: number };
};

export type Outgoing = { sequence: number; name: string; body: Uint8Array };
export type Arrived = { name: string; body: Uint8Array };
/** Shared by the sessions with one peer, so that no number of sessions fills the memory. */
export type Waiting = { bytes: number };

/**
 * One side of a session: what it sent and the other side has not made durable, and what arrived and
 * was not consumed. Messages are counted on each side from 0, so that whatever is sent twice is
 * noticed, and whatever is lost with a connection or a process is sent again.
 */
export class FlowSession {
  readonly place: SessionPlace;
  /** Whose session it is; unknown of one whose flow had ended before this process began. */
  flowId: string | undefined;
  /** Sent, and not known to be durable at the peer; ascending by sequence. */
  outgoing: Outgoing[] = [];
  nextSequence = 0;
  /** Messages below this number are in the outbox, or durable at the peer. */
  stored = 0;
  /** Messages below this number may leave. */
  released = 0;
  /** Messages below this number have left on this connection. */
  transmitted = 0;
  /** Messages below this number have left once, on this connection or an earlier one. */
  left = 0;
  /** How many of the peer's messages the flow has taken, and how many of those are in its journal. */
  consumed = 0;
  consumedDurably = 0;
  /** The last durable count that the peer was told. */
  told = 0;
  /** Set when the flow has ended, and the session only lives until its messages are delivered. */
  outcome: { error?: FlowProblem } | undefined;
  /** Whether those who wait for the flow's end wait for the delivery of what is sent here. */
  isAwaited = false;
  /** Whether the peer has said once that it sends no more. */
  isEndTold = false;
  /** Which missing message the peer was last asked for. */
  gapTold: number | undefined;
  /** The peer's database, once heard from: another one cannot go on with this session. */
  peerIncarnation: string | undefined;
  /** What all sessions with the peer hold that has arrived and was not asked for. */
  waiting: Waiting = { bytes: 0 };
  readonly #arrived: Arrived[] = [];
  #arrivedBytes = 0;
  #failure: (() => Error) | undefined;
  #waiting: { resolve: (message: Arrived) => void; reject: (error: Error) => void } | undefined;

  constructor(place: SessionPlace) {
    this.place = place;
  }

  /** The number of the next message that the peer may send. */
  get expected(): number {
    return this.consumed + this.#arrived.length;
  }

  get hasEnded(): boolean {
    return this.#failure !== undefined;
  }

  enqueue(name: string, body: Uint8Array): void {
    this.outgoing.push({ sequence: this.nextSequence++, name, body });
  }

  /** Puts back a message of the outbox, after a restart. */
  restore(message: Outgoing): void {
    this.outgoing.push(message);
    this.replaySend(message.sequence);
  }

  /** A message that the journal shows as sent: if it is not in the outbox, it was delivered. */
  replaySend(sequence: number): void {
    const next = Math.max(this.nextSequence, sequence + 1);
    this.nextSequence = next;
    this.stored = next;
    this.released = next;
    this.transmitted = next;
    this.left = next;
  }

  /** Nothing has left on the present connection. */
  rewind(): void {
    const [first] = this.outgoing;
    if (first !== undefined) this.transmitted = Math.min(this.transmitted, first.sequence);
  }

  /** The network has taken a message. */
  hasLeft({ sequence }: Outgoing): void {
    this.transmitted = sequence + 1;
    this.left = Math.max(this.left, this.transmitted);
  }

  /** Lets go of what arrived and nobody will ask for. */
  drop(): void {
    this.waiting.bytes -= this.#arrivedBytes;
    this.#arrivedBytes = 0;
    this.#arrived.length = 0;
  }

  /** Takes in what arrives in its turn; anything else is a repetition, and passed over. */
  accept({ sequence, name, body }: Pick<MessageFrame, "sequence" | "name" | "body">): boolean {
    if (sequence !== this.expected || this.#failure !== undefined) return false;
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      this.consumed++;
      waiting.resolve({ name, body });
      return true;
    }
    const excess = this.#excess(body.length);
    if (excess !== undefined) {
      this.fail(() => new FlowError({ code: "flow/too-large", ...excess }));
      return false;
    }
    this.#count(body.length);
    this.#arrived.push({ name, body });
    return true;
  }

  #excess(bytes: number): { what: string; found: number; max: number } | undefined {
    const found = this.#arrived.length + 1;
    if (found > ARRIVED_MAX) return { what: "waiting messages", found, max: ARRIVED_MAX };
    const here = this.#arrivedBytes + bytes;
    if (here > ARRIVED_BYTES_MAX)
      return { what: "bytes of waiting messages", found: here, max: ARRIVED_BYTES_MAX };
    const all = this.waiting.bytes + bytes;
    if (all > WAITING_BYTES_MAX)
      return { what: "bytes of the peer's waiting messages", found: all, max: WAITING_BYTES_MAX };
    return undefined;
  }

  #count(bytes: number): void {
    this.#arrivedBytes += bytes;
    this.waiting.bytes += bytes;
  }

  /** The next message; what arrived before the session ended still counts. */
  take(): Promise<Arrived> {
    const first = this.#arrived.shift();
    if (first !== undefined) {
      this.consumed++;
      this.#count(-first.body.length);
      return Promise.resolve(first);
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Gives up waiting, so that a message which comes later is still there to be taken. */
  stopWaiting(failure: () => Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(failure());
  }

  /**
   * The other side has ended: nothing more will come. The failure is made for whoever meets it, since
   * every session ends, and most are not waited for then.
   */
  fail(failure: () => Error): void {
    this.#failure ??= failure;
    this.stopWaiting(this.#failure);
  }

  /** The peer has made durable all below the number. @returns whether that was news */
  delivered(durable: number): boolean {
    const before = this.outgoing.length;
    this.outgoing = this.outgoing.filter(({ sequence }) => sequence >= durable);
    this.stored = Math.max(this.stored, durable);
    return this.outgoing.length < before;
  }

  frameOf({ sequence, name, body }: Outgoing): Uint8Array {
    const { id, side, protocol } = this.place;
    this.told = this.consumedDurably;
    const opens = side === "initiator" && sequence === 0;
    return encodeSessionFrame({
      kind: "message",
      session: id,
      from: side,
      received: this.expected,
      durable: this.consumedDurably,
      sequence,
      ...(sequence < this.left ? { again: "yes" as const } : {}),
      ...(opens ? { open: { protocol: protocol.name, version: protocol.version } } : {}),
      name,
      body,
    });
  }

  progressFrame(): Uint8Array {
    const { id: session, side: from } = this.place;
    const { expected: received, consumedDurably: durable } = this;
    this.told = durable;
    return encodeSessionFrame({ kind: "progress", session, from, received, durable });
  }
}

/** The failure that a peer told of, or that the session is simply over. */
export function endOf(
  peer: string,
  fault: { code: string; detail: string; facts: string } | undefined,
): Error {
  if (fault === undefined)
    return new FlowError({ code: "flow/session-ended", peer, reason: "the other flow has ended" });
  return new FlowFailure(fault.code, fault.detail, { ...parsedFacts(fault.facts), toldBy: peer });
}

function parsedFacts(facts: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(facts);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
