import { type NetworkHandlers, RemoteFailure } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import { BODY_BYTES_MAX, encodeFailure } from "../wire/message.ts";
import type { Connection } from "./connection.ts";
import { REQUESTS_IN_FLIGHT_MAX } from "./outgoing-requests.ts";

/** Serves a peer's requests, a bounded number at a time. */
export class IncomingRequests {
  readonly #peer: IdentityId;
  readonly #handlers: () => NetworkHandlers | undefined;
  /** Of all the peer's connections: what a lost one asked is still being worked on. */
  #serving = 0;

  constructor(peer: IdentityId, handlers: () => NetworkHandlers | undefined) {
    this.#peer = peer;
    this.#handlers = handlers;
  }

  async serve(
    connection: Connection,
    { id, name }: { id: number; name: string },
    body: Uint8Array,
  ): Promise<void> {
    // One that was reconnected may ask as much again as what is still worked on.
    if (this.#serving >= 2 * REQUESTS_IN_FLIGHT_MAX) {
      refuse(connection, id, overloaded(this.#serving));
      return;
    }
    this.#serving++;
    try {
      const answer = await this.#handlers()?.request(this.#peer, name, body);
      if (answer === undefined) return;
      if (answer.length > BODY_BYTES_MAX) throw tooLarge("answer", answer);
      connection.write({ kind: "answer", id }, answer);
    } catch (error) {
      refuse(connection, id, error);
    } finally {
      this.#serving--;
    }
  }
}

function refuse(connection: Connection, id: number, error: unknown): void {
  const { code, body } = encodeFailure(error);
  connection.write({ kind: "failure", id, code }, body);
}

function overloaded(serving: number): RemoteFailure {
  const facts = { serving, max: 2 * REQUESTS_IN_FLIGHT_MAX };
  return new RemoteFailure("network/overloaded", "too many requests at a time", facts);
}

export function tooLarge(what: string, bytes: Uint8Array): RemoteFailure {
  const facts = { what, found: bytes.length, max: BODY_BYTES_MAX };
  return new RemoteFailure("network/too-large", `the ${what} is too large`, facts);
}
