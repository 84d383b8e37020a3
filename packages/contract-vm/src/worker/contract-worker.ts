import { Worker } from "node:worker_threads";
import { ContractVmError, type ContractVmFailure } from "../contract-vm-error.ts";
import type { GuestData } from "../guest/guest-value.ts";
import { DEFAULT_LIMITS, type VmLimits } from "../vm-limits.ts";
import type { VmOutcome } from "../vm-outcome.ts";
import type { WorkerJob, WorkerReply, WorkerRequest, WorkerStart } from "./worker-messages.ts";

export interface ContractWorkerOptions {
  readonly limits?: VmLimits;
  /** Jobs that may wait or run; more are refused at once, so that a flood is felt where it starts. */
  readonly queueMax?: number;
  /** Programs kept loaded in the thread, at two to three megabytes each. */
  readonly programsMax?: number;
}

/** Eight times what the depth limit lets wasm frames take (see DEFAULT_LIMITS.callDepth). */
const STACK_SIZE_MB = 8;
const QUEUE_MAX = 1024;
const PROGRAMS_MAX = 32;
/** Jobs handed over before the first is answered: enough to keep the thread busy. */
const IN_FLIGHT_MAX = 8;

interface Waiting {
  readonly job: Job;
  readonly resolve: (outcome: VmOutcome) => void;
  readonly reject: (error: ContractVmError) => void;
}

type Job = { readonly source: string; readonly input: GuestData; readonly kind: WorkerJob["kind"] };

/**
 * Runs contracts in a thread of their own: the caller stays responsive, the stack is large, and a
 * crash takes down one job only. The thread starts with the first job and again after a crash.
 */
export class ContractWorker {
  readonly #limits: VmLimits;
  readonly #queueMax: number;
  readonly #programsMax: number;
  #thread: Worker | undefined;
  #isClosed = false;
  #waiting: Waiting[] = [];
  /** Handed over and not yet answered, oldest first; the thread answers in order. */
  #inFlight: Waiting[] = [];
  /** Number of every program that the thread holds, least recently used first. */
  #programs = new Map<string, number>();
  #programCount = 0;

  constructor(options: ContractWorkerOptions = {}) {
    this.#limits = options.limits ?? DEFAULT_LIMITS;
    this.#queueMax = options.queueMax ?? QUEUE_MAX;
    this.#programsMax = options.programsMax ?? PROGRAMS_MAX;
  }

  /** Loads the source if the thread does not hold it yet, and calls its contract. */
  call(source: string, input: GuestData): Promise<VmOutcome> {
    return this.#enqueue({ kind: "call", source, input });
  }

  runScript(source: string, input?: GuestData): Promise<VmOutcome> {
    return this.#enqueue({ kind: "script", source, input });
  }

  /** Stops the thread; jobs not yet answered are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const abandoned = [...this.#inFlight, ...this.#waiting];
    this.#inFlight = [];
    this.#waiting = [];
    for (const { reject } of abandoned) reject(vmError("worker-crashed", "the worker was closed"));
    await this.#thread?.terminate();
  }

  #enqueue(job: Job): Promise<VmOutcome> {
    if (this.#isClosed) return Promise.reject(vmError("worker-crashed", "the worker is closed"));
    if (this.#waiting.length + this.#inFlight.length >= this.#queueMax)
      return Promise.reject(vmError("worker-busy", `${this.#queueMax} jobs are waiting`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#handOver();
    });
  }

  #handOver(): void {
    while (this.#inFlight.length < IN_FLIGHT_MAX) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#thread ??= this.#start();
      try {
        this.#post(this.#thread, next.job);
        this.#inFlight.push(next);
      } catch (cause) {
        // The input cannot be cloned, so it is no data either.
        next.reject(vmError("invalid-input", String(cause)));
      }
    }
  }

  #post(thread: Worker, { kind, source, input }: Job): void {
    const post = (request: WorkerRequest): void => thread.postMessage(request);
    if (kind === "script") {
      post({ kind, source, input });
      return;
    }
    const known = this.#programs.get(source);
    if (known === undefined) {
      const program = this.#programCount++;
      post({ kind, program, source, input });
      this.#programs.set(source, program);
    } else {
      post({ kind, program: known, input });
      this.#programs.delete(source);
      this.#programs.set(source, known);
    }
    for (const [oldest, program] of this.#programs) {
      if (this.#programs.size <= this.#programsMax) break;
      this.#programs.delete(oldest);
      post({ kind: "forget", program });
    }
  }

  #start(): Worker {
    const thread = new Worker(new URL("./worker-thread.ts", import.meta.url), {
      workerData: { limits: this.#limits } satisfies WorkerStart,
      resourceLimits: { stackSizeMb: STACK_SIZE_MB },
    });
    this.#programs.clear();
    let reason = "the thread ended";
    thread.on("message", (reply: WorkerReply) => this.#settle(reply));
    thread.on("error", (error) => {
      reason = String(error);
    });
    thread.on("exit", () => this.#recover(thread, reason));
    return thread;
  }

  #settle(reply: WorkerReply): void {
    const done = this.#inFlight.shift();
    if (done) {
      if ("outcome" in reply) done.resolve(reply.outcome);
      else done.reject(new ContractVmError(reply.failure));
    }
    this.#handOver();
  }

  /** The oldest job was running when the thread died; those behind it are tried in a new one. */
  #recover(thread: Worker, reason: string): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    if (this.#isClosed) return;
    const [culprit, ...rest] = this.#inFlight;
    this.#inFlight = [];
    this.#waiting = [...rest, ...this.#waiting];
    culprit?.reject(vmError("worker-crashed", reason));
    this.#handOver();
  }
}

function vmError(code: ContractVmFailure["code"], detail: string): ContractVmError {
  return new ContractVmError({ code, detail });
}
