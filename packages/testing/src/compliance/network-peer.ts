import type { Network, NetworkHandlers, PeerRun } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";

/** A network that a suite may try: several nodes, and the links between them. */
export type NetworkUnderTest = {
  /** Of node 0, 1 or 2. */
  identity(node: number): IdentityId;
  /** Not started yet. Joining again is a new process of the same node; the old one was stopped. */
  join(node: number, run: PeerRun): Promise<Network>;
  cut(a: number, b: number): void;
  mend(a: number, b: number): void;
};

type Answer = (kind: string, body: Uint8Array) => Promise<Uint8Array>;
type Event = { kind: "up"; run: PeerRun } | { kind: "down" } | { kind: "drain" };

/** One node of a network under test: keeps what it was told, and lets a test wait for more. */
export class NetworkPeer implements NetworkHandlers {
  readonly network: Network;
  readonly events: (Event & { peer: IdentityId })[] = [];
  readonly frames: Uint8Array[] = [];
  readonly requests: { peer: IdentityId; kind: string; body: Uint8Array }[] = [];
  /** Answers what it was asked with, unless a test says otherwise. */
  answer: Answer = async (_, body) => body;
  readonly #waiting = new Set<() => void>();

  constructor(network: Network) {
    this.network = network;
  }

  static async start(
    subject: NetworkUnderTest,
    node: number,
    run: PeerRun = { incarnation: `incarnation of ${node}`, run: 1 },
  ): Promise<NetworkPeer> {
    const peer = new NetworkPeer(await subject.join(node, run));
    await peer.network.start(peer);
    return peer;
  }

  peerUp(peer: IdentityId, run: PeerRun): void {
    if (this.isUp(peer)) throw new Error("a peer that is up came up again");
    this.#tell({ kind: "up", peer, run });
  }

  peerDown(peer: IdentityId): void {
    if (!this.isUp(peer)) throw new Error("a peer that is down went down again");
    this.#tell({ kind: "down", peer });
  }

  drain(peer: IdentityId): void {
    this.#tell({ kind: "drain", peer });
  }

  frame(_: IdentityId, frame: Uint8Array): void {
    this.frames.push(frame);
    this.#wake();
  }

  request(peer: IdentityId, kind: string, body: Uint8Array): Promise<Uint8Array> {
    this.requests.push({ peer, kind, body });
    this.#wake();
    return this.answer(kind, body);
  }

  isUp(peer: IdentityId): boolean {
    return this.events.findLast((e) => e.peer === peer && e.kind !== "drain")?.kind === "up";
  }

  /** How often it was told so of the peer. */
  count(kind: Event["kind"], peer: IdentityId): number {
    return this.events.filter((event) => event.kind === kind && event.peer === peer).length;
  }

  /** Resolves once the condition holds, which is looked at whenever something was told. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #tell(event: Event & { peer: IdentityId }): void {
    this.events.push(event);
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
