import type { DemoInvoice } from "../demo/demo-invoice.ts";
import type { DemoNetwork } from "../demo/demo-network.ts";
import { RequestError } from "../request-error.ts";
import type { Output } from "./output.ts";
import type { ProgressLine } from "./progress-line.ts";

/**
 * Runs the drills on a demo's network and tells of each.
 * @throws RequestError `demo/drills-failed`, `demo/not-reconciled`
 */
export async function tellDrills(
  financed: DemoInvoice,
  { network, dir }: Pick<DemoNetwork, "network" | "dir">,
  on: { output: Output; progress: ProgressLine; isJson: boolean },
): Promise<void> {
  const [{ openDrillStage, reconcileDrilled }, { runDrills }, story] = await Promise.all([
    import("../demo/drills/drill-stage.ts"),
    import("../demo/drills/run-drills.ts"),
    import("../demo/drills/drill-story.ts"),
  ]);
  const { output, progress, isJson } = on;
  const startedAt = performance.now();
  const tell = (value: unknown, lines: readonly string[]) => {
    progress.clear();
    if (value !== undefined || !isJson) output.answer(value, lines);
  };
  const { stage, nodes } = await openDrillStage(network, dir, financed);
  const outcome = await runDrills(stage, (waiting) => reconcileDrilled(nodes, waiting), {
    onBegin(drill, place) {
      tell(undefined, story.titleLines(drill, place));
      progress.show(`drill ${place.number} of ${place.of}: ${drill.name}`);
    },
    onAttempt({ name, isSummedUp }, attempt) {
      tell({ drill: name, ...attempt }, isSummedUp ? [] : [story.attemptLine(attempt)]);
    },
    onFinding: (_, sentence) => tell(undefined, [story.findingLine(sentence)]),
    onEnd({ name }, result) {
      const { failures, ms } = result;
      const outcome = failures.length === 0 ? "passed" : "failed";
      const why = failures.length === 0 ? {} : { failures };
      tell({ drill: name, outcome, ...why, ms }, story.resultLines(result));
    },
  });
  const ms = Math.round(performance.now() - startedAt);
  const summary = story.drillsSummary(outcome, ms);
  const { results, reconciliation } = outcome;
  tell({ drills: summary }, story.drillsLines(summary, reconciliation));
  const failed = results.filter(({ failures }) => failures.length > 0);
  if (failed.length > 0) {
    const failures = failed.flatMap(({ name, failures: each }) =>
      each.map((why) => `${name}: ${why}`),
    );
    throw new RequestError("demo/drills-failed", `Drills failed: ${failures.join("; ")}`, {
      failures,
    });
  }
  const { differences } = reconciliation;
  if (differences.length > 0)
    throw new RequestError(
      "demo/not-reconciled",
      `The parties' vaults differ after the drills: ${differences.join("; ")}`,
      { differences },
    );
}
