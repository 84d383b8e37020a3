import {
  bytes,
  choice,
  decode,
  encode,
  hex,
  type Infer,
  optional,
  record,
  text,
  uint,
  union,
} from "@stateset/codec";

/** Signed transactions travel in messages; the network's frames are a little larger. */
export const MESSAGE_BYTES_MAX = 30 << 20;
const SESSION_ID_BYTES = 16;
const COUNT_MAX = 1 << 20;

const place = {
  session: hex({ length: SESSION_ID_BYTES }),
  /** Which side of the session sends this. */
  from: choice("initiator", "responder"),
};
/** How many of the other side's messages this side has consumed, and has made durable. */
const counts = { received: uint({ max: COUNT_MAX }), durable: uint({ max: COUNT_MAX }) };

/** A failure as it crosses the wire; facts are JSON. */
const faultSchema = record({
  code: text({ min: 1, max: 128 }),
  detail: text({ max: 4096 }),
  facts: text({ max: 16_384 }),
});

/** What the two sides of a session send each other. */
export const sessionFrameSchema = union({
  message: record({
    ...place,
    ...counts,
    sequence: uint({ max: COUNT_MAX }),
    /** It was sent before; the receiver may know the session, and have ended it. */
    again: optional(choice("yes")),
    /** On the initiator's first message. */
    open: optional(
      record({ protocol: text({ min: 1, max: 128 }), version: uint({ max: 0xffff }) }),
    ),
    name: text({ min: 1, max: 64 }),
    body: bytes({ max: MESSAGE_BYTES_MAX }),
  }),
  progress: record({ ...place, ...counts }),
  end: record({ ...place, fault: optional(faultSchema) }),
});
export type SessionFrame = Infer<typeof sessionFrameSchema>;
export type MessageFrame = Extract<SessionFrame, { kind: "message" }>;

export function encodeSessionFrame(frame: SessionFrame): Uint8Array {
  return encode(sessionFrameSchema, frame);
}

/** @throws CodecError */
export function decodeSessionFrame(encoded: Uint8Array): SessionFrame {
  return decode(sessionFrameSchema, encoded);
}
