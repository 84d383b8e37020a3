import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

type Asked = { id: number; method: string; params: Record<string, unknown> };
/** What a member answers to a call: a result, or the whole answer as text. */
export type RpcHandler = (asked: Asked) => { result: unknown } | { error: unknown } | string;

const WEB_SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** As much of CometBFT's RPC as a client meets: JSON over HTTP, and events over a WebSocket. */
export class RpcServer {
  readonly asked: Asked[] = [];
  /** The queries subscribed to on the newest connection. */
  readonly subscribed: string[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(handle: RpcHandler) {
    this.#server = createServer((request, response) => {
      void bodyOf(request).then((text) => {
        const asked = JSON.parse(text) as Asked;
        this.asked.push(asked);
        const answer = handle(asked);
        const whole =
          typeof answer === "string" ? answer : { jsonrpc: "2.0", id: asked.id, ...answer };
        response.end(typeof whole === "string" ? whole : JSON.stringify(whole));
      });
    });
    this.#server.on("upgrade", (request, socket) => this.#upgrade(request, socket));
  }

  static async start(handle: RpcHandler): Promise<RpcServer> {
    const server = new RpcServer(handle);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Tells of an event on the subscription with this index. */
  tell(query: number, value: unknown): void {
    this.tellText(JSON.stringify({ jsonrpc: "2.0", id: query, result: { data: { value } } }));
  }

  tellText(text: string): void {
    for (const socket of this.#sockets) socket.write(frame(text));
  }

  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.disconnect();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #upgrade(request: IncomingMessage, socket: Duplex): void {
    const key = request.headers["sec-websocket-key"] ?? "";
    const accept = createHash("sha1")
      .update(key + WEB_SOCKET_GUID)
      .digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    this.connections++;
    this.subscribed.length = 0;
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    let rest = Buffer.alloc(0);
    socket.on("data", (part: Buffer) => {
      rest = Buffer.concat([rest, part]);
      for (let message = unframe(rest); message !== undefined; message = unframe(rest)) {
        rest = rest.subarray(message.length);
        if (message.text !== "") this.#subscribe(socket, JSON.parse(message.text) as Asked);
      }
    });
  }

  #subscribe(socket: Duplex, { id, params }: Asked): void {
    this.subscribed.push(String(params.query));
    socket.write(frame(JSON.stringify({ jsonrpc: "2.0", id, result: {} })));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  return Buffer.concat(parts).toString("utf8");
}

/** RFC 6455: one unmasked frame of text. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.alloc(10);
  head[0] = 0x81;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

/** A masked frame of under 64 KiB, as a client sends it; those that are no text are empty. */
function unframe(bytes: Buffer): { length: number; text: string } | undefined {
  if (bytes.length < 2) return undefined;
  const isLong = ((bytes[1] ?? 0) & 127) === 126;
  const head = isLong ? 4 : 2;
  if (bytes.length < head + 4) return undefined;
  const size = isLong ? bytes.readUInt16BE(2) : (bytes[1] ?? 0) & 127;
  const length = head + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(head, head + 4);
  const payload = bytes.subarray(head + 4, length).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  const isText = ((bytes[0] ?? 0) & 15) === 1;
  return { length, text: isText ? Buffer.from(payload).toString("utf8") : "" };
}
