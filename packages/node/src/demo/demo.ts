import type { RunningNetwork } from "../local/running-network.ts";
import type { DemoInvoice } from "./demo-invoice.ts";
import { type LifecycleOptions, type LifecycleStep, runLifecycle } from "./lifecycle.ts";
import { connectNodes } from "./node-client.ts";
import { type Reconciliation, reconcile } from "./reconcile.ts";
import type { DemoSummary } from "./summary.ts";

export type DemoOutcome = {
  steps: LifecycleStep[];
  reconciliation: Reconciliation;
  summary: DemoSummary;
};

/**
 * Finances one invoice on a network that runs, and compares what all parties hold in the end.
 * @throws what a party's flow ended with
 */
export async function runDemo(
  network: RunningNetwork,
  { xml, ubl }: Pick<DemoInvoice, "xml" | "ubl">,
  told: Pick<LifecycleOptions, "onBegin" | "onStep"> & { onReconcile?: () => void } = {},
): Promise<DemoOutcome> {
  const startedAt = performance.now();
  const { nodes, parties } = await connectNodes(network);
  const { onBegin, onStep, onReconcile } = told;
  const steps = await runLifecycle({
    ...{ parties, xml, ubl },
    ...(onBegin !== undefined && { onBegin }),
    ...(onStep !== undefined && { onStep }),
  });
  onReconcile?.();
  const reconciliation = await reconcile(nodes);
  const summary: DemoSummary = {
    steps: steps.length,
    transactions: new Set(steps.map(({ txId }) => txId)).size,
    reconciled: reconciliation.differences.length === 0,
    balances: reconciliation.balances,
    ms: Math.round(performance.now() - startedAt),
  };
  return { steps, reconciliation, summary };
}
