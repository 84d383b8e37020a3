import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createPrivateKey, sign } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode, fromHex, type PublicKey } from "@stateset/codec";
import type { Clock, NetworkMap } from "@stateset/flow";
import {
  hashParameters,
  type MemberSet,
  type NotaryId,
  networkParametersSchema,
} from "@stateset/ledger";
import { builtNotaryd } from "@stateset/node";
import { MemberChain } from "@stateset/notary";
import { cpuMsOf, rssMbOf } from "../payment/process-cpu.ts";

type Made = {
  cluster: NotaryId;
  quorum: number;
  members: { home: string; rpc: string; workerKey: string; workerKeyFile: string }[];
};

/** Room for the largest batch that is measured. */
const GAS_LIMIT = 10_000_000_000n;
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The chain of a cluster, a process for each member, with a client as each worker has one. */
export class ChainCluster {
  readonly memberSet: MemberSet;
  readonly clients: readonly MemberChain[];
  readonly #folder: string;
  readonly #processes: readonly ChildProcess[];

  private constructor(
    folder: string,
    { cluster, quorum, members }: Made,
    processes: readonly ChildProcess[],
  ) {
    this.#folder = folder;
    this.#processes = processes;
    const keys = members.map(({ workerKey: key }): PublicKey => ({ kind: "ed25519", key }));
    this.memberSet = { cluster, epoch: 0, quorum, members: keys };
    this.clients = members.map(
      ({ rpc, workerKey, workerKeyFile }) =>
        new MemberChain({
          url: `http://${rpc}`,
          signer: { publicKey: fromHex(workerKey), sign: signerOf(workerKeyFile) },
          clock: systemClock,
          gasLimit: GAS_LIMIT,
        }),
    );
  }

  static async start(members: number, map: NetworkMap): Promise<ChainCluster> {
    const program = await builtNotaryd({ onProgress: (text) => console.error(text) });
    const folder = mkdtempSync(join(tmpdir(), "stateset-bench-"));
    const genesis = join(folder, "networkmap.json");
    writeFileSync(genesis, JSON.stringify(mapGenesis(map)));
    const wanted = { members, network: map.network, dir: join(folder, "members") };
    const flags = Object.entries(wanted).map(([name, value]) => `--${name}=${value}`);
    const init = ["cluster", "init", "--json", `--module-genesis=networkmap=${genesis}`, ...flags];
    const made = JSON.parse(execFileSync(program, init, { encoding: "utf8" })) as Made;
    const processes = made.members.map(({ home }) =>
      spawn(program, ["start", "--home", home], { stdio: "ignore" }),
    );
    const cluster = new ChainCluster(folder, made, processes);
    await Promise.all(cluster.clients.map(firstBlock));
    return cluster;
  }

  /** Of all members together. */
  usage(): { cpuMs: number; rssMb: number } {
    const pids = this.#processes.flatMap(({ pid }) => pid ?? []);
    const sum = (of: (pid: number) => number) => pids.reduce((total, pid) => total + of(pid), 0);
    return { cpuMs: sum(cpuMsOf), rssMb: sum(rssMbOf) };
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    await Promise.all(
      this.#processes.map(async (member) => {
        if (member.exitCode !== null) return;
        const ended = once(member, "exit");
        member.kill();
        await ended;
      }),
    );
    rmSync(this.#folder, { recursive: true });
  }
}

/** The parameters that transactions name, and nobody: one-time keys need no identity. */
function mapGenesis({ network, current }: NetworkMap): object {
  return {
    network: base64(fromHex(network)),
    noticeBlocks: "1",
    parameters: [
      {
        epoch: String(current.epoch),
        canonical: base64(encode(networkParametersSchema, current)),
        hash: base64(fromHex(hashParameters(current))),
        approval: "APPROVAL_IN_FORCE",
      },
    ],
  };
}

/** Resolves once the member answers and its events are heard: until then a submission is refused. */
async function firstBlock(client: MemberChain): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = client.onBlock(({ chainHeight }) => {
      if (chainHeight === 0) return;
      stop();
      resolve();
    });
  });
}

function signerOf(file: string): (bytes: Uint8Array) => Promise<Uint8Array> {
  const { secret } = JSON.parse(readFileSync(file, "utf8")) as { secret: string };
  const der = Buffer.concat([PKCS8, Buffer.from(secret, "hex")]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return async (bytes) => new Uint8Array(sign(null, bytes, key));
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
