import { RequestError } from "../request-error.ts";
import { portIfFree } from "./free-port.ts";

const TRIES = 5;

/** Gives out ports of this machine that are free, none of them twice. */
export class Ports {
  readonly #given = new Set<number>();

  /** @throws RequestError `network/port-busy` */
  async exactly(port: number, part: string): Promise<number> {
    if ((await portIfFree(port)) === undefined)
      throw new RequestError(
        "network/port-busy",
        `Port ${port} (${part}) is in use by another process: choose another --base-port, or leave it out`,
        { port },
      );
    this.#given.add(port);
    return port;
  }

  /** That one where it is free, or else any. @throws RequestError `network/no-free-port` */
  async preferably(port: number | undefined): Promise<number> {
    for (let tried = 0; tried < TRIES; tried++) {
      const found = await portIfFree(tried === 0 ? (port ?? 0) : 0);
      if (found === undefined || this.#given.has(found)) continue;
      this.#given.add(found);
      return found;
    }
    throw new RequestError("network/no-free-port", "This machine has no free port");
  }
}
