import type { Log } from "@stateset/flow";
import type { RunningNode } from "./running-node.ts";

/** Flows that have not come to a place to wait by then go on from their journals at the next start. */
const STOP_MAX_MS = 10_000;

/**
 * Resolves when the node was told to stop and has: by SIGTERM, SIGINT or SIGHUP, or by the end of
 * the process that started it, where that one keeps a channel to it.
 * @returns the exit code: 0 where all was closed in order and in time
 */
export async function runUntilStopped(node: RunningNode, log: Log): Promise<number> {
  const reason = await told();
  log("info", "node stops", { reason });
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), STOP_MAX_MS);
  // A second signal means at once.
  for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
  try {
    if ((await Promise.race([node.stop(), late])) === "late") {
      log("warn", "node did not stop in time; its flows go on at the next start", {
        afterMs: STOP_MAX_MS,
      });
      return 1;
    }
    log("info", "node stopped");
    return 0;
  } catch (error) {
    log("error", "node did not stop in order", { error });
    return 1;
  } finally {
    clearTimeout(timer);
  }
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

function told(): Promise<string> {
  return new Promise((resolve) => {
    // The command line ends at once on Ctrl-C; a node has things to put in order first.
    process.removeAllListeners("SIGINT");
    for (const signal of SIGNALS) process.once(signal, () => resolve(signal));
    if (process.connected) process.once("disconnect", () => resolve("its parent ended"));
  });
}
