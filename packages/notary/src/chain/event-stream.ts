import type { Clock } from "@stateset/flow";
import { ChainError } from "./chain-error.ts";
import { JsonReader } from "./json-reader.ts";

export type EventStreamOptions = {
  /** Of the member's CometBFT, such as ws://127.0.0.1:26657/websocket. */
  url: string;
  /** In the language of CometBFT's subscriptions; at most five. */
  queries: readonly string[];
  clock: Clock;
  /** A new connection with all its subscriptions: what happened before it was not told of. */
  onUp(): void;
  onDown(): void;
  /** @param query the index of the one that the event answers */
  onEvent(query: number, data: JsonReader): void;
};

const NORMAL_CLOSURE = 1000;
const PAUSE_MS = 100;
const PAUSE_MS_MAX = 5_000;
/** The chain makes a block at least every second or so, and each is told of. */
const SILENCE_MS_MAX = 30_000;
/** An event of a whole transaction of our own is the largest. */
const EVENT_BYTES_MAX = 16 << 20;

/**
 * What a member tells of as it happens. Connects for ever, with growing pauses; what was missed
 * between two connections is for the listener to ask for.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  #socket: WebSocket | undefined;
  #failures = 0;
  #subscribed = 0;
  #isClosed = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#end();
  }

  #connect(): void {
    if (this.#isClosed) return;
    const { url, queries } = this.#options;
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#subscribed = 0;
    this.#watchSilence();
    socket.addEventListener("open", () => {
      for (const [id, query] of queries.entries())
        socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "subscribe", params: { query } }));
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket !== this.#socket) return;
      try {
        this.#receive(data);
      } catch {
        // A member that cannot be understood is as good as none.
        this.#end();
      }
    });
    const ended = () => {
      if (socket === this.#socket) this.#end();
    };
    socket.addEventListener("close", ended);
    socket.addEventListener("error", ended);
  }

  #receive(text: unknown): void {
    const { queries, onUp, onEvent } = this.#options;
    const message = read(text);
    const isAnswer = !message.at("id").isAbsent() && message.at("error").isAbsent();
    const query = message.at("id").count();
    // An error ends the subscription that it answers, and with it what can be relied upon.
    if (!isAnswer || query >= queries.length) throw message.malformed("no event");
    this.#watchSilence();
    const data = message.at("result", "data");
    if (!data.isAbsent()) onEvent(query, data);
    else if (this.#subscribed >= queries.length) throw message.malformed("no event");
    else if (++this.#subscribed === queries.length) {
      this.#failures = 0;
      onUp();
    }
  }

  #watchSilence(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(SILENCE_MS_MAX, () => this.#end());
  }

  /** Once for each connection, whichever side ends it. */
  #end(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    this.#cancelTimer();
    const wasUp = this.#subscribed === this.#options.queries.length;
    socket.close(NORMAL_CLOSURE);
    if (!this.#isClosed) {
      const pauseMs = Math.min(PAUSE_MS * 2 ** this.#failures++, PAUSE_MS_MAX);
      this.#cancelTimer = this.#options.clock.after(pauseMs, () => this.#connect());
    }
    if (wasUp) this.#options.onDown();
  }
}

function read(text: unknown): JsonReader {
  if (typeof text !== "string" || text.length > EVENT_BYTES_MAX)
    throw new ChainError({ code: "chain/answer-too-large", what: "event", max: EVENT_BYTES_MAX });
  return new JsonReader("event", JSON.parse(text));
}
