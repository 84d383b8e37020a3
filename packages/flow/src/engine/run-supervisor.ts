import type { Log } from "../log.ts";
import type { FlowProblem } from "../ports/store.ts";
import type { EngineServices } from "./engine-services.ts";
import { expectedProblem, isTransient } from "./expected-problem.ts";
import type { FlowRun } from "./flow-run.ts";
import { settle } from "./notarise.ts";

const RETRY_MS = 500;
const RETRY_MAX_MS = 30_000;
const SETTLE_RETRY_MS = 1_000;

export type Outcome = "ended" | "held" | "retry" | "abandoned";

/**
 * Sees one run to its end, and decides what becomes of it: done, failed for its caller to know,
 * tried again, or held for a person.
 */
export async function superviseRun(
  run: FlowRun,
  body: () => Promise<unknown>,
  on: EngineServices & { log: Log },
): Promise<Outcome> {
  const { record } = run;
  try {
    const result = await body();
    await run.end("COMPLETED", { result: resultText(result) }, on.clock.now());
    return "ended";
  } catch (error) {
    if (run.isAbandoned) return "abandoned";
    const fields = { flowId: record.id, flow: record.flow, reason: (error as Error).message };
    if (isTransient(error)) {
      on.log("warn", "flow waits for what is away", fields);
      return "retry";
    }
    const problem = expectedProblem(error);
    if (problem !== undefined) {
      on.log("info", "flow failed", { ...fields, code: problem.code });
      return await failRun(run, "FAILED", problem, on);
    }
    on.log("error", "flow is held in hospital", { ...fields, stack: (error as Error).stack });
    return await holdRun(run, error, on);
  }
}

/**
 * Ends a run that will not complete; not before it is known of every transaction that it signed
 * whether the notary has it.
 */
export async function failRun(
  run: FlowRun,
  status: "FAILED" | "KILLED",
  error: FlowProblem,
  on: EngineServices & { log: Log },
): Promise<Outcome> {
  try {
    if (run.signed.size > 0) await run.flush();
    for (const [id, mark] of run.signed) {
      let settled = await settle(id, mark, on);
      while (settled === undefined) {
        run.setProgress(`failed; waits to know whether transaction ${id} was notarised`);
        await on.waitUntil(run, on.clock.now() + SETTLE_RETRY_MS);
        if (run.isAbandoned) return "abandoned";
        settled = await settle(id, mark, on);
      }
      if (settled !== "absent") run.write(on.ledger.record(run.verifiedAs(id), settled));
      run.signed.delete(id);
    }
    await run.end(status, { error }, on.clock.now());
    return "ended";
  } catch (trouble) {
    if (run.isAbandoned) return "abandoned";
    if (isTransient(trouble)) return "retry";
    return await holdRun(run, trouble, on);
  }
}

async function holdRun(run: FlowRun, error: unknown, { log }: { log: Log }): Promise<Outcome> {
  const { name, message } = error as Error;
  const code = (error as { code?: unknown }).code;
  const problem = {
    code: typeof code === "string" && code.includes("/") ? code : "flow/unexpected",
    detail: `${name}: ${message}`,
    facts: {},
  };
  try {
    await run.hold("HOSPITAL", problem);
    return "held";
  } catch (trouble) {
    log("warn", "a held flow could not be written", { reason: (trouble as Error).message });
    return "retry";
  }
}

/** A flow's result as JSON: integers above 2^53 as text. */
function resultText(result: unknown): string {
  const text = JSON.stringify(result, (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return text ?? "null";
}

export function retryDelay(attempt: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(attempt, 7));
}
