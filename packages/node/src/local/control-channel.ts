import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { RequestError } from "../request-error.ts";

export type ControlRequest = { command: "down" | "restart" | "status"; party?: string };
export type ControlAnswer =
  | { ok: true; value: unknown }
  | { ok: false; code: string; detail: string; facts: Record<string, unknown> };

const REQUEST_BYTES_MAX = 4096;
/** What a socket's path may have on every Unix: 104 bytes on macOS, 108 on Linux. */
const SOCKET_PATH_MAX = 100;
const CONNECT_TRIES = 3;
/** Longer than a node takes to stop and to start again. */
const ANSWER_MAX_MS = 120_000;

/**
 * How commands in other terminals talk to a running `network up`, and what keeps a second one off
 * the folder: the socket can be listened on only once, and ends with its process however it dies.
 */
export class ControlChannel {
  readonly #server: Server;
  readonly #path: string;

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  /** @throws RequestError `network/already-running` */
  static async open(
    folder: string,
    handle: (request: ControlRequest) => Promise<unknown>,
  ): Promise<ControlChannel> {
    const path = socketPath(folder);
    for (let tries = 1; ; tries++) {
      // Who asks ends its side of the connection first, and must still get its answer.
      const options = { allowHalfOpen: true };
      const server = createServer(options, (socket) => serve(socket, handle));
      const error = await listen(server, path);
      if (error === undefined) return new ControlChannel(server, path);
      if (error.code !== "EADDRINUSE" || tries === CONNECT_TRIES) throw error;
      if (await isAnswered(path))
        throw new RequestError(
          "network/already-running",
          `A network runs on ${folder} already: end it with stateset network down, or name another --dir`,
          { folder },
        );
      rmSync(path, { force: true }); // left behind by a process that was killed
    }
  }

  /** Lets go of the folder; whoever is connected still gets its answer. */
  release(): void {
    this.#server.close();
    rmSync(this.#path, { force: true });
  }
}

/** Whether a `network up` runs on a folder. */
export function isControlled(folder: string): Promise<boolean> {
  return isAnswered(socketPath(folder));
}

/**
 * Asks the `network up` that runs on a folder.
 * @throws RequestError `network/not-running`, or what it refused
 */
export async function askControl(folder: string, request: ControlRequest): Promise<unknown> {
  const socket = createConnection(socketPath(folder));
  try {
    await connected(socket);
  } catch {
    throw new RequestError(
      "network/not-running",
      `No network runs on ${folder}: start one with stateset network up`,
      { folder },
    );
  }
  socket.setTimeout(ANSWER_MAX_MS, () => socket.destroy());
  socket.end(`${JSON.stringify(request)}\n`);
  let text = "";
  for await (const chunk of socket) text += chunk;
  if (text === "")
    throw new RequestError("network/died", `The network on ${folder} ended before it answered`);
  const answer = JSON.parse(text) as ControlAnswer;
  if (answer.ok) return answer.value;
  throw new RequestError(answer.code, answer.detail, answer.facts);
}

function serve(socket: Socket, handle: (request: ControlRequest) => Promise<unknown>): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: string) => {
    text += chunk;
    if (text.length > REQUEST_BYTES_MAX) socket.destroy();
    if (!text.endsWith("\n")) return;
    socket.pause();
    void answer(text, handle).then((reply) => socket.end(JSON.stringify(reply)));
  });
}

async function answer(
  text: string,
  handle: (request: ControlRequest) => Promise<unknown>,
): Promise<ControlAnswer> {
  try {
    return { ok: true, value: (await handle(JSON.parse(text) as ControlRequest)) ?? null };
  } catch (error) {
    const { code, facts } = error as Partial<RequestError>;
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, code: code ?? "internal", detail, facts: facts ?? {} };
  }
}

/** In the folder, or where its path is too long for a socket, under a short one of this user's own. */
function socketPath(folder: string): string {
  if (process.platform === "win32") return `\\\\.\\pipe\\stateset-${digest(folder)}`;
  const path = join(folder, "control.sock");
  if (Buffer.byteLength(path) <= SOCKET_PATH_MAX) return path;
  const { uid } = userInfo();
  const own = join(tmpdir(), `stateset-${uid}`);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const found = lstatSync(own);
  // Anybody may make folders in the one for temporary files: this one must be ours.
  if (!found.isDirectory() || found.uid !== uid)
    throw new RequestError("network/folder-not-ours", `${own} belongs to somebody else`, { own });
  chmodSync(own, 0o700);
  return join(own, `${digest(folder)}.sock`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function listen(server: Server, path: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(path, () => resolve(undefined));
  });
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = createConnection(path);
  try {
    await connected(socket);
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
}
