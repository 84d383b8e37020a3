import type { Network, NetworkHandlers } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import type { Registry } from "prom-client";
import { addFigure } from "./node-metrics.ts";

/** A network that counts what passes through it. */
export class CountedNetwork implements Network {
  readonly #network: Network;
  readonly #peers = new Set<IdentityId>();
  readonly #counts = {
    framesSent: 0,
    framesRefused: 0,
    framesReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
    requestsSent: 0,
    requestsReceived: 0,
  };

  constructor(network: Network, registry: Registry) {
    this.#network = network;
    const figures = {
      framesSent: ["p2p_frames_sent_total", "Frames handed to connections"],
      framesRefused: ["p2p_frames_refused_total", "Frames that no connection had room for"],
      framesReceived: ["p2p_frames_received_total", "Frames from peers"],
      bytesSent: ["p2p_frame_bytes_sent_total", "Bytes in frames sent"],
      bytesReceived: ["p2p_frame_bytes_received_total", "Bytes in frames received"],
      requestsSent: ["p2p_requests_sent_total", "Requests to peers and notaries"],
      requestsReceived: ["p2p_requests_received_total", "Requests from peers"],
    } as const;
    for (const [key, [name, help]] of Object.entries(figures)) {
      const read = () => this.#counts[key as keyof typeof figures];
      addFigure(registry, { name, help, kind: "counter", read });
    }
    const read = () => this.#peers.size;
    addFigure(registry, { name: "p2p_peers", help: "Peers connected", kind: "gauge", read });
  }

  start(handlers: NetworkHandlers): Promise<void> {
    return this.#network.start({
      peerUp: (peer, run) => {
        this.#peers.add(peer);
        handlers.peerUp(peer, run);
      },
      peerDown: (peer) => {
        this.#peers.delete(peer);
        handlers.peerDown(peer);
      },
      drain: (peer) => handlers.drain(peer),
      frame: (peer, frame) => {
        this.#counts.framesReceived++;
        this.#counts.bytesReceived += frame.length;
        handlers.frame(peer, frame);
      },
      request: (peer, kind, body) => {
        this.#counts.requestsReceived++;
        return handlers.request(peer, kind, body);
      },
    });
  }

  stop(): Promise<void> {
    return this.#network.stop();
  }

  connect(peer: IdentityId): void {
    this.#network.connect(peer);
  }

  send(peer: IdentityId, frame: Uint8Array): boolean {
    const isTaken = this.#network.send(peer, frame);
    if (isTaken) {
      this.#counts.framesSent++;
      this.#counts.bytesSent += frame.length;
    } else this.#counts.framesRefused++;
    return isTaken;
  }

  request(...args: Parameters<Network["request"]>): Promise<Uint8Array> {
    this.#counts.requestsSent++;
    return this.#network.request(...args);
  }
}
