import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { type PublicKey, publicKeyOf, type SecretKey } from "@stateset/codec";
import type { Network, PeerRun } from "@stateset/flow";
import type { IdentityId, NetworkId } from "@stateset/ledger";
import type { NetworkUnderTest } from "@stateset/testing";
import {
  DevelopmentAuthority,
  type Log,
  type NetworkTiming,
  type PeerDirectory,
  type PeerEntry,
  TlsNetwork,
} from "../src/index.ts";

const DAY_MS = 86_400_000;
export const NOW = Date.now();
export const VALID = { validFrom: NOW - DAY_MS, validUntil: NOW + DAY_MS };
/** Short, so that tests of what happens after a pause are. */
export const TIMING: Partial<NetworkTiming> = { redialMinMs: 5, redialMaxMs: 50 };

export function newKey(): SecretKey {
  return { kind: "ed25519", secret: Uint8Array.from(randomBytes(32)) };
}

export function pemOf({ secret }: SecretKey): string {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secret]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

export function newAuthority(key = newKey()): DevelopmentAuthority {
  return new DevelopmentAuthority({ name: "O=Test Root,C=CH", key, ...VALID });
}

/** A directory that a test changes as it likes. */
export class TestDirectory implements PeerDirectory {
  readonly network = "ee".repeat(32) as NetworkId;
  readonly rootCertificate: Uint8Array;
  readonly entries = new Map<IdentityId, PeerEntry>();
  readonly #listeners = new Set<() => void>();

  constructor(authority: DevelopmentAuthority) {
    this.rootCertificate = authority.rootCertificate;
  }

  peer(identity: IdentityId): PeerEntry | undefined {
    return this.entries.get(identity);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A TCP relay that can be cut, and mended again. */
export class Relay {
  port = 0;
  readonly #target: () => number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  constructor(target: () => number) {
    this.#target = target;
    this.#server = createServer({ noDelay: true }, (near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = dial({ host: "127.0.0.1", port: this.#target(), noDelay: true });
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.port = (this.#server.address() as { port: number }).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  freeze(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}

export type LogLine = { level: string; message: string; fields: Record<string, unknown> };
type TestNode = { identity: IdentityId; key: SecretKey; certificate: string; port: number };

/** Three nodes over TLS, with a relay for each ordered pair. */
export class TestNodes implements NetworkUnderTest {
  readonly log: LogLine[] = [];
  readonly authority: DevelopmentAuthority;
  readonly #rootKey = newKey();
  readonly #directories: TestDirectory[] = [];
  readonly #nodes: TestNode[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #relays = new Map<string, Relay>();
  readonly #networks: TlsNetwork[] = [];
  readonly #timing: Partial<NetworkTiming>;

  constructor(timing: Partial<NetworkTiming> = TIMING) {
    this.authority = newAuthority(this.#rootKey);
    this.#timing = timing;
  }

  static async create(timing?: Partial<NetworkTiming>): Promise<TestNodes> {
    const nodes = new TestNodes(timing);
    for (const node of [0, 1, 2]) nodes.#add(`${node}a`.repeat(32) as IdentityId);
    for (const from of [0, 1, 2]) await nodes.#addDirectory(from);
    return nodes;
  }

  identity(node: number): IdentityId {
    return this.#node(node).identity;
  }

  async join(node: number, run: PeerRun): Promise<Network> {
    return this.tls(node, run);
  }

  tls(node: number, run: PeerRun = { incarnation: "test", run: 1 }): TlsNetwork {
    const { identity, key, certificate, port } = this.#node(node);
    const log: Log = (level, message, fields) => {
      this.log.push({ level, message, fields });
      for (const wake of this.#waiting) wake();
    };
    const network = new TlsNetwork({
      identity,
      run,
      credentials: { certificate, privateKey: pemOf(key) },
      directory: this.directory(node),
      listen: { host: "127.0.0.1", port },
      log,
      timing: this.#timing,
    });
    const start = network.start.bind(network);
    network.start = async (handlers) => {
      await start(handlers);
      this.#node(node).port = network.address.port;
    };
    this.#networks.push(network);
    return network;
  }

  port(node: number): number {
    return this.#node(node).port;
  }

  key(node: number): SecretKey {
    return this.#node(node).key;
  }

  directory(node: number): TestDirectory {
    return this.#directories[node] as TestDirectory;
  }

  certificate(node: number): string {
    return this.#node(node).certificate;
  }

  /** From its next start, the node shows this certificate and not its own. */
  show(node: number, { certificate, key }: { certificate: string; key: SecretKey }): void {
    Object.assign(this.#node(node), { certificate, key });
  }

  /** An authority of the same name as the network's, that signs with a node's key. */
  authorityOf(node: number): DevelopmentAuthority {
    return newAuthority(this.key(node));
  }

  rootCredentials(): { certificate: string; key: SecretKey } {
    const certificate = new X509Certificate(this.authority.rootCertificate).toString();
    return { certificate, key: this.#rootKey };
  }

  /** Where a node finds another, past the relay. */
  redirect(from: number, to: number, port: number): void {
    const { entries } = this.directory(from);
    const entry = entries.get(this.identity(to)) as PeerEntry;
    entries.set(this.identity(to), { ...entry, address: { host: "127.0.0.1", port } });
  }

  /** Resolves once a line was logged that fits. */
  async logged(fits: (line: LogLine) => boolean): Promise<LogLine> {
    for (;;) {
      const line = this.log.find(fits);
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  cut(a: number, b: number): void {
    this.#relay(a, b).cut();
    this.#relay(b, a).cut();
  }

  /** Nothing passes any more, and nobody is told. */
  freeze(a: number, b: number): void {
    this.#relay(a, b).freeze();
    this.#relay(b, a).freeze();
  }

  mend(a: number, b: number): void {
    this.#relay(a, b).mend();
    this.#relay(b, a).mend();
  }

  async close(): Promise<void> {
    await Promise.all(this.#networks.map((network) => network.stop()));
    await Promise.all([...this.#relays.values()].map((relay) => relay.close()));
  }

  #add(identity: IdentityId): void {
    const key = newKey();
    const request = { identity, name: "O=Node,C=CH", key: publicKeyOf(key), ...VALID };
    this.#nodes.push({ identity, key, certificate: this.authority.issue(request), port: 0 });
  }

  async #addDirectory(from: number): Promise<void> {
    const directory = new TestDirectory(this.authority);
    for (const [to, { identity, key }] of this.#nodes.entries()) {
      const relay = new Relay(() => this.#node(to).port);
      await relay.listen();
      this.#relays.set(`${from} ${to}`, relay);
      const tlsKey: PublicKey = publicKeyOf(key);
      directory.entries.set(identity, { address: { host: "127.0.0.1", port: relay.port }, tlsKey });
    }
    this.#directories.push(directory);
  }

  #relay(from: number, to: number): Relay {
    return this.#relays.get(`${from} ${to}`) as Relay;
  }

  #node(node: number): TestNode {
    return this.#nodes[node] as TestNode;
  }
}
