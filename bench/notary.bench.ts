import type { ChainRequest, MemberChain } from "@stateset/notary";
import { NotaryFixture } from "@stateset/testing";
import type { Report } from "./figure.ts";
import { ChainCluster } from "./notary/chain-cluster.ts";
import { spends } from "./notary/spends.ts";

const MEMBERS = 7;
/** Workers that submit; the others only follow. */
const SUBMITTING = 4;
const REQUESTS = 12_000;
const BATCH = 100;
/** Batches that each has under way. */
const IN_FLIGHT = 2;
const ALONE = 40;

/**
 * The chain of seven members, as its workers use it: batches of spends with one authority signature
 * each, each verified by every member. CPU and memory are those of all members together.
 */
export async function run(report: Report): Promise<void> {
  let started: ChainCluster | undefined;
  try {
    const fixture = await NotaryFixture.start(async (map) => {
      started = await ChainCluster.start(MEMBERS, map);
      return { ...NOT_ASKED, memberSets: [started.memberSet] };
    }, "bench-notary");
    const cluster = started as unknown as ChainCluster;
    const [first] = cluster.clients as [MemberChain];
    const requests = await spends(fixture, first, REQUESTS + ALONE);
    await measured("alone", {
      batches: batchesOf(requests.splice(0, ALONE), 1),
      inFlight: 1,
      submitting: 1,
    });
    await measured(`batches of ${BATCH}, ${SUBMITTING * IN_FLIGHT} in flight`, {
      batches: batchesOf(requests, BATCH),
      ...{ inFlight: IN_FLIGHT, submitting: SUBMITTING },
    });

    async function measured(name: string, load: Load): Promise<void> {
      const before = cluster.usage();
      const start = performance.now();
      const latencies = await drive(cluster.clients.slice(0, load.submitting), load);
      const seconds = (performance.now() - start) / 1000;
      const { cpuMs, rssMb } = cluster.usage();
      const n = latencies.length;
      const common = { n, cpuMsPerOp: (cpuMs - before.cpuMs) / n, rssMb };
      report({ figure: `${name}: requests`, value: n / seconds, unit: "op/s", ...common });
      for (const [percentile, share] of PERCENTILES)
        report({
          ...{ figure: `${name}: ${percentile}`, unit: "ms", ...common },
          value: latencies.toSorted((a, b) => a - b)[Math.floor(n * share)] as number,
        });
    }
  } finally {
    await started?.stop();
  }
}

const PERCENTILES = [
  ["p50", 0.5],
  ["p99", 0.99],
] as const;

type Load = { batches: ChainRequest[][]; inFlight: number; submitting: number };

/** @returns the milliseconds from submission to verdict, of each request */
async function drive(
  clients: readonly MemberChain[],
  { batches, inFlight }: Load,
): Promise<number[]> {
  const waiting = batches.values();
  const latencies: number[] = [];
  const submit = async (client: MemberChain) => {
    for (const batch of waiting) {
      const start = performance.now();
      const { verdicts } = await (await client.submit(batch)).verdicts;
      const refused = verdicts.find(({ kind }) => kind !== "notarised");
      if (refused !== undefined) throw new Error(`a spend is ${JSON.stringify(refused)}`);
      for (const _ of batch) latencies.push(performance.now() - start);
    }
  };
  const drivers = clients.flatMap((client) => Array.from({ length: inFlight }, () => client));
  await Promise.all(drivers.map(submit));
  return latencies;
}

function batchesOf(requests: readonly ChainRequest[], size: number): ChainRequest[][] {
  return Array.from({ length: Math.ceil(requests.length / size) }, (_, i) =>
    requests.slice(i * size, (i + 1) * size),
  );
}

/** The chain is asked directly, in place of a notary. */
const NOT_ASKED = {
  notary: {
    notarise: () => Promise.reject(new Error("there is no notary")),
    receipt: () => Promise.reject(new Error("there is no notary")),
    absence: () => Promise.reject(new Error("there is no notary")),
  },
  now: () => Date.now(),
  advance: () => Promise.resolve(),
};
