import { CodecError } from "@stateset/codec";
import { LedgerError } from "@stateset/ledger";
import { FlowError } from "../flow-service.ts";
import { RemoteFailure } from "../ports/network.ts";
import { type FlowProblem, StoreError } from "../ports/store.ts";
import { VaultError } from "../ports/vault.ts";

/** A failure that a flow ends with: the request's doing, or a counterparty's. */
export function expectedProblem(error: unknown): FlowProblem | undefined {
  if (isFlowFailure(error)) return { code: error.code, detail: error.message, facts: error.facts };
  if (error instanceof LedgerError) {
    const { code: _, ...facts } = error.fault;
    return { code: error.refusedBy, detail: error.message, facts };
  }
  if (error instanceof VaultError) {
    const { code, ...facts } = error.fault;
    return { code, detail: error.message, facts };
  }
  if (error instanceof FlowError && error.code !== "flow/diverged") {
    const { code, ...facts } = error.fault;
    return { code, detail: error.message, facts };
  }
  if (error instanceof CodecError)
    return { code: error.code, detail: error.message, facts: { path: error.path } };
  if (error instanceof RemoteFailure && !isTransient(error))
    return { code: error.code, detail: error.message, facts: error.facts };
  return undefined;
}

const PASSING = ["notary/unavailable", "notary/overloaded"];

/** Trouble that passes: the database away, a peer that does not answer. */
export function isTransient(error: unknown): boolean {
  if (error instanceof StoreError) return error.code === "store/unavailable";
  if (!(error instanceof RemoteFailure)) return false;
  return error.code.startsWith("network/") || PASSING.includes(error.code);
}

type FailureShape = Error & { code: string; facts: Record<string, unknown> };

/** Apps bring a copy of the class of their own, so the shape decides. */
function isFlowFailure(error: unknown): error is FailureShape {
  const { name, code, facts } = (error ?? {}) as Partial<FailureShape>;
  return name === "FlowFailure" && typeof code === "string" && typeof facts === "object";
}
