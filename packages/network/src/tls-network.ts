import { constants, X509Certificate } from "node:crypto";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import { type Network, type NetworkHandlers, type PeerRun, RemoteFailure } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import { Connection, type ConnectionEvents } from "./connection/connection.ts";
import { tooLarge } from "./connection/incoming-requests.ts";
import type { RequestOptions } from "./connection/outgoing-requests.ts";
import { PeerLink } from "./connection/peer-link.ts";
import { boundedLog, type Log } from "./log.ts";
import { NetworkError } from "./network-error.ts";
import type { PeerAddress, PeerDirectory } from "./peer-directory.ts";
import { DEFAULT_TIMING, type NetworkTiming } from "./timing.ts";
import { BODY_BYTES_MAX, type Hello, PROTOCOL_VERSION } from "./wire/message.ts";

/** Connections that have not said who they are; beyond it the oldest one makes room. */
const STRANGERS_MAX = 256;
const TICKS_PER_KEEP_ALIVE = 4;

export type TlsNetworkOptions = {
  identity: IdentityId;
  run: PeerRun;
  /** PEM, as the network's certificate authority issued it, and its private key. */
  credentials: { certificate: string; privateKey: string };
  directory: PeerDirectory;
  listen: PeerAddress;
  log: Log;
  timing?: Partial<NetworkTiming>;
};

/** Frames and requests over mutual TLS 1.3, one connection for each pair of nodes. */
export class TlsNetwork implements Network {
  readonly #options: TlsNetworkOptions;
  readonly #timing: NetworkTiming;
  readonly #hello: Hello;
  readonly #links = new Map<IdentityId, PeerLink>();
  readonly #strangerLog: Log;
  /** Accepted sockets by the other end's address. */
  readonly #strangers = new Map<string, Socket>();
  #handlers: NetworkHandlers | undefined;
  #server: Server | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(options: TlsNetworkOptions) {
    const { identity, run, directory, timing, log } = options;
    this.#options = options;
    this.#timing = { ...DEFAULT_TIMING, ...timing };
    this.#hello = { version: PROTOCOL_VERSION, network: directory.network, identity, ...run };
    this.#strangerLog = boundedLog(log);
  }

  /** Where it listens, once started: the port, where 0 was asked for. */
  get address(): PeerAddress {
    const { host } = this.#options.listen;
    const bound = this.#server?.address() as AddressInfo | undefined;
    const port = bound?.port ?? this.#options.listen.port;
    return { host, port };
  }

  /** @throws NetworkError `network/cannot-listen` */
  async start(handlers: NetworkHandlers): Promise<void> {
    const { directory } = this.#options;
    this.#server = await this.#listen();
    this.#handlers = handlers;
    const everyMs = this.#timing.keepAliveMs / TICKS_PER_KEEP_ALIVE;
    this.#ticker = setInterval(() => this.#tick(), everyMs);
    this.#stopWatching = directory.onChange(() => {
      for (const link of this.#links.values()) link.mapChanged();
    });
    for (const link of this.#links.values()) link.dialIfNeeded();
  }

  async stop(): Promise<void> {
    this.#handlers = undefined;
    clearInterval(this.#ticker);
    this.#stopWatching?.();
    const failure = new RemoteFailure("network/stopped", "this node has left the network");
    for (const link of this.#links.values()) link.stop(failure);
    for (const socket of this.#strangers.values()) socket.destroy();
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  connect(peer: IdentityId): void {
    if (peer !== this.#options.identity) this.#link(peer).want();
  }

  /** @throws RemoteFailure `network/too-large` */
  send(peer: IdentityId, frame: Uint8Array): boolean {
    if (frame.length > BODY_BYTES_MAX) throw tooLarge("frame", frame);
    return peer !== this.#options.identity && this.#link(peer).send(frame);
  }

  async request(
    peer: IdentityId,
    kind: string,
    body: Uint8Array,
    options: RequestOptions,
  ): Promise<Uint8Array> {
    options.signal?.throwIfAborted();
    if (body.length > BODY_BYTES_MAX) throw tooLarge("request", body);
    const { identity, directory } = this.#options;
    if (peer === identity || directory.peer(peer) === undefined)
      throw new RemoteFailure("network/unknown-peer", "no such peer", { peer });
    return this.#link(peer).request(kind, body, options);
  }

  #link(peer: IdentityId): PeerLink {
    const known = this.#links.get(peer);
    if (known !== undefined) return known;
    const { identity: self, directory, log } = this.#options;
    const link = new PeerLink(peer, {
      self,
      directory,
      log,
      timing: this.#timing,
      handlers: () => this.#handlers,
      dial: (to, address) => this.#dial(to, address),
    });
    this.#links.set(peer, link);
    return link;
  }

  #dial(peer: IdentityId, { host, port }: PeerAddress): Connection {
    // The peer is known by its identity, not by a host name: nothing is asked for and checked so.
    const socket = connect({
      ...this.#tlsOptions(),
      host,
      port,
      checkServerIdentity: () => undefined,
    });
    return this.#connection(socket, peer);
  }

  #connection(socket: TLSSocket, dialled?: IdentityId): Connection {
    const { directory } = this.#options;
    // Taken here, as a socket that has ended tells no more.
    const from = endOf(socket);
    const events: ConnectionEvents = {
      isToBeKept: (connection, peer) => this.#link(peer.identity).isToBeKept(connection, peer),
      ready: (connection, peer) => {
        this.#strangers.delete(from);
        this.#link(peer.identity).ready(connection, peer);
      },
      message: (connection, head, body) => linkOf(connection)?.message(connection, head, body),
      drain: (connection) => linkOf(connection)?.drained(connection),
      closed: (connection, fault) => {
        linkOf(connection)?.closed(connection, fault);
        const { identity: peer, peer: hello } = connection;
        if (hello === undefined && dialled === undefined && this.#handlers !== undefined)
          this.#strangerLog("warn", "refused a connection", {
            from,
            ...(peer === undefined ? {} : { peer }),
            ...fault,
          });
      },
    };
    // A stranger has no link yet, and none is made for it.
    const linkOf = ({ identity }: Connection) =>
      identity === undefined ? undefined : this.#links.get(identity);
    const hello = this.#hello;
    const timing = this.#timing;
    const base = { socket, hello, directory, timing, events };
    return new Connection(dialled === undefined ? base : { ...base, dialled });
  }

  async #listen(): Promise<Server> {
    const { host, port } = this.#options.listen;
    const server = createServer({
      ...this.#tlsOptions(),
      requestCert: true,
      handshakeTimeout: this.#timing.helloMs,
      // A resumed session would skip the certificate, and with it every check.
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    server.on("connection", (socket: Socket) => this.#arrived(socket));
    server.on("tlsClientError", (error, socket) => {
      this.#strangerLog("debug", "a handshake failed", { reason: error.message });
      socket.destroy();
    });
    server.on("secureConnection", (socket) => this.#connection(socket));
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error) => {
        const reason = error.message;
        reject(new NetworkError({ code: "network/cannot-listen", host, port, reason }));
      };
      server.once("error", fail);
      server.listen({ host, port }, () => {
        server.off("error", fail);
        resolve();
      });
    });
    const log = this.#options.log;
    server.on("error", (error) => log("error", "the listener failed", { reason: error.message }));
    return server;
  }

  #arrived(socket: Socket): void {
    const from = endOf(socket);
    const [oldest] = this.#strangers;
    if (oldest !== undefined && this.#strangers.size >= STRANGERS_MAX) {
      this.#strangers.delete(oldest[0]);
      oldest[1].destroy();
      const fields = { from: oldest[0], code: "network/crowded-out", max: STRANGERS_MAX };
      this.#strangerLog("warn", "refused a connection", fields);
    }
    this.#strangers.set(from, socket);
    socket.once("close", () => {
      if (this.#strangers.get(from) === socket) this.#strangers.delete(from);
    });
  }

  #tlsOptions() {
    const { credentials, directory } = this.#options;
    return {
      ca: new X509Certificate(directory.rootCertificate).toString(),
      cert: credentials.certificate,
      key: credentials.privateKey,
      minVersion: "TLSv1.3",
      maxVersion: "TLSv1.3",
      // The verdict is read in peer-certificate.ts, so that a refusal has a code and a line in the log.
      rejectUnauthorized: false,
    } as const;
  }

  #tick(): void {
    const now = performance.now();
    for (const link of this.#links.values()) link.tick(now);
  }
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}
