import { decode } from "@stateset/codec";
import type { StateRef, TransactionId } from "@stateset/ledger";
import type { FlowRecord } from "../ports/store.ts";
import { FlowSession } from "../session/flow-session.ts";
import { sessionIdOf } from "../session/session-id.ts";
import { protocolVersion } from "./flow-registry.ts";
import { FlowRun, type RunHost, type SignedMark } from "./flow-run.ts";
import { decodeValue, type JournalEntry } from "./journal.ts";
import { type OpenedSession, receivedSchema, type SentMessage } from "./journaled-results.ts";

/** A run that is about to replay, with what its journal says of sessions and coins. */
export type RestoredRun = {
  run: FlowRun;
  /** By id; of a responder, the session that it answers among them. */
  sessions: Map<string, FlowSession>;
  claimed: StateRef[];
};

/**
 * Prepares a flow to be run again from its journal. Sessions get their counts before the network
 * starts, so that what peers send meanwhile is neither lost nor taken twice.
 */
export function restoreRun(
  record: FlowRecord,
  journal: readonly JournalEntry[],
  on: { host: RunHost; undelivered: ReadonlyMap<string, FlowSession> },
): RestoredRun {
  const run = new FlowRun(record, on.host, journal);
  const sessions = new Map<string, FlowSession>();
  if (record.initiator !== undefined) {
    const id = sessionIdOf(record.id);
    const protocol = { name: record.flow, version: protocolVersion(record) };
    const place = { id, side: "responder", peer: record.initiator, protocol } as const;
    sessions.set(id, on.undelivered.get(id) ?? new FlowSession(place));
  }
  const claimed: StateRef[] = [];
  const sent = new Map<string, number>();
  for (const { effect, result } of journal) {
    if (result === undefined) continue;
    if (effect === "open") {
      const { id, peer, protocol } = decodeValue(result) as OpenedSession;
      const place = { id, side: "initiator", peer, protocol } as const;
      const session = on.undelivered.get(id) ?? new FlowSession(place);
      sessions.set(id, session);
    } else if (effect === "send") {
      const { session, sequence } = decodeValue(result) as SentMessage;
      sent.set(session, sequence + 1);
    } else if (effect === "receive") {
      const { session: id, incarnation } = decode(receivedSchema, result);
      const session = sessions.get(id);
      if (session === undefined) continue;
      session.consumed++;
      session.consumedDurably++;
      session.peerIncarnation = incarnation;
    } else if (effect === "sign") {
      const { id, ...mark } = decodeValue(result) as SignedMark & { id: TransactionId };
      run.signed.set(id, mark);
    } else if (effect === "record") run.signed.delete(decodeValue(result) as TransactionId);
    else if (effect === "claim") claimed.push(...(decodeValue(result) as StateRef[]));
  }
  for (const [id, count] of sent) sessions.get(id)?.replaySend(count - 1);
  return { run, sessions, claimed };
}
