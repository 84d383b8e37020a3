import type { Log } from "@stateset/flow";
import { problemOf } from "../problem/problem.ts";
import type { RunningNode } from "./running-node.ts";
import { StopSignals } from "./stop-signals.ts";

/** Flows that have not come to a place to wait by then go on from their journals at the next start. */
const STOP_MAX_MS = 10_000;

/**
 * Resolves when the node was told to stop and has: by SIGTERM, SIGINT or SIGHUP, or by the end of
 * the process that started it, where that one keeps a channel to it. A node that cannot go on, since
 * another process has its database, stops by itself.
 * @returns the exit code: 0 where it was told to stop, and all was closed in order and in time
 */
export async function runUntilStopped(node: RunningNode, log: Log): Promise<number> {
  const signals = new StopSignals();
  const reason = await Promise.race([signals.first, parentEnded(), node.failed ?? NEVER]);
  const isFailed = reason instanceof Error;
  if (isFailed) log("error", `node ends: ${problemOf(reason)?.detail ?? reason.message}`);
  else log("info", "node stops", { reason });
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), STOP_MAX_MS);
  signals.onSecond(() => process.exit(1));
  try {
    if ((await Promise.race([node.stop(), late])) === "late") {
      log("warn", "node did not stop in time; its flows go on at the next start", {
        afterMs: STOP_MAX_MS,
      });
      return 1;
    }
    log("info", "node stopped");
    return isFailed ? 1 : 0;
  } catch (error) {
    log("error", "node did not stop in order", { error });
    return 1;
  } finally {
    clearTimeout(timer);
  }
}

const NEVER = new Promise<never>(() => {});

function parentEnded(): Promise<string> {
  if (!process.connected) return NEVER;
  return new Promise((resolve) => {
    process.once("disconnect", () => resolve("its parent ended"));
  });
}
