import {
  CodecError,
  decode,
  encode,
  HASH_BYTES,
  hex,
  type Infer,
  record,
  text,
  uint,
  union,
} from "@stateset/codec";
import { RemoteFailure } from "@stateset/flow";
import type { IdentityId, NetworkId } from "@stateset/ledger";
import { NetworkError } from "../network-error.ts";
import { LENGTH_BYTES } from "./frame-reader.ts";

/** Changes with anything that an older node would not understand. */
export const PROTOCOL_VERSION = 0;
const ID_MAX = 0xffff_ffff;
const id = uint({ max: ID_MAX });

export const helloSchema = record({
  version: uint({ max: 0xffff }),
  network: hex<NetworkId>({ length: HASH_BYTES }),
  identity: hex<IdentityId>({ length: HASH_BYTES }),
  incarnation: text({ min: 1, max: 128 }),
  run: uint(),
});
export type Hello = Infer<typeof helloSchema>;

/** What a message is; its bytes, if it has any, follow unencoded, so that they are not copied. */
const headSchema = union({
  hello: helloSchema,
  frame: record({}),
  request: record({ id, name: text({ min: 1, max: 128 }) }),
  answer: record({ id }),
  failure: record({ id, code: text({ min: 1, max: 128 }) }),
  ping: record({}),
  pong: record({}),
  /** The reason why the sender closes the connection. */
  bye: record({ reason: text({ min: 1, max: 128 }) }),
});
export type Head = Infer<typeof headSchema>;

const HEAD_LENGTH_BYTES = 2;
const HEAD_BYTES_MAX = 1024;
/** A signed transaction of 24 MiB with what surrounds it. */
export const BODY_BYTES_MAX = 32 << 20;
export const FRAME_BYTES_MAX = HEAD_LENGTH_BYTES + HEAD_BYTES_MAX + BODY_BYTES_MAX;
/** Before a peer has said who it is, nothing longer than a hello is read. */
export const HELLO_BYTES_MAX = HEAD_LENGTH_BYTES + HEAD_BYTES_MAX;

const encodedFrameHead = encode(headSchema, { kind: "frame" });

/**
 * The length of all that follows (4 bytes), the length of the head (2 bytes), and the head; the
 * body, which the lengths count, is for the caller to write behind it.
 */
export function encodeHead(head: Head, bodyBytes = 0): Uint8Array {
  const encoded = head.kind === "frame" ? encodedFrameHead : encode(headSchema, head);
  const prefix = LENGTH_BYTES + HEAD_LENGTH_BYTES;
  const bytes = Buffer.allocUnsafe(prefix + encoded.length);
  bytes.writeUInt32BE(HEAD_LENGTH_BYTES + encoded.length + bodyBytes, 0);
  bytes.writeUInt16BE(encoded.length, LENGTH_BYTES);
  bytes.set(encoded, prefix);
  return bytes;
}

/**
 * What stands in a frame behind its length. The body is a view of it.
 * @throws NetworkError `network/frame-malformed`
 */
export function decodeMessage(frame: Uint8Array): { head: Head; body: Uint8Array } {
  if (frame.length < HEAD_LENGTH_BYTES) throw malformed("it ends inside the length of its head");
  const headBytes = (frame[0] as number) * 256 + (frame[1] as number);
  const end = HEAD_LENGTH_BYTES + headBytes;
  if (headBytes > HEAD_BYTES_MAX || end > frame.length)
    throw malformed("its head is longer than it may be");
  try {
    const head = decode(headSchema, frame.subarray(HEAD_LENGTH_BYTES, end));
    return { head, body: frame.subarray(end) };
  } catch (error) {
    if (error instanceof CodecError) throw malformed(error.message);
    throw error;
  }
}

/** What a failure's facts and message may take as JSON; longer ones are left out. */
const FAILURE_BYTES_MAX = 64 << 10;
const FAILURE_CODE = /^[a-z0-9/-]{1,128}$/;

/** A failure as it crosses the wire: JSON, where big integers are decimal text. */
export function encodeFailure(error: unknown): { code: string; body: Uint8Array } {
  if (!(error instanceof RemoteFailure) || !FAILURE_CODE.test(error.code))
    return { code: "network/failed", body: failureBody("the request failed", {}) };
  try {
    const body = failureBody(error.message, error.facts);
    if (body.length <= FAILURE_BYTES_MAX) return { code: error.code, body };
  } catch (fault) {
    // Facts that refer to themselves: the code still tells what happened.
    if (!(fault instanceof TypeError)) throw fault;
  }
  return { code: error.code, body: failureBody("its facts cannot be sent", {}) };
}

function failureBody(message: string, facts: Record<string, unknown>): Uint8Array {
  const json = JSON.stringify({ message, facts }, (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return new TextEncoder().encode(json);
}

/** @throws NetworkError `network/frame-malformed` */
export function decodeFailure(code: string, body: Uint8Array): RemoteFailure {
  if (body.length > FAILURE_BYTES_MAX || !FAILURE_CODE.test(code))
    throw malformed("a failure is too large, or has no code");
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (isRecord(parsed) && typeof parsed.message === "string" && isRecord(parsed.facts))
      return new RemoteFailure(code, parsed.message, parsed.facts);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw malformed("a failure is not JSON with message and facts");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function malformed(reason: string): NetworkError {
  return new NetworkError({ code: "network/frame-malformed", reason: reason.slice(0, 512) });
}
