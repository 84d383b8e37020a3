import { bytes, choice, decode, encode, record, text, uint } from "@stateset/codec";
import type { OutgoingMessage } from "../ports/store.ts";
import { FlowSession, type Outgoing, type SessionPlace } from "./flow-session.ts";
import { MESSAGE_BYTES_MAX } from "./session-frame.ts";
import { sessionIdOf, uuidOf } from "./session-id.ts";

/** A message as the outbox keeps it: enough to send it again without the flow that sent it. */
const storedSchema = record({
  side: choice("initiator", "responder"),
  protocol: text({ min: 1, max: 128 }),
  version: uint({ max: 0xffff }),
  name: text({ min: 1, max: 64 }),
  body: bytes({ max: MESSAGE_BYTES_MAX }),
});

export function outboxMessage(
  flowId: string,
  { id, side, peer, protocol }: SessionPlace,
  { sequence, name, body }: Outgoing,
): OutgoingMessage {
  const stored = { side, protocol: protocol.name, version: protocol.version, name, body };
  return { flowId, session: uuidOf(id), sequence, peer, body: encode(storedSchema, stored) };
}

/** The sessions that have undelivered messages. */
export function sessionsOf(messages: readonly OutgoingMessage[]): Map<string, FlowSession> {
  const sessions = new Map<string, FlowSession>();
  for (const { session: uuid, sequence, peer, body: stored } of messages) {
    const id = sessionIdOf(uuid);
    const { side, protocol, version, name, body } = decode(storedSchema, stored);
    let session = sessions.get(id);
    if (session === undefined) {
      session = new FlowSession({ id, side, peer, protocol: { name: protocol, version } });
      sessions.set(id, session);
    }
    session.restore({ sequence, name, body });
  }
  return sessions;
}
