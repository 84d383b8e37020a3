import type { FastifyInstance } from "fastify";
import type { LoadedConfig } from "../config/read-config.ts";
import type { NodeDescription } from "../rest/node-routes.ts";
import { cannotListen } from "./start-failure.ts";

export type RunningNode = {
  description: NodeDescription;
  /** Where REST listens. */
  rest: string;
  /** Where other nodes connect. */
  p2p: { host: string; port: number };
  /** Resolves with what makes it useless to go on, if ever. */
  failed?: Promise<Error>;
  /** Stops accepting, lets what runs come to where it can be left, and closes. */
  stop(): Promise<void>;
};

/** What was opened, to be closed in the opposite order; a start that fails closes what it had. */
export class Closing {
  readonly #steps: (() => Promise<unknown> | unknown)[] = [];

  add(step: () => Promise<unknown> | unknown): void {
    this.#steps.push(step);
  }

  /** Closes all, whatever fails, and then throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** @throws RequestError `node/port-busy`, `node/cannot-listen` that name the key */
export async function listenRest(server: FastifyInstance, loaded: LoadedConfig): Promise<string> {
  const { host, port } = loaded.config.rest;
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw cannotListen("rest", { host, port, reason: code }, loaded.file);
  }
}
