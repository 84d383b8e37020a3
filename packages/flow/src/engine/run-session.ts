import { CodecError, decode, encode } from "@stateset/codec";
import type { Party } from "@stateset/ledger";
import { FlowError } from "../flow-service.ts";
import type { MessageDefinition, Protocol } from "../protocol.ts";
import type { FlowSession } from "../session/flow-session.ts";
import { MESSAGE_BYTES_MAX } from "../session/session-frame.ts";
import type { EngineServices } from "./engine-services.ts";
import type { FlowRun } from "./flow-run.ts";
import { encodeValue } from "./journal.ts";
import { receivedSchema, type SentMessage } from "./journaled-results.ts";

/** A session as its flow sees it: messages by name, checked by their schemas. */
export class RunSession {
  readonly peer: Party;
  readonly #session: FlowSession;
  readonly #protocol: Protocol;
  readonly #run: FlowRun;
  readonly #on: EngineServices;

  constructor(
    session: FlowSession,
    protocol: Protocol,
    peer: Party,
    run: FlowRun,
    on: EngineServices,
  ) {
    this.#session = session;
    this.#protocol = protocol;
    this.peer = peer;
    this.#run = run;
    this.#on = on;
  }

  async send(message: string, content: unknown): Promise<void> {
    const session = this.#session;
    const { schema, repeatable, informs } = this.#definition(message);
    if (informs !== true) session.isAwaited = true;
    const body = encode(schema, content as never);
    if (body.length > MESSAGE_BYTES_MAX)
      throw new FlowError({
        code: "flow/too-large",
        what: message,
        found: body.length,
        max: MESSAGE_BYTES_MAX,
      });
    // Of what is repeatable the content may differ when it is said again.
    const said = repeatable === true ? message : `${message} ${body.length}`;
    await this.#run.effect("send", said, () => {
      const sequence = session.nextSequence;
      session.enqueue(message, body);
      return encodeValue({ session: session.place.id, sequence } satisfies SentMessage);
    });
    if (session.nextSequence === session.released) return; // It was sent before.
    if (repeatable !== true) await this.#run.flush();
    await this.#run.goesOn();
    session.released = session.nextSequence;
    this.#on.transmit(session);
  }

  async receive(message: string, { timeoutMs }: { timeoutMs?: number } = {}): Promise<unknown> {
    const session = this.#session;
    const { schema } = this.#definition(message);
    const encoded = await this.#run.effect("receive", message, async () => {
      const cancel = this.#startTimer(message, timeoutMs);
      try {
        const { name, body } = await this.#on.waiting(this.#run, message, session.take());
        const { peerIncarnation: incarnation } = session;
        return encode(receivedSchema, {
          session: session.place.id,
          ...(incarnation === undefined ? {} : { incarnation }),
          name,
          body,
        });
      } finally {
        cancel();
      }
    });
    const { name: found, body } = decode(receivedSchema, encoded as Uint8Array);
    if (found !== message)
      throw new FlowError({ code: "flow/unexpected-message", expected: message, found });
    return this.#decoded(message, schema, body);
  }

  #definition(message: string): MessageDefinition {
    const definition = this.#protocol.messages[message];
    if (definition === undefined) throw new Error(`${this.#protocol.name} has no ${message}`);
    return definition;
  }

  #decoded(message: string, schema: MessageDefinition["schema"], body: Uint8Array): unknown {
    try {
      return decode(schema, body);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      const { path, message: reason } = error;
      const field = String(path);
      throw new FlowError({ code: "flow/message-malformed", message, field, reason });
    }
  }

  #startTimer(message: string, timeoutMs: number | undefined): () => void {
    if (timeoutMs === undefined) return () => {};
    return this.#on.after(timeoutMs, () => {
      const what = `${message} of ${this.peer.name}`;
      this.#session.stopWaiting(
        () => new FlowError({ code: "flow/timed-out", what, afterMs: timeoutMs }),
      );
    });
  }
}
