import { signingKeys } from "@stateset/codec";
import {
  type Holder,
  type IdentityId,
  openGroup,
  type Receipt,
  type SignedTransaction,
  type StateRef,
  type TransactionId,
  transactionId,
} from "@stateset/ledger";
import { FlowFailure } from "../flow-context.ts";
import { notarisationRequest } from "../ledger/notarisation-request.ts";
import type { NotarisationRequest, Notary, NotaryFault } from "../ports/notary.ts";
import type { EngineServices } from "./engine-services.ts";
import { expectedProblem, isTransient } from "./expected-problem.ts";
import type { FlowRun, SignedMark } from "./flow-run.ts";

const RETRY_MS = 200;
const RETRY_MAX_MS = 10_000;

/**
 * Asks the transaction's notary until it answers, for as long as the window is open.
 * @throws FlowFailure with the notary's fault, or `notary/absent` once it cannot be notarised
 */
export async function notarise(
  signed: SignedTransaction,
  run: FlowRun,
  on: EngineServices,
): Promise<Receipt> {
  const id = transactionId(signed.transaction);
  const [meta] = openGroup(signed.transaction, "meta");
  const [window] = openGroup(signed.transaction, "timeWindow");
  if (meta === undefined) throw new Error("a transaction has a notary");
  const notary = on.notaries(meta.notary);
  const request = await requestFor(signed, on);
  const mark = { until: window?.until ?? Number.POSITIVE_INFINITY, notary: meta.notary, at: 0 };
  for (let attempt = 0; ; attempt++) {
    const outcome = await ask(notary, request, run, on);
    if (outcome.kind === "notarised") return outcome.receipt;
    if (outcome.kind === "refused") throw refusal(outcome.fault, id);
    if (on.clock.now() > mark.until && (await settle(id, mark, on)) === "absent") throw absent(id);
    await on.waitUntil(run, on.clock.now() + backOff(attempt, outcome.retryAfterMs));
  }
}

/** @throws FlowFailure `notary/absent` */
export async function awaitSettled(
  id: TransactionId,
  mark: SignedMark,
  run: FlowRun,
  on: EngineServices,
): Promise<Receipt> {
  for (let attempt = 0; ; attempt++) {
    const settled = await on.waiting(run, "the notary", settle(id, mark, on));
    if (settled === "absent") throw absent(id);
    if (settled !== undefined) return settled;
    await on.waitUntil(run, on.clock.now() + backOff(attempt, undefined));
  }
}

/**
 * Whether a signed transaction was notarised, or never can be.
 * @returns its receipt, `absent`, or undefined where that is not decided or the notary is away
 */
export async function settle(
  id: TransactionId,
  { until, notary: notaryId }: SignedMark,
  on: EngineServices,
): Promise<Receipt | "absent" | undefined> {
  const notary = on.notaries(notaryId);
  try {
    const receipt = await notary.receipt(id);
    if (receipt !== undefined) return receipt;
    if (on.clock.now() <= until) return undefined;
    return (await notary.absence(id, until)) === undefined ? undefined : "absent";
  } catch (error) {
    if (isTransient(error)) return undefined;
    throw error;
  }
}

type Asked =
  | { kind: "notarised"; receipt: Receipt }
  | { kind: "refused"; fault: NotaryFault }
  | { kind: "away"; retryAfterMs?: number };

async function ask(
  notary: Notary,
  request: NotarisationRequest,
  run: FlowRun,
  on: EngineServices,
): Promise<Asked> {
  try {
    const answer = await on.waiting(run, "the notary", notary.notarise(request));
    if (answer.kind === "notarised" || answer.fault.kind !== "notary/overloaded") return answer;
    return { kind: "away", retryAfterMs: answer.fault.retryAfterMs };
  } catch (error) {
    if (!isTransient(error)) throw error;
    return { kind: "away" };
  }
}

/** Identities are shown only where no one-time key signed: else the notary need not know them. */
async function requestFor(
  signed: SignedTransaction,
  { ledger, map }: EngineServices,
): Promise<NotarisationRequest> {
  const { transaction, signatures } = signed;
  const inputs = openGroup(transaction, "inputs");
  const references = openGroup(transaction, "references");
  const [meta] = openGroup(transaction, "meta");
  const created = [...inputs, ...references].map(({ txId }) => txId);
  const known = await ledger.known([...new Set(created)]);
  const keys = new Set(signatures.flatMap(({ by }) => signingKeys(by)).map(({ key }) => key));
  const entry = meta && map.notary(meta.notary);
  return notarisationRequest(signed, {
    creating(id) {
      const found = known.get(id);
      if (found === undefined) throw new Error(`${id} is not recorded here`);
      return found.shown;
    },
    openings: await openings(inputs, keys, ledger),
    ...(entry === undefined ? {} : { kind: entry.kind }),
  });
}

async function openings(
  inputs: readonly StateRef[],
  keys: ReadonlySet<string>,
  ledger: EngineServices["ledger"],
): Promise<{ identity: IdentityId; blinding: string }[]> {
  const states = await ledger.states(inputs);
  return states.flatMap(({ state }) =>
    Object.values(state)
      .filter(isHolder)
      .filter(({ key }) => key === undefined || !keys.has(key.key))
      .map(({ identity, blinding }) => ({ identity, blinding })),
  );
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== "object" || value === null) return false;
  return "identity" in value && "blinding" in value;
}

const FINAL = ["notary/absent", "notary/conflict", "notary/unique-key-taken"];

/** Whether `notarise` failed so that the same transaction is never notarised, whoever asks. */
export function isFinalRefusal(error: unknown): boolean {
  const problem = expectedProblem(error);
  if (problem?.code !== "notary/outside-time-window") return FINAL.includes(problem?.code ?? "");
  const { until, blockTime } = problem.facts;
  return typeof until === "number" && typeof blockTime === "number" && blockTime >= until;
}

function refusal(fault: NotaryFault, id: TransactionId): FlowFailure {
  const { kind, ...facts } = fault;
  return new FlowFailure(kind, `the notary refused the transaction: ${kind}`, { id, ...facts });
}

function absent(id: TransactionId): FlowFailure {
  return new FlowFailure("notary/absent", "the window ended before the notary had it", { id });
}

function backOff(attempt: number, retryAfterMs: number | undefined): number {
  return retryAfterMs ?? Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(attempt, 8));
}
