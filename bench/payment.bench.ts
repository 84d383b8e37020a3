import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalNetwork, type RunningParty } from "@stateset/node";
import pg from "pg";
import type { Report } from "./figure.ts";
import { cpuMsOf, cpuMsOfFamily, rssMbOf } from "./payment/process-cpu.ts";
import { RestCaller } from "./payment/rest-caller.ts";

const IN_FLIGHT = [1, 16, 64, 256];
const COINS = 2 * Math.max(...IN_FLIGHT);
const COIN = 1_000_000;

/**
 * Payments between two companies, over REST with `Prefer: wait`: three processes and one PostgreSQL
 * server with a database for each. A payment is done when both sides have recorded it. CPU is that of
 * all processes but this one, which only asks.
 */
export async function run(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "stateset-bench-"));
  const network = await LocalNetwork.start({
    folder,
    parties: ["payer", "payee", "bank"],
    log: () => {},
  });
  try {
    const { parties, notary } = network.running;
    const [payer, payee, bank] = parties as [RunningParty, RunningParty, RunningParty];
    const issuer = new RestCaller(bank.rest, bank.token);
    const issue = { to: "Payer", amount: { minorUnits: String(COIN), currency: "CHF" } };
    await inFlight(32, COINS, () => issuer.run("cash/issue", issue));
    issuer.close();
    const pids = {
      payer: payer.pid,
      payee: payee.pid,
      notary: notary.members[0]?.workerPid ?? 0,
      postgres: network.postgresPid,
    };
    const caller = new RestCaller(payer.rest, payer.token);
    const pay = { to: "Payee", amount: { minorUnits: "1", currency: "CHF" } };
    await inFlight(64, 600, () => caller.run("cash/pay", pay));
    for (const concurrency of IN_FLIGHT) {
      const n = concurrency === 1 ? 300 : 2_000;
      const before = await snapshot(pids, payer.databaseUrl);
      const { latencies, wallMs } = await inFlight(concurrency, n, () =>
        caller.run("cash/pay", pay),
      );
      const after = await snapshot(pids, payer.databaseUrl);
      const of = `${concurrency} in flight`;
      const cpu = {
        n,
        cpuMsPerOp: total(after.cpu) / n - total(before.cpu) / n,
        rssMb: after.rssMb,
      };
      report({ figure: `${of}: payments`, value: (n * 1000) / wallMs, unit: "op/s", ...cpu });
      report({ figure: `${of}: p50`, value: quantile(latencies, 0.5), unit: "ms", ...cpu });
      report({ figure: `${of}: p99`, value: quantile(latencies, 0.99), unit: "ms", ...cpu });
      for (const [name, ms] of Object.entries(after.cpu)) {
        const cpuMsPerOp = (ms - (before.cpu[name] ?? 0)) / n;
        const figure = `${of}: CPU of ${name}`;
        report({ figure, value: cpuMsPerOp, unit: "ms", n, cpuMsPerOp, rssMb: 0 });
      }
      const wal = (after.walBytes - before.walBytes) / n;
      report({ figure: `${of}: WAL`, value: wal, unit: "B", n, cpuMsPerOp: 0, rssMb: 0 });
      const fsyncs = (after.fsyncs - before.fsyncs) / n;
      report({ figure: `${of}: fsyncs`, value: fsyncs, unit: "", n, cpuMsPerOp: 0, rssMb: 0 });
    }
    for (const [name, pid] of Object.entries(pids))
      report({
        figure: `RSS of ${name}`,
        value: rssMbOf(pid),
        unit: "MB",
        n: 1,
        cpuMsPerOp: 0,
        rssMb: 0,
      });
    caller.close();
  } finally {
    await network.remove();
  }
}

type Snapshot = { cpu: Record<string, number>; walBytes: number; fsyncs: number; rssMb: number };

async function snapshot(pids: Record<string, number>, databaseUrl: string): Promise<Snapshot> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ wal: string; fsyncs: string }>(
    `select (pg_current_wal_lsn() - '0/0'::pg_lsn) as wal,
            (select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal') as fsyncs`,
  );
  await client.end();
  const cpu = Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [
      name,
      name === "postgres" ? cpuMsOfFamily(pid) : cpuMsOf(pid),
    ]),
  );
  const nodes = Object.entries(pids).filter(([name]) => name !== "postgres");
  const rssMb = Math.max(...nodes.map(([, pid]) => rssMbOf(pid)));
  return { cpu, walBytes: Number(rows[0]?.wal), fsyncs: Number(rows[0]?.fsyncs), rssMb };
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

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function total(cpu: Record<string, number>): number {
  return Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
}
