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
  utf8,
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
/** How many of the other side's messages this side has, and how many it has made durable. */
const counts = { received: uint({ max: COUNT_MAX }), durable: uint({ max: COUNT_MAX }) };

const CODE_BYTES_MAX = 128;
const DETAIL_BYTES_MAX = 4096;
const FACTS_BYTES_MAX = 16_384;

/** A failure as it crosses the wire; facts are JSON. */
const faultSchema = record({
  code: text({ min: 1, max: CODE_BYTES_MAX }),
  detail: text({ max: DETAIL_BYTES_MAX }),
  facts: text({ max: FACTS_BYTES_MAX }),
});
type Fault = Infer<typeof faultSchema>;

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

/** A problem cut down to what a frame holds, whatever an app has put into it. */
export function faultOf(problem: { code: string; detail: string; facts?: object }): Fault {
  const facts = JSON.stringify(problem.facts ?? {}).normalize();
  const fault = {
    code: beginningOf(problem.code, CODE_BYTES_MAX) || UNNAMED,
    detail: beginningOf(problem.detail, DETAIL_BYTES_MAX),
    facts: utf8(facts).length > FACTS_BYTES_MAX ? "{}" : facts,
  };
  return [fault, { ...fault, detail: "", facts: "{}" }].find(isFault) ?? NOTHING_SAID;
}

const UNNAMED = "flow/unexpected";
const NOTHING_SAID: Fault = { code: UNNAMED, detail: "", facts: "{}" };

/** Text on the wire is stricter than an app's. */
function isFault(fault: Fault): boolean {
  try {
    encode(faultSchema, fault);
    return true;
  } catch {
    return false;
  }
}

/** As much of a text as fits, whole characters only. */
function beginningOf(text: string, bytesMax: number): string {
  const bytes = new Uint8Array(bytesMax);
  const { written } = new TextEncoder().encodeInto(text.toWellFormed().normalize(), bytes);
  return new TextDecoder().decode(bytes.subarray(0, written));
}

/** @throws CodecError */
export function decodeSessionFrame(encoded: Uint8Array): SessionFrame {
  return decode(sessionFrameSchema, encoded);
}
