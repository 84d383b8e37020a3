// The thread behind ContractWorker.
import { parentPort, workerData } from "node:worker_threads";
import { type LoadOutcome, loadProgram, runScript } from "../contract-vm.ts";
import { ContractVmError } from "../contract-vm-error.ts";
import type { VmOutcome } from "../vm-outcome.ts";
import type { WorkerJob, WorkerReply, WorkerRequest, WorkerStart } from "./worker-messages.ts";

const { limits } = workerData as WorkerStart;
const programs = new Map<number, LoadOutcome>();

parentPort?.on("message", (request: WorkerRequest) => {
  if (request.kind === "forget") programs.delete(request.program);
  else parentPort?.postMessage(replyTo(request));
});

function replyTo(job: WorkerJob): WorkerReply {
  try {
    return {
      outcome: job.kind === "script" ? runScript(job.source, job.input, limits) : call(job),
    };
  } catch (error) {
    // Anything else is a bug of the VM: the thread dies and says so.
    if (!(error instanceof ContractVmError)) throw error;
    return { failure: error.failure };
  }
}

function call(job: WorkerJob & { kind: "call" }): VmOutcome {
  let loaded = programs.get(job.program);
  if (!loaded) {
    if (job.source === undefined)
      throw new Error("a program was called that this thread does not know");
    loaded = loadProgram(job.source, limits);
    programs.set(job.program, loaded);
  }
  return loaded.ok
    ? loaded.program.call(job.input)
    : { ok: false, error: loaded.error, gas: loaded.gas };
}
