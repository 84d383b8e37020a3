import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { RequestError } from "../request-error.ts";

/** `isLast` where nothing will follow. */
export type StreamEvent = { id: number; name: string; data: string; isLast: boolean };

/** What a reader last saw, as it says in `Last-Event-ID`; -1 for nothing. */
export type SeenEvent = { id: number; isLast: boolean };

/** Each holds a connection and a listener. */
const STREAMS_MAX = 512;
/** A reader so far behind is let go: it comes back with the last id that it saw. */
const UNREAD_BYTES_MAX = 1 << 20;
/** Shorter than the minute after which proxies close what is silent. */
const HEARTBEAT_MS = 15_000;
/** How long a reader waits before it comes back. */
const RECONNECT_MS = 1000;

/** Behind the id of the last event, so that who comes back with it is known to have all. */
const LAST = ".end";

export function parseSeen(lastEventId: string | string[] | undefined): SeenEvent {
  const [, digits, last] = /^([0-9]{1,15})(\.end)?$/.exec(String(lastEventId)) ?? [];
  return digits === undefined
    ? { id: -1, isLast: false }
    : { id: Number(digits), isLast: last !== undefined };
}

/** The server-sent events that clients follow (the HTML standard, section 9.2). */
export class EventStreams {
  readonly #open = new Set<EventStream>();

  /**
   * Takes the answer over.
   * @throws RequestError `rest/too-many-streams`
   */
  open(reply: FastifyReply, seen: SeenEvent): EventStream {
    if (this.#open.size >= STREAMS_MAX)
      throw new RequestError(
        "rest/too-many-streams",
        `${STREAMS_MAX} clients follow events already: try again later`,
        { max: STREAMS_MAX },
      );
    reply.hijack();
    const stream = new EventStream(reply.raw, seen);
    this.#open.add(stream);
    stream.onEnd(() => this.#open.delete(stream));
    return stream;
  }

  endAll(): void {
    for (const stream of this.#open) stream.interrupt();
  }
}

export class EventStream {
  readonly #response: ServerResponse;
  readonly #seen: SeenEvent;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #whenEnded: (() => void)[] = [];
  #isEnded = false;

  constructor(response: ServerResponse, seen: SeenEvent) {
    this.#response = response;
    this.#seen = seen;
    this.#heartbeat = setInterval(() => this.#write(":\n\n"), HEARTBEAT_MS);
    response.once("close", () => this.#finish());
  }

  /** Events that the reader saw before it came back are passed over. */
  send({ id, name, data, isLast }: StreamEvent): void {
    const isSeen = id <= this.#seen.id || (isLast && this.#seen.isLast);
    if (!isSeen) this.#write(`id: ${id}${isLast ? LAST : ""}\nevent: ${name}\ndata: ${data}\n\n`);
    if (isLast) this.end();
  }

  /** Ends the answer; 204 where there was nothing new, which tells the reader not to come back. */
  end(): void {
    if (this.#isEnded) return;
    if (!this.#response.headersSent) this.#response.writeHead(204);
    this.#response.end();
    this.#finish();
  }

  /** Ends the answer before its time: the reader comes back, to this node's next run. */
  interrupt(): void {
    if (!this.#isEnded && !this.#response.headersSent) this.#writeHead();
    this.end();
  }

  /** Calls back when the stream ends, or at once where it has. */
  onEnd(callback: () => void): void {
    if (this.#isEnded) callback();
    else this.#whenEnded.push(callback);
  }

  #write(text: string): void {
    if (this.#isEnded) return;
    if (!this.#response.headersSent) this.#writeHead();
    this.#response.write(text);
    if (this.#response.writableLength > UNREAD_BYTES_MAX) this.#response.destroy();
  }

  #writeHead(): void {
    this.#response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Tells nginx not to gather events before passing them on.
      "x-accel-buffering": "no",
    });
    this.#response.write(`retry: ${RECONNECT_MS}\n\n`);
  }

  #finish(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearInterval(this.#heartbeat);
    for (const callback of this.#whenEnded) callback();
  }
}
