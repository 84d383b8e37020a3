import type { Report } from "./figure.ts";
import { LifecycleNetwork } from "./lifecycle/lifecycle-network.ts";

const IN_FLIGHT = [1, 8, 32];
const STEPS_OF = 64;

/** Lifecycles by how many are in flight, and then the CPU of each step. */
export async function run(report: Report): Promise<void> {
  const network = await LifecycleNetwork.start();
  try {
    for (const inFlight of IN_FLIGHT)
      await network.measure({ inFlight, n: inFlight === 1 ? 16 : 64 }, report);
    await network.measureSteps(STEPS_OF, report);
    await network.assertReconciled();
  } finally {
    await network.remove();
  }
}
