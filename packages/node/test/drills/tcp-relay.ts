import { once } from "node:events";
import {
  type AddressInfo,
  createConnection,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from "node:net";

type State = "open" | "cut" | "held";

/** A stretch of network between two programs, which can be cut, or swallow what it is given. */
export class TcpRelay {
  readonly #server: Server;
  readonly #target: NetConnectOpts;
  readonly #change: (fromTarget: Buffer) => Buffer;
  readonly #sockets = new Set<Socket>();
  #state: State = "open";

  private constructor(target: NetConnectOpts, change: (fromTarget: Buffer) => Buffer) {
    this.#target = target;
    this.#change = change;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** @param change of what the target says on its way back */
  static async to(
    target: NetConnectOpts,
    change = (fromTarget: Buffer) => fromTarget,
  ): Promise<TcpRelay> {
    const relay = new TcpRelay(target, change);
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections, and each new one as it comes. */
  cut(): void {
    this.#state = "cut";
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Connections stay and new ones are taken, but nothing passes, not even that one has ended. */
  hold(): void {
    this.#state = "held";
    for (const socket of this.#sockets) socket.pause();
  }

  /** Undoes `cut` and `hold`. What was held arrives late. */
  mend(): void {
    this.#state = "open";
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(near: Socket): void {
    if (this.#state === "cut") {
      near.destroy();
      return;
    }
    const far = createConnection(this.#target);
    this.#join(near, far, (chunk) => chunk);
    this.#join(far, near, this.#change);
  }

  #join(from: Socket, to: Socket, change: (chunk: Buffer) => Buffer): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on("data", (chunk) => to.write(change(chunk)));
    from.on("end", () => to.end());
    from.on("error", () => {}); // "close" follows
    from.on("close", () => {
      this.#sockets.delete(from);
      if (this.#state !== "held") to.destroy();
    });
    if (this.#state === "held") from.pause();
  }
}
