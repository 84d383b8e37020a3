import type { TransactionId } from "@stateset/ledger";
import type { Log } from "../log.ts";
import type { FlowProblem } from "../ports/store.ts";
import type { EngineServices } from "./engine-services.ts";
import { expectedProblem, isTransient, problemOf } from "./expected-problem.ts";
import type { FlowRun } from "./flow-run.ts";
import { settle } from "./notarise.ts";

const SETTLE_RETRY_MS = 1_000;

export type Outcome = "ended" | "held" | "retry" | "abandoned" | "notarised";

/**
 * Sees one run to its end, and decides what becomes of it: done, failed for its caller to know,
 * tried again, or held for a person.
 */
export async function superviseRun(
  run: FlowRun,
  body: () => Promise<unknown>,
  on: EngineServices & { log: Log },
): Promise<Outcome> {
  try {
    const result = resultText(await body());
    await run.goesOn();
    run.assertReplayed("the flow completes");
    const unverified = await settleSigned(run, on);
    if (unverified !== undefined) run.verifiedAs(unverified);
    await run.end("COMPLETED", { result }, on.clock.now());
    return "ended";
  } catch (thrown) {
    return await troubled(run, asError(thrown), on);
  }
}

async function troubled(
  run: FlowRun,
  error: Error,
  on: EngineServices & { log: Log },
): Promise<Outcome> {
  if (run.isAbandoned) return "abandoned";
  const { id, flow } = run.record;
  const fields = { flowId: id, flow, reason: error.message };
  if (isTransient(error)) {
    on.log("warn", "flow waits for what is away", fields);
    return "retry";
  }
  const problem = expectedProblem(error);
  if (problem === undefined) {
    on.log("error", "flow is held in hospital", { ...fields, stack: error.stack });
    return await holdRun(run, error, on);
  }
  try {
    run.assertReplayed(`the flow fails with ${problem.code}`);
  } catch (diverged) {
    on.log("error", "flow is held in hospital", { ...fields, code: problem.code });
    return await holdRun(run, asError(diverged), on);
  }
  on.log("info", "flow failed", { ...fields, code: problem.code });
  return await failRun(run, "FAILED", problem, on);
}

/**
 * Ends a run that will not complete; not before it is known of every transaction that it signed
 * whether the notary has it.
 * @returns `notarised` where one that this run has not verified was, so that it must go on
 */
export async function failRun(
  run: FlowRun,
  status: "FAILED" | "KILLED",
  error: FlowProblem,
  on: EngineServices & { log: Log },
): Promise<Outcome> {
  try {
    const unverified = await settleSigned(run, on);
    if (unverified !== undefined && status === "KILLED") return "notarised";
    if (unverified !== undefined) run.verifiedAs(unverified);
    await run.end(status, { error }, on.clock.now());
    return "ended";
  } catch (trouble) {
    if (run.isAbandoned) return "abandoned";
    if (isTransient(trouble)) return "retry";
    return await holdRun(run, asError(trouble), on);
  }
}

/**
 * Waits until it is known of all that a run signed whether it was notarised, and records what was.
 * @returns one that was, but that this run has not verified and so cannot record
 */
async function settleSigned(
  run: FlowRun,
  on: EngineServices & { log: Log },
): Promise<TransactionId | undefined> {
  if (run.signed.size > 0) await run.flush();
  for (const [id, mark] of run.signed) {
    let settled = await settle(id, mark, on);
    while (settled === undefined) {
      run.setProgress(`is over; waits to know whether transaction ${id} was notarised`);
      await on.waitUntil(run, on.clock.now() + SETTLE_RETRY_MS);
      settled = await settle(id, mark, on);
    }
    if (settled !== "absent") {
      if (run.verified.has(id)) run.write(on.ledger.record(run.verifiedAs(id), settled));
      // What this run never had with all signatures may have come another way.
      else if (!(await on.ledger.isRecorded(id))) return id;
    }
    run.signed.delete(id);
  }
  return undefined;
}

async function holdRun(run: FlowRun, error: Error, { log }: { log: Log }): Promise<Outcome> {
  const { code, detail, facts } = problemOf(error) ?? {
    code: "",
    detail: error.message,
    facts: {},
  };
  const problem = {
    code: code.includes("/") ? code : "flow/unexpected",
    detail: `${error.name}: ${detail}`,
    facts,
  };
  try {
    await run.hold("HOSPITAL", problem);
    return "held";
  } catch (trouble) {
    log("warn", "a held flow could not be written", { reason: asError(trouble).message });
    return "retry";
  }
}

/** Apps may throw anything. */
function asError(thrown: unknown): Error {
  const { name, message } = (thrown ?? {}) as Partial<Error>;
  if (typeof name === "string" && typeof message === "string") return thrown as Error;
  return new Error(`threw ${typeof thrown === "object" ? "an object" : String(thrown)}`);
}

/** A flow's result as JSON: integers above 2^53 as text. */
function resultText(result: unknown): string {
  const text = JSON.stringify(result, (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return text ?? "null";
}
