import { bytes, optional, record, text } from "@stateset/codec";
import type { IdentityId } from "@stateset/ledger";
import { MESSAGE_BYTES_MAX } from "../session/session-frame.ts";

/** What the journal has of `open`. */
export type OpenedSession = {
  id: string;
  peer: IdentityId;
  protocol: { name: string; version: number };
};

/** What the journal has of `send`. */
export type SentMessage = { session: string; sequence: number };

/** What the journal has of `receive`. */
export const receivedSchema = record({
  session: text({ max: 64 }),
  /** Of the peer's database; see `PeerRun`. */
  incarnation: optional(text({ max: 64 })),
  name: text({ max: 64 }),
  body: bytes({ max: MESSAGE_BYTES_MAX }),
});
