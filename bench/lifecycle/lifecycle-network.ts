import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUbl } from "@stateset/invoice";
import {
  connectNodes,
  type LifecycleParties,
  type LifecycleParty,
  type LifecycleStep,
  LocalNetwork,
  reconcile,
  renumberedDocument,
  runLifecycle,
} from "@stateset/node";
import type { Report } from "../figure.ts";
import { cpuMsOf, cpuMsOfFamily, rssMbOf } from "../payment/process-cpu.ts";
import { Phases } from "./phases.ts";

const SAMPLE = new URL("../../samples/invoice-chf-terms.xml", import.meta.url);
const PARTIES = ["seller", "buyer", "lender", "bank"];
const NAMES = {
  seller: "O=Rigi Seilbau AG,L=Goldau,C=CH",
  buyer: "O=Bergbahnen Haslital AG,L=Meiringen,C=CH",
};
/** Until the engines have compiled what is busy. */
const WARM_UP = 48;
/** Each of the two that pay: what one lifecycle has set aside another cannot pay with. */
const COINS = 64;

/**
 * Invoices taken from issue to the release of the reserve, as the demo does it: four companies and a
 * notary as processes, one PostgreSQL server, asked over REST by this process, whose own CPU does
 * not count.
 */
export class LifecycleNetwork {
  readonly #network: LocalNetwork;
  readonly #parties: LifecycleParties;
  readonly #nodes: Parameters<typeof reconcile>[0];
  readonly #sample = new Uint8Array(readFileSync(SAMPLE));
  #invoices = 0;

  private constructor(network: LocalNetwork, connected: Awaited<ReturnType<typeof connectNodes>>) {
    this.#network = network;
    this.#parties = connected.parties;
    this.#nodes = connected.nodes;
  }

  static async start(): Promise<LifecycleNetwork> {
    const network = await LocalNetwork.start({
      folder: mkdtempSync(join(tmpdir(), "stateset-bench-")),
      parties: PARTIES,
      legalNames: NAMES,
      log: () => {},
    });
    const started = new LifecycleNetwork(network, await connectNodes(network.running));
    await started.#fund();
    await started.#inFlight(8, WARM_UP, () => started.#lifecycle(started.#parties));
    return started;
  }

  /** Lifecycles by how many are in flight. */
  async measure({ inFlight, n }: { inFlight: number; n: number }, report: Report): Promise<void> {
    const before = this.#cpu();
    const startedAt = performance.now();
    const latencies = await this.#inFlight(inFlight, n, () => this.#lifecycle(this.#parties));
    const wallMs = performance.now() - startedAt;
    const cpu = difference(this.#cpu(), before);
    const of = `${inFlight} in flight`;
    const measured = { n, cpuMsPerOp: total(cpu) / n, rssMb: this.#rssMb() };
    report({ figure: `${of}: lifecycles`, value: (n * 1000) / wallMs, unit: "op/s", ...measured });
    report({ figure: `${of}: p50`, value: quantile(latencies, 0.5), unit: "ms", ...measured });
    report({ figure: `${of}: p99`, value: quantile(latencies, 0.99), unit: "ms", ...measured });
    for (const [name, ms] of Object.entries(cpu))
      report({ figure: `${of}: CPU of ${name}`, value: ms / n, unit: "ms", ...measured });
  }

  /** Each step by itself: all lifecycles wait until the last of them has come as far. */
  async measureSteps(n: number, report: Report): Promise<void> {
    const ends: { cpu: Record<string, number>; at: number }[] = [];
    const phases = new Phases(n, () => ends.push({ cpu: this.#cpu(), at: performance.now() }));
    let steps: LifecycleStep[] = [];
    await this.#inFlight(n, n, async () => {
      steps = await this.#lifecycle(phased(this.#parties, phases));
      await phases.next();
    });
    for (const [i, { name }] of steps.entries()) {
      const [from, to] = [ends[i], ends[i + 1]];
      if (from === undefined || to === undefined) throw new Error("every step begins and ends");
      const cpuMsPerOp = total(difference(to.cpu, from.cpu)) / n;
      const value = (n * 1000) / (to.at - from.at);
      const measured = { n, cpuMsPerOp, rssMb: this.#rssMb() };
      report({ figure: `step ${i + 1}, ${name}`, value, unit: "op/s", ...measured });
    }
  }

  /** @throws Error where the parties' vaults differ: a figure of wrong results is none */
  async assertReconciled(): Promise<void> {
    const { differences } = await reconcile(this.#nodes);
    if (differences.length > 0) throw new Error(`not reconciled: ${differences.join("; ")}`);
  }

  async remove(): Promise<void> {
    await this.#network.remove();
  }

  async #fund(): Promise<void> {
    const { bank, buyer, lender } = this.#parties;
    const { currency, totals } = readUbl(this.#sample);
    const amount = { minorUnits: String(totals.payable), currency };
    for (const { legalName: to } of [buyer, lender])
      await this.#inFlight(8, COINS, () => bank.run("cash/issue", { to, amount }));
  }

  async #lifecycle(parties: LifecycleParties): Promise<LifecycleStep[]> {
    this.#invoices++;
    const number = `B-${this.#invoices}`;
    // The fingerprint leaves the number out, and so days make one invoice of a party another.
    const day = new Date(Date.UTC(2000, 0, 1) + this.#invoices * 86_400_000);
    const issueDate = day.toISOString().slice(0, 10);
    return await runLifecycle({
      parties,
      ...renumberedDocument(this.#sample, { number, issueDate }),
    });
  }

  async #inFlight(concurrency: number, n: number, run: () => Promise<unknown>): Promise<number[]> {
    const latencies: number[] = [];
    let begun = 0;
    const worker = async () => {
      while (begun < n) {
        begun++;
        const startedAt = performance.now();
        await run();
        latencies.push(performance.now() - startedAt);
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, n) }, worker));
    return latencies;
  }

  #pids(): Record<string, number> {
    const { parties, notary } = this.#network.running;
    const companies = parties.map(({ name, pid }) => [name, pid] as const);
    return { ...Object.fromEntries(companies), notary: notary.members[0]?.workerPid ?? 0 };
  }

  #cpu(): Record<string, number> {
    const nodes = Object.entries(this.#pids()).map(([name, pid]) => [name, cpuMsOf(pid)]);
    return { ...Object.fromEntries(nodes), PostgreSQL: cpuMsOfFamily(this.#network.postgresPid) };
  }

  #rssMb(): number {
    return Math.max(...Object.values(this.#pids()).map(rssMbOf));
  }
}

/** Parties that begin a step only when all lifecycles have come to it. */
function phased(parties: LifecycleParties, phases: Phases): LifecycleParties {
  const waiting = (party: LifecycleParty): LifecycleParty => ({
    legalName: party.legalName,
    holds: (txId) => party.holds(txId),
    async run(flow, input) {
      await phases.next();
      return await party.run(flow, input);
    },
  });
  const { bank, seller, buyer, lender } = parties;
  return {
    bank: waiting(bank),
    seller: waiting(seller),
    buyer: waiting(buyer),
    lender: waiting(lender),
  };
}

function difference(after: Record<string, number>, before: Record<string, number>) {
  return Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]),
  );
}

function total(values: Record<string, number>): number {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}
