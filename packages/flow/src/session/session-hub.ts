import type { IdentityId } from "@stateset/ledger";
import { FlowError } from "../flow-service.ts";
import type { Log } from "../log.ts";
import type { Network, PeerRun } from "../ports/network.ts";
import type { FlowRecord } from "../ports/store.ts";
import { endOf, FlowSession } from "./flow-session.ts";
import {
  decodeSessionFrame,
  encodeSessionFrame,
  type MessageFrame,
  type SessionFrame,
} from "./session-frame.ts";

export type SessionHost = {
  /**
   * A peer opens a session.
   * @returns why it cannot, or undefined where a responder took it
   */
  responder(session: FlowSession): { code: string; detail: string } | undefined;
  /** A responder's flow as it is stored, by the session that it answers. */
  storedFlow(session: string): Promise<FlowRecord | undefined>;
  /** The peer has made durable what the outbox kept. */
  delivered(session: FlowSession, upTo: number): void;
};

/**
 * All sessions of a node: sends their messages, again after every new connection until the receiver
 * has made them durable, and hands on what arrives.
 */
export class SessionHub {
  readonly #sessions = new Map<string, FlowSession>();
  readonly #byPeer = new Map<IdentityId, Map<string, FlowSession>>();
  readonly #runs = new Map<IdentityId, PeerRun>();
  readonly #up = new Set<IdentityId>();
  readonly #network: Network;
  readonly #host: SessionHost;
  readonly #log: Log;

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
    const { id, peer } = session.place;
    this.#sessions.set(id, session);
    let sessions = this.#byPeer.get(peer);
    if (sessions === undefined) {
      sessions = new Map();
      this.#byPeer.set(peer, sessions);
    }
    sessions.set(id, session);
    this.#network.connect(peer);
  }

  remove(session: FlowSession): void {
    const { id, peer } = session.place;
    if (this.#sessions.get(id) !== session) return;
    this.#sessions.delete(id);
    this.#byPeer.get(peer)?.delete(id);
  }

  find(id: string): FlowSession | undefined {
    return this.#sessions.get(id);
  }

  incarnationOf(peer: IdentityId): string | undefined {
    return this.#runs.get(peer)?.incarnation;
  }

  /** Sends what may leave and has not left yet. */
  transmit(session: FlowSession): void {
    const { peer } = session.place;
    if (!this.#up.has(peer)) return;
    for (const message of session.outgoing) {
      if (message.sequence < session.transmitted) continue;
      if (message.sequence >= session.released) return;
      if (!this.#network.send(peer, session.frameOf(message, false))) return;
      session.transmitted = message.sequence + 1;
    }
  }

  /** Tells the peer how far this side has come. */
  tellProgress(session: FlowSession): void {
    this.#network.send(session.place.peer, session.progressFrame());
  }

  /** Asks an initiator for all of a session, of which nothing is left on this side. */
  askAgain({ id: session, peer }: { id: string; peer: IdentityId }): void {
    const nothing = { received: 0, durable: 0 };
    const frame = { kind: "progress", session, from: "responder", ...nothing } as const;
    this.#network.send(peer, encodeSessionFrame(frame));
  }

  /** Tells the peer that this side has ended before its time. */
  tellEnd(session: FlowSession, problem?: { code: string; detail: string; facts?: object }): void {
    const { id, side, peer } = session.place;
    this.#sendEnd(peer, id, side, problem);
  }

  peerUp(peer: IdentityId, run: PeerRun): void {
    this.#runs.set(peer, run);
    this.#up.add(peer);
    for (const session of [...(this.#byPeer.get(peer)?.values() ?? [])]) {
      if (session.peerIncarnation !== undefined && session.peerIncarnation !== run.incarnation) {
        session.fail(new FlowError({ code: "flow/peer-restored", peer }));
        continue;
      }
      this.#transmitAgain(session);
      // An initiator that has forgotten the session will say so.
      if (session.place.side === "responder") this.tellProgress(session);
    }
  }

  peerDown(peer: IdentityId): void {
    this.#up.delete(peer);
  }

  drain(peer: IdentityId): void {
    for (const session of this.#byPeer.get(peer)?.values() ?? []) this.transmit(session);
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
    const session = this.#sessions.get(frame.session);
    if (session === undefined) {
      this.#strange(peer, frame);
      return;
    }
    if (session.place.peer !== peer || session.place.side === frame.from) {
      this.#log("warn", "frame for somebody else's session", { peer, session: frame.session });
      return;
    }
    if (frame.kind === "end") {
      session.fail(endOf(peer, frame.fault));
      if (session.outgoing.length > 0) this.#delivered(session, session.nextSequence);
      return;
    }
    this.#delivered(session, frame.durable);
    if (frame.kind === "message") this.#message(session, frame);
    else if (frame.received < session.transmitted) this.#catchUp(session, frame.received);
  }

  #message(session: FlowSession, frame: MessageFrame): void {
    session.peerIncarnation ??= this.incarnationOf(session.place.peer);
    if (session.outcome !== undefined) {
      this.#transmitAgain(session);
      this.tellEnd(session, session.outcome.error);
    } else if (frame.sequence < session.consumedDurably) this.tellProgress(session);
    else session.accept(frame);
  }

  /** The peer has lost what was only in its memory. */
  #catchUp(session: FlowSession, received: number): void {
    const { peer } = session.place;
    const first = session.outgoing[0]?.sequence ?? session.transmitted;
    if (received < first) session.fail(new FlowError({ code: "flow/peer-restored", peer }));
    else this.#transmitAgain(session);
  }

  #transmitAgain(session: FlowSession): void {
    for (const message of session.outgoing)
      if (message.sequence < session.transmitted)
        this.#network.send(session.place.peer, session.frameOf(message, true));
    this.transmit(session);
  }

  #delivered(session: FlowSession, durable: number): void {
    const upTo = Math.min(durable, session.nextSequence);
    if (session.delivered(upTo)) this.#host.delivered(session, upTo);
  }

  /** A frame of a session that is not known here: a new one, one that has ended, or one that is lost. */
  #strange(peer: IdentityId, frame: SessionFrame): void {
    if (frame.kind === "end") return;
    if (frame.from === "responder") {
      this.#sendEnd(peer, frame.session, "initiator", undefined);
      return;
    }
    const isNew = frame.kind === "message" && frame.open !== undefined && frame.again === undefined;
    if (isNew) this.#open(peer, frame);
    else void this.#lookUp(peer, frame);
  }

  async #lookUp(peer: IdentityId, frame: Exclude<SessionFrame, { kind: "end" }>): Promise<void> {
    const { session: id } = frame;
    let record: FlowRecord | undefined;
    try {
      record = await this.#host.storedFlow(id);
    } catch {
      return; // Nobody can tell now; the peer will come again.
    }
    if (this.#sessions.has(id)) {
      this.frame(peer, encodeSessionFrame(frame)); // It came back to life meanwhile.
      return;
    }
    if (record !== undefined) {
      if (record.initiator !== peer || record.endedAt === undefined) return;
      this.#sendEnd(peer, id, "responder", record.error);
    } else if (frame.kind === "message" && frame.open !== undefined) this.#open(peer, frame);
    // Its beginning is gone with an earlier run of this process.
    else if (frame.kind === "message" || frame.received > 0) this.askAgain({ id, peer });
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
    problem?: { code: string; detail: string; facts?: object },
  ): void {
    const fault = problem && {
      code: problem.code.slice(0, 128),
      detail: problem.detail.slice(0, 4096).toWellFormed(),
      facts: boundedFacts(problem.facts),
    };
    const end = { kind: "end", session, from, ...(fault === undefined ? {} : { fault }) } as const;
    this.#network.send(peer, encodeSessionFrame(end));
  }
}

const FACTS_LENGTH_MAX = 16_000;

function boundedFacts(facts: object | undefined): string {
  const written = JSON.stringify(facts ?? {}, (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return written.length > FACTS_LENGTH_MAX ? "{}" : written;
}
