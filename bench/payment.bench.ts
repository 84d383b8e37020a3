import type { Report } from "./figure.ts";
import { PaymentNetwork, type Servers } from "./payment/payment-network.ts";

const IN_FLIGHT: Record<Servers, readonly number[]> = { one: [1, 16, 64, 256], each: [1, 64] };

/** Payments by how many are in flight; first with one PostgreSQL server, then with one for each node. */
export async function run(report: Report): Promise<void> {
  for (const servers of ["one", "each"] as const) {
    const network = await PaymentNetwork.start(servers);
    const by = servers === "one" ? "" : ", a server for each";
    try {
      for (const inFlight of IN_FLIGHT[servers]) {
        const n = inFlight === 1 ? 300 : 2_000;
        await network.measure(`${inFlight} in flight${by}`, { inFlight, n }, report);
      }
      if (servers === "one") network.reportMemory(report);
    } finally {
      await network.remove();
    }
  }
}
