import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalNetwork, type RunningParty } from "@stateset/node";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@stateset/vault";
import pg from "pg";
import type { Report } from "../figure.ts";
import { cpuMsOf, cpuMsOfFamily, rssMbOf } from "./process-cpu.ts";
import { RestCaller } from "./rest-caller.ts";

const COINS = 512;
const COIN = 1_000_000;
/** Until the engines have compiled what is busy. */
const WARM_UP = 2_000;
const PAYMENT = { to: "Payee", amount: { minorUnits: "1", currency: "CHF" } };

export type Servers = "one" | "each";

/**
 * Payments between two companies, over REST with `Prefer: wait`: three processes, and one PostgreSQL
 * server with a database for each or a server for each. A payment is done when both sides have
 * recorded it. CPU is that of all processes but this one, which only asks.
 */
export class PaymentNetwork {
  readonly #network: LocalNetwork;
  readonly #servers: readonly OwnServer[];
  #caller: RestCaller;

  private constructor(network: LocalNetwork, servers: readonly OwnServer[]) {
    this.#network = network;
    this.#servers = servers;
    this.#caller = callerOf(this.party("payer"));
  }

  static async start(servers: Servers): Promise<PaymentNetwork> {
    const folder = mkdtempSync(join(tmpdir(), "stateset-bench-"));
    const own: OwnServer[] = [];
    const network = await LocalNetwork.start({
      folder,
      parties: ["payer", "payee", "bank"],
      log: () => {},
      ...(servers === "each" && { database: (node) => databaseOfItsOwn(node, own) }),
    });
    const started = new PaymentNetwork(network, own);
    await started.#issueCoins();
    await started.#pay(64, WARM_UP);
    return started;
  }

  party(name: string): RunningParty {
    const found = this.#network.running.parties.find((party) => party.name === name);
    if (found === undefined) throw new Error(`no party ${name}`);
    return found;
  }

  /** Ends payer and payee and starts them again, on the databases as they are then. */
  async restart(): Promise<void> {
    this.#caller.close();
    for (const name of ["payer", "payee"]) await this.#network.restart(name);
    this.#caller = callerOf(this.party("payer"));
    await this.#pay(64, WARM_UP);
  }

  async measure(of: string, at: { inFlight: number; n: number }, report: Report): Promise<void> {
    const { inFlight, n } = at;
    const before = await this.#snapshot();
    const { latencies, wallMs } = await this.#pay(inFlight, n);
    const after = await this.#snapshot();
    const cpuMsPerOp = (total(after.cpu) - total(before.cpu)) / n;
    const measured = { n, cpuMsPerOp, rssMb: after.rssMb };
    const rate = (n * 1000) / wallMs;
    report({ figure: `${of}: payments`, value: rate, unit: "op/s", ...measured });
    report({ figure: `${of}: p50`, value: quantile(latencies, 0.5), unit: "ms", ...measured });
    report({ figure: `${of}: p99`, value: quantile(latencies, 0.99), unit: "ms", ...measured });
    for (const [name, ms] of Object.entries(after.cpu)) {
      const each = (ms - (before.cpu[name] ?? 0)) / n;
      report(plain(`${of}: CPU of ${name}`, each, "ms", n));
    }
    report(plain(`${of}: WAL`, (after.walBytes - before.walBytes) / n, "B", n));
    report(plain(`${of}: fsyncs`, (after.fsyncs - before.fsyncs) / n, "", n));
  }

  reportMemory(report: Report): void {
    for (const [name, pid] of Object.entries(this.#nodes()))
      report(plain(`RSS of ${name}`, rssMbOf(pid), "MB", 1));
  }

  async remove(): Promise<void> {
    this.#caller.close();
    await this.#network.remove();
    for (const { server } of this.#servers) await server.remove();
  }

  async #issueCoins(): Promise<void> {
    const issuer = callerOf(this.party("bank"));
    const issue = { to: "Payer", amount: { minorUnits: String(COIN), currency: "CHF" } };
    await inFlight(32, COINS, () => issuer.run("cash/issue", issue));
    issuer.close();
  }

  async #pay(concurrency: number, n: number) {
    return await inFlight(concurrency, n, () => this.#caller.run("cash/pay", PAYMENT));
  }

  #nodes(): Record<string, number> {
    const notary = this.#network.running.notary.members[0]?.workerPid ?? 0;
    return { payer: this.party("payer").pid, payee: this.party("payee").pid, notary };
  }

  #postgresPids(): number[] {
    if (this.#servers.length === 0) return [this.#network.postgresPid];
    return this.#servers.map(({ server }) => server.pid);
  }

  async #snapshot(): Promise<Snapshot> {
    const nodes = Object.entries(this.#nodes());
    const cpu = Object.fromEntries(nodes.map(([name, pid]) => [name, cpuMsOf(pid)]));
    cpu.postgres = this.#postgresPids().reduce((sum, pid) => sum + cpuMsOfFamily(pid), 0);
    const rssMb = Math.max(...nodes.map(([, pid]) => rssMbOf(pid)));
    const own = this.#servers.map(({ url }) => url);
    const urls = own.length === 0 ? [this.party("payer").databaseUrl] : own;
    const written = await Promise.all(urls.map(writtenBy));
    const walBytes = written.reduce((sum, each) => sum + each.walBytes, 0);
    const fsyncs = written.reduce((sum, each) => sum + each.fsyncs, 0);
    return { cpu, rssMb, walBytes, fsyncs };
  }
}

type OwnServer = { server: EmbeddedPostgres; url: string };
type Snapshot = { cpu: Record<string, number>; walBytes: number; fsyncs: number; rssMb: number };

async function databaseOfItsOwn(node: string, started: OwnServer[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `stateset-bench-${node}-`));
  const server = await startEmbeddedPostgres({ folder, log: () => {} });
  const url = await server.createDatabase(node);
  started.push({ server, url });
  return url;
}

function callerOf({ rest, token }: RunningParty): RestCaller {
  return new RestCaller(rest, token);
}

async function writtenBy(databaseUrl: string): Promise<{ walBytes: number; fsyncs: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ wal: string; fsyncs: string }>(
    `select (pg_current_wal_lsn() - '0/0'::pg_lsn) as wal,
            (select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal') as fsyncs`,
  );
  await client.end();
  return { walBytes: Number(rows[0]?.wal), fsyncs: Number(rows[0]?.fsyncs) };
}

async function inFlight(
  concurrency: number,
  n: number,
  operation: () => Promise<void>,
): Promise<{ latencies: number[]; wallMs: number }> {
  const latencies: number[] = [];
  let begun = 0;
  const start = performance.now();
  const worker = async () => {
    while (begun < n) {
      begun++;
      const from = performance.now();
      await operation();
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { latencies: latencies.sort((a, b) => a - b), wallMs: performance.now() - start };
}

function plain(figure: string, value: number, unit: string, n: number) {
  return { figure, value, unit, n, cpuMsPerOp: unit === "ms" ? value : 0, rssMb: 0 };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function total(cpu: Record<string, number>): number {
  return Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
}
