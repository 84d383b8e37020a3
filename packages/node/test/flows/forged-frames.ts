import { randomBytes } from "node:crypto";
import {
  bytes,
  choice,
  decode,
  encode,
  hex,
  optional,
  record,
  text,
  uint,
  union,
} from "@stateset/codec";

const said = text({ max: 16_384 });

/** Session frames as another implementation would write them. */
const frameSchema = union({
  message: record({
    session: hex({ length: 16 }),
    from: choice("initiator", "responder"),
    received: uint(),
    durable: uint(),
    sequence: uint(),
    again: optional(choice("yes")),
    open: optional(record({ protocol: text({ max: 128 }), version: uint() })),
    name: text({ max: 64 }),
    body: bytes({ max: 30 << 20 }),
  }),
  progress: record({
    session: hex({ length: 16 }),
    from: choice("initiator", "responder"),
    received: uint(),
    durable: uint(),
  }),
  end: record({
    session: hex({ length: 16 }),
    from: choice("initiator", "responder"),
    fault: optional(record({ code: said, detail: said, facts: said })),
  }),
});

const body = encode(record({ text: text({ max: 64 }) }), { text: "hush" });
const begin = {
  kind: "message",
  from: "initiator",
  received: 0,
  durable: 0,
  sequence: 0,
  name: "question",
} as const;
const open = { protocol: "talk/ask", version: 1 };
const anySession = () => randomBytes(16).toString("hex");

/** Each opens a session, whose responder then waits for what never comes. */
export function* sessionFrames(count: number): Iterable<Uint8Array> {
  for (let i = 0; i < count; i++)
    yield encode(frameSchema, { ...begin, session: anySession(), open, body });
}

/** Of sessions that nobody knows, in every form, some of the largest size. */
export function* unaskedFrames(count: number): Iterable<Uint8Array> {
  const large = new Uint8Array(29 << 20);
  const unknown = { protocol: "talk/none", version: 9 };
  for (let i = 0; i < count; i++) {
    const session = anySession();
    yield encode(frameSchema, { ...begin, session, open: unknown, body: large });
    yield encode(frameSchema, { ...begin, session, open, body: large });
    yield encode(frameSchema, { ...begin, session, again: "yes", sequence: 7, body });
    yield encode(frameSchema, { ...begin, session, from: "responder", body });
    const counts = { received: 9, durable: 9 };
    yield encode(frameSchema, { kind: "progress", session, from: "initiator", ...counts });
    yield encode(frameSchema, { kind: "progress", session, from: "responder", ...counts });
  }
}

/** What a frame says: a message's name, or what else it is. */
export function frameName(frame: Uint8Array): string {
  const decoded = decode(frameSchema, frame);
  return decoded.kind === "message" ? decoded.name : decoded.kind;
}
