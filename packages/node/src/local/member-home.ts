import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeSecretFile } from "./secret-file.ts";

/** Where a cluster's member listens, on the loopback interface. */
export type MemberPorts = { p2p: number; rpc: number; grpc: number };

/** How another member is reached. */
export type MemberPeer = { nodeId: string; p2p: number };

/** The lines of `notaryd`'s configuration that say where it listens, after their section's name. */
const LISTENING: Record<keyof MemberPorts, { file: "config" | "app"; line: RegExp }> = {
  p2p: { file: "config", line: /^(\[p2p\]$[\s\S]*?^laddr = ")[^"]*:(\d+)"$/m },
  rpc: { file: "config", line: /^(\[rpc\]$[\s\S]*?^laddr = ")[^"]*:(\d+)"$/m },
  grpc: { file: "app", line: /^(\[grpc\]$[\s\S]*?^address = ")[^"]*:(\d+)"$/m },
};
const PEERS = /^persistent_peers = "[^"]*"$/m;

/** What a cluster's member has of its own, as `notaryd cluster init` makes it. */
export class MemberHome {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get workerKey(): string {
    return join(this.root, "config/worker_key.json");
  }

  get log(): string {
    return join(this.root, "notaryd.log");
  }

  ports(): MemberPorts {
    const portOf = (part: keyof MemberPorts) => {
      const { file, line } = LISTENING[part];
      return Number(this.#found(this.#read(file), line)[2]);
    };
    return { p2p: portOf("p2p"), rpc: portOf("rpc"), grpc: portOf("grpc") };
  }

  /** Only where something is new: the operator may have changed other lines. */
  listen({ p2p, rpc, grpc }: MemberPorts, peers: readonly MemberPeer[]): void {
    const known = peers.map(({ nodeId, p2p: port }) => `${nodeId}@127.0.0.1:${port}`).join(",");
    const config = this.#read("config");
    const listening = this.#at(
      this.#at(config, "p2p", `tcp://127.0.0.1:${p2p}`),
      "rpc",
      `tcp://127.0.0.1:${rpc}`,
    );
    this.#found(listening, PEERS);
    this.#write("config", config, listening.replace(PEERS, `persistent_peers = "${known}"`));
    const app = this.#read("app");
    this.#write("app", app, this.#at(app, "grpc", `127.0.0.1:${grpc}`));
  }

  #at(text: string, part: keyof MemberPorts, address: string): string {
    const { line } = LISTENING[part];
    this.#found(text, line);
    return text.replace(line, (_, before: string) => `${before}${address}"`);
  }

  #found(text: string, line: RegExp): RegExpExecArray {
    const found = line.exec(text);
    if (found === null) throw new Error(`the configuration in ${this.root} has no ${line.source}`);
    return found;
  }

  #read(file: "config" | "app"): string {
    return readFileSync(this.#path(file), "utf8");
  }

  #write(file: "config" | "app", before: string, after: string): void {
    if (before !== after) writeSecretFile(this.#path(file), after);
  }

  #path(file: "config" | "app"): string {
    return join(this.root, `config/${file}.toml`);
  }
}
