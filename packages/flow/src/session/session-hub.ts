import type { IdentityId } from "@stateset/ledger";
import { FlowError } from "../flow-service.ts";
import type { Log } from "../log.ts";
import type { Network, PeerRun } from "../ports/network.ts";
import type { FlowRecord } from "../ports/store.ts";
import { endOf, FlowSession, type Waiting } from "./flow-session.ts";
import {
  decodeSessionFrame,
  encodeSessionFrame,
  faultOf,
  type MessageFrame,
  type SessionFrame,
} from "./session-frame.ts";

/** Frames of unknown sessions that wait for the store; a peer that sends more is a flood. */
const LOOK_UPS_MAX = 8192;
const LOOK_UP_BYTES_MAX = 64 << 20;
/** Frames that the network did not take, of a hundred bytes each. */
const UNSENT_MAX = 8192;

/** Why a peer does not begin a flow now, and would later. */
const REFUSED_FOR_NOW = ["flow/stopping", "flow/too-many"];

type EndFrame = Extract<SessionFrame, { kind: "end" }>;
type Problem = { code: string; detail: string; facts?: object };

export type SessionHost = {
  /**
   * A peer opens a session.
   * @returns why it cannot, or undefined where a responder took it
   */
  responder(session: FlowSession): Problem | undefined;
  /** A responder's flow as it is stored, by the session that it answers. */
  storedFlow(session: string): Promise<FlowRecord | undefined>;
  /** The peer has made durable what the outbox kept. */
  delivered(session: FlowSession, upTo: number): void;
};

type WaitingFrame = { frame: SessionFrame; bytes: number };

type Peer = {
  readonly sessions: Map<string, FlowSession>;
  readonly waiting: Waiting;
  run: PeerRun | undefined;
  isUp: boolean;
  /** Frames without a message, to be sent once the network takes some again. */
  unsent: Uint8Array[];
};

/**
 * All sessions of a node: sends their messages, again after every new connection until the receiver
 * has made them durable, and hands on what arrives.
 */
export class SessionHub {
  readonly #sessions = new Map<string, FlowSession>();
  readonly #peers = new Map<IdentityId, Peer>();
  readonly #network: Network;
  readonly #host: SessionHost;
  readonly #log: Log;
  readonly #waitingFrames = { count: 0, bytes: 0 };
  /** Frames of sessions that the store is asked about, by peer and session, in their order. */
  readonly #lookUps = new Map<string, WaitingFrame[]>();

  constructor(options: { network: Network; host: SessionHost; log: Log }) {
    this.#network = options.network;
    this.#host = options.host;
    this.#log = options.log;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Adds a session that a flow here opened, or whose flow is being run again. */
  add(session: FlowSession): void {
    const { id, peer: identity } = session.place;
    const peer = this.#peer(identity);
    const before = this.#sessions.get(id);
    if (before !== undefined && before !== session) this.remove(before);
    this.#sessions.set(id, session);
    peer.sessions.set(id, session);
    session.waiting = peer.waiting;
    this.#network.connect(identity);
    this.#transmitAgain(session);
  }

  remove(session: FlowSession): void {
    const { id, peer } = session.place;
    if (this.#sessions.get(id) !== session) return;
    session.drop();
    this.#sessions.delete(id);
    this.#peers.get(peer)?.sessions.delete(id);
  }

  find(id: string): FlowSession | undefined {
    return this.#sessions.get(id);
  }

  incarnationOf(peer: IdentityId): string | undefined {
    return this.#peers.get(peer)?.run?.incarnation;
  }

  /** Sends what may leave and has not left yet, and at the end of a flow that it was all. */
  transmit(session: FlowSession): void {
    const { peer } = session.place;
    if (this.#peers.get(peer)?.isUp !== true) return;
    for (const message of session.outgoing) {
      if (message.sequence < session.transmitted) continue;
      if (message.sequence >= session.released) return;
      if (!this.#network.send(peer, session.frameOf(message))) return;
      session.hasLeft(message);
    }
    if (session.outcome !== undefined) this.tellEnd(session, session.outcome.error);
  }

  /** Tells the peer how far this side has come. */
  tellProgress(session: FlowSession): void {
    this.#send(session.place.peer, session.progressFrame());
  }

  /** Asks an initiator for all of a session, of which nothing is left on this side. */
  askAgain({ id: session, peer }: { id: string; peer: IdentityId }): void {
    const nothing = { received: 0, durable: 0 };
    const frame = { kind: "progress", session, from: "responder", ...nothing } as const;
    this.#send(peer, encodeSessionFrame(frame));
  }

  /** Tells the peer that nothing more will come. */
  tellEnd(session: FlowSession, problem?: Problem): void {
    const { id, side, peer } = session.place;
    this.#sendEnd(peer, id, side, problem);
  }

  peerUp(identity: IdentityId, run: PeerRun): void {
    const peer = this.#peer(identity);
    peer.run = run;
    peer.isUp = true;
    // What follows says all of it again.
    peer.unsent = [];
    for (const session of [...peer.sessions.values()]) {
      const { peerIncarnation } = session;
      if (peerIncarnation !== undefined && peerIncarnation !== run.incarnation) {
        this.#lost(session);
        continue;
      }
      this.#transmitAgain(session);
      // Whoever has forgotten the session, or ended it while nobody could hear, will say so.
      if (session.outcome === undefined) this.tellProgress(session);
    }
  }

  peerDown(peer: IdentityId): void {
    this.#peer(peer).isUp = false;
  }

  drain(identity: IdentityId): void {
    const peer = this.#peer(identity);
    const { unsent } = peer;
    peer.unsent = [];
    for (const frame of unsent) this.#send(identity, frame);
    for (const session of peer.sessions.values()) this.transmit(session);
  }

  /** What arrives is hostile: it is decoded strictly, and counts only for sessions of its sender. */
  frame(peer: IdentityId, encoded: Uint8Array): void {
    let frame: SessionFrame;
    try {
      frame = decodeSessionFrame(encoded);
    } catch (error) {
      this.#log("warn", "malformed session frame", { peer, reason: (error as Error).message });
      return;
    }
    const before = this.#lookUps.get(`${peer} ${frame.session}`);
    if (before !== undefined) this.#wait(peer, before, { frame, bytes: encoded.length });
    else this.#take(peer, frame, encoded.length);
  }

  #take(peer: IdentityId, frame: SessionFrame, bytes: number): void {
    const session = this.#sessions.get(frame.session);
    if (session === undefined) {
      this.#strange(peer, frame, bytes);
      return;
    }
    if (session.place.peer !== peer || session.place.side === frame.from) {
      this.#log("warn", "frame for somebody else's session", { peer, session: frame.session });
      return;
    }
    if (frame.kind === "end") {
      this.#end(session, frame);
      return;
    }
    this.#delivered(session, frame.durable);
    if (frame.kind === "message") this.#message(session, frame);
    else if (frame.received < session.left) this.#catchUp(session, frame.received);
    else if (session.outcome !== undefined) this.transmit(session);
  }

  /**
   * What was sent before an end may have gone to an earlier run of the flow here: a peer that has
   * completed is asked whether that was all, and says its end again behind what is missing.
   */
  #end(session: FlowSession, { fault }: EndFrame): void {
    if (fault === undefined && session.outcome === undefined && !session.isEndTold) {
      session.isEndTold = true;
      this.tellProgress(session);
      return;
    }
    // What a flow left behind has time: it goes again with the next connection.
    const isLeft = session.outcome !== undefined && session.outgoing[0]?.sequence === 0;
    if (isLeft && REFUSED_FOR_NOW.includes(fault?.code ?? "")) return;
    session.fail(() => endOf(session.place.peer, fault));
    this.#delivered(session, session.nextSequence);
  }

  #message(session: FlowSession, frame: MessageFrame): void {
    session.peerIncarnation ??= this.incarnationOf(session.place.peer);
    if (session.outcome !== undefined) this.#transmitAgain(session);
    else if (frame.sequence < session.consumedDurably) this.tellProgress(session);
    else if (!session.accept(frame)) this.#mendGap(session, frame);
  }

  /** What came before was lost on the way, as where too much waited: the peer is asked for it, once. */
  #mendGap(session: FlowSession, { sequence }: MessageFrame): void {
    const { expected } = session;
    if (sequence <= expected || session.gapTold === expected) return;
    session.gapTold = expected;
    this.tellProgress(session);
  }

  /** The peer has lost what was only in its memory. */
  #catchUp(session: FlowSession, received: number): void {
    const first = session.outgoing[0]?.sequence ?? session.left;
    if (received < first) this.#lost(session);
    else this.#transmitAgain(session);
  }

  /** The peer's side of the session is gone for good. */
  #lost(session: FlowSession): void {
    session.fail(() => new FlowError({ code: "flow/peer-restored", peer: session.place.peer }));
    this.#delivered(session, session.nextSequence);
  }

  #transmitAgain(session: FlowSession): void {
    session.rewind();
    this.transmit(session);
  }

  #delivered(session: FlowSession, durable: number): void {
    const upTo = Math.min(durable, session.nextSequence);
    if (session.delivered(upTo)) this.#host.delivered(session, upTo);
  }

  /** A frame of a session that is not known here: a new one, one that has ended, or one that is lost. */
  #strange(peer: IdentityId, frame: SessionFrame, bytes: number): void {
    if (frame.kind === "end") return;
    if (frame.from === "responder") {
      this.#sendEnd(peer, frame.session, "initiator", undefined);
      return;
    }
    const isNew = frame.kind === "message" && frame.open !== undefined && frame.again === undefined;
    if (isNew) this.#open(peer, frame);
    else void this.#lookUp(peer, { frame, bytes });
  }

  /** What comes behind a frame waits with it: messages that overtook each other would be lost. */
  async #lookUp(peer: IdentityId, first: WaitingFrame): Promise<void> {
    const { session: id } = first.frame;
    const key = `${peer} ${id}`;
    const frames: WaitingFrame[] = [];
    this.#wait(peer, frames, first);
    if (frames.length === 0) return;
    this.#lookUps.set(key, frames);
    // Where nobody can tell now, the peer will come again.
    const stored = this.#host.storedFlow(id).then((record) => ({ record }));
    const found = await stored.catch(() => undefined);
    this.#lookUps.delete(key);
    this.#waitingFrames.count -= frames.length;
    for (const { bytes } of frames) this.#waitingFrames.bytes -= bytes;
    if (found === undefined) return;
    for (const { frame } of frames) this.#lookedUp(peer, frame, found.record);
  }

  #wait(peer: IdentityId, frames: WaitingFrame[], waiting: WaitingFrame): void {
    const all = this.#waitingFrames;
    if (all.count >= LOOK_UPS_MAX || all.bytes + waiting.bytes > LOOK_UP_BYTES_MAX) {
      this.#log("warn", "too many frames of unknown sessions", {
        peer,
        session: waiting.frame.session,
      });
      return;
    }
    all.count++;
    all.bytes += waiting.bytes;
    frames.push(waiting);
  }

  #lookedUp(peer: IdentityId, frame: SessionFrame, record: FlowRecord | undefined): void {
    const { session: id } = frame;
    if (this.#sessions.has(id)) {
      // It came to life meanwhile, and may have gone on: how far the peer was before counts no more.
      if (frame.kind !== "progress") this.#take(peer, frame, 0);
    } else if (frame.kind === "end") return;
    else if (record !== undefined) {
      if (record.initiator !== peer || record.endedAt === undefined) return;
      this.#sendEnd(peer, id, "responder", record.error);
    } else if (frame.kind === "message" && frame.open !== undefined) this.#open(peer, frame);
    // Its beginning is gone with an earlier run of this process.
    else this.askAgain({ id, peer });
  }

  #open(peer: IdentityId, frame: MessageFrame): void {
    const { protocol: name, version } = frame.open ?? { protocol: "", version: 0 };
    const place = {
      id: frame.session,
      side: "responder",
      peer,
      protocol: { name, version },
    } as const;
    const session = new FlowSession(place);
    this.add(session);
    this.#message(session, frame);
    const refusal = this.#host.responder(session);
    if (refusal === undefined) return;
    this.remove(session);
    this.tellEnd(session, refusal);
  }

  #sendEnd(
    peer: IdentityId,
    session: string,
    from: "initiator" | "responder",
    problem?: Problem,
  ): void {
    const fault = problem && faultOf(problem);
    const end = { kind: "end", session, from, ...(fault === undefined ? {} : { fault }) } as const;
    this.#send(peer, encodeSessionFrame(end));
  }

  /** Without a connection nothing need be kept: the next one begins with how far each side is. */
  #send(identity: IdentityId, frame: Uint8Array): void {
    const peer = this.#peer(identity);
    if (this.#network.send(identity, frame) || !peer.isUp) return;
    if (peer.unsent.length < UNSENT_MAX) peer.unsent.push(frame);
    else this.#log("warn", "too much is not sent to a slow peer", { peer: identity });
  }

  #peer(identity: IdentityId): Peer {
    let peer = this.#peers.get(identity);
    if (peer === undefined) {
      const waiting = { bytes: 0 };
      peer = { sessions: new Map(), waiting, run: undefined, isUp: false, unsent: [] };
      this.#peers.set(identity, peer);
    }
    return peer;
  }
}
