import { expect } from "vitest";
import type { RunningParty } from "../../src/local/running-network.ts";

export type LoadOptions = {
  payer: RunningParty;
  /** Their organisation, as the flow's input names it. */
  payee: string;
  /** Client ids begin with it. */
  name: string;
  inFlight?: number;
  /** Ends by itself after so many. */
  paymentsMax?: number;
};

type FlowAnswer = {
  flowId?: string;
  status?: string;
  result?: { transactionId: string };
  code?: string;
  error?: object;
};

export const IN_FLIGHT = 16;
/** How long one request waits for a flow's end: short, so that clients come back while a node is away. */
const WAIT_SECONDS = 5;
/** A client's own pause before it asks again. */
const AGAIN_MS = 100;
/** Longer than the longest pause that a flow makes before it tries again. */
const RECOVERY_MS = 60_000;

/**
 * Clients of a node's REST interface that pay, each sending its payment again under the same client
 * id until it has ended.
 */
export class PaymentLoad {
  readonly options: LoadOptions;
  /** The transaction of each client id whose flow completed. */
  readonly completed = new Map<string, string>();
  /** What else was answered, as `503 store/unavailable`, and how often; `none` without an answer. */
  readonly troubles = new Map<string, number>();
  /** How often a client was told that its payment is not over yet, or to ask again. */
  waits = 0;
  /** In minor units, by those payments that were begun. */
  paid = 0;
  readonly #failures: string[] = [];
  readonly #waiting = new Set<string>();
  readonly #clients: Promise<void>[];
  #begun = 0;
  #isEnding = false;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(options: LoadOptions) {
    this.options = options;
    const { inFlight = IN_FLIGHT } = options;
    this.#clients = Array.from({ length: inFlight }, () => this.#client());
  }

  /** Resolves when so many more payments have completed. */
  async further(count: number): Promise<void> {
    const enough = this.completed.size + count;
    const isEnough = () => this.completed.size >= enough || this.#failures.length > 0;
    await expect.poll(isEnough, { timeout: RECOVERY_MS, interval: 5 }).toBe(true);
    expect(this.#failures).toEqual([]);
  }

  /** Begins no more, and waits until all that were begun have completed. */
  async finish(): Promise<void> {
    this.#isEnding = true;
    await this.settled();
  }

  /** Waits for what was begun; where there is a `paymentsMax`, for all of them. */
  async settled(): Promise<void> {
    this.#deadline = performance.now() + RECOVERY_MS;
    await Promise.all(this.#clients);
    expect(this.#failures).toEqual([]);
    expect([...this.#waiting], "never ended").toEqual([]);
  }

  /** Answers that did not tell the client by a code that it should ask again. */
  unclear(expected: readonly string[] = []): string[] {
    const isClear = (trouble: string) =>
      expected.includes(trouble) || /^503 [a-z]+\/[a-z-]+$/.test(trouble);
    return [...this.troubles.keys()].filter((trouble) => !isClear(trouble));
  }

  async #client(): Promise<void> {
    const { name, paymentsMax = Number.POSITIVE_INFINITY } = this.options;
    while (!this.#isEnding && this.#begun < paymentsMax) {
      const number = ++this.#begun;
      const amount = 1 + (number % 7);
      this.paid += amount;
      await this.#pay(`${name} ${number}`, amount);
    }
  }

  async #pay(clientId: string, minorUnits: number): Promise<void> {
    this.#waiting.add(clientId);
    while (performance.now() < this.#deadline) {
      const answer = await this.#ask(clientId, minorUnits);
      if (answer?.status === "COMPLETED") {
        this.completed.set(clientId, answer.result?.transactionId ?? "");
        this.#waiting.delete(clientId);
        return;
      }
      if (answer?.status === "FAILED" || answer?.status === "KILLED") {
        const { flowId, status, error } = answer;
        this.#failures.push(`${clientId} ${flowId} ${status} ${JSON.stringify(error)}`);
        return;
      }
      this.waits++;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  /** @returns the flow, or undefined where the node did not tell of it */
  async #ask(clientId: string, minorUnits: number): Promise<FlowAnswer | undefined> {
    const { payer, payee } = this.options;
    const amount = { minorUnits: String(minorUnits), currency: "CHF" };
    try {
      const response = await fetch(`${payer.rest}/v1/flows`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${payer.token}`,
          "content-type": "application/json",
          prefer: `wait=${WAIT_SECONDS}`,
        },
        body: JSON.stringify({ flow: "cash/pay", input: { to: payee, amount }, clientId }),
      });
      const answer = (await response.json()) as FlowAnswer;
      if (response.ok) return answer;
      this.#trouble(`${response.status} ${answer.code}`);
    } catch {
      this.#trouble("none");
    }
    return undefined;
  }

  #trouble(what: string): void {
    this.troubles.set(what, (this.troubles.get(what) ?? 0) + 1);
  }
}
