import { CodecError, ThresholdError } from "@stateset/codec";
import { ContractVmError } from "@stateset/contract-vm";
import { FlowError, type FlowProblem, RemoteFailure, StoreError, VaultError } from "@stateset/flow";
import { UblError } from "@stateset/invoice";
import { LedgerError } from "@stateset/ledger";
import { AccessError } from "../access/access-error.ts";
import { ConfigError } from "../config/config-error.ts";
import { RequestError } from "../request-error.ts";
import { faultSentence } from "./fault-sentence.ts";

/** A refusal or failure as programs read it: RFC 9457, with the facts as further members. */
export type Problem = { type: string; title: string; detail: string; code: string } & Record<
  string,
  unknown
>;

/** What an expected error tells; undefined for an unexpected one, which is a fault of ours. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof RequestError) return problem(error.code, error.message, error.facts);
  if (error instanceof RemoteFailure) return sentenced(error.code, error.message, error.facts);
  if (error instanceof LedgerError) {
    const { code: _, ...facts } = error.fault;
    return sentenced(error.refusedBy, error.message, facts);
  }
  if (error instanceof CodecError) {
    const { code, ...facts } = error.fault;
    return sentenced(code, error.message, { ...facts, path: error.path });
  }
  if (isFaulty(error)) {
    const { code, ...facts } = error.fault;
    return sentenced(code, error.message, facts);
  }
  if (error instanceof ConfigError)
    return problem(error.code, error.message, { file: error.file, faults: error.faults });
  if (error instanceof ContractVmError)
    return problem(`contract-vm/${error.code}`, error.failure.detail, {});
  return undefined;
}

type Faulty = Error & { fault: { code: string } };

function isFaulty(error: unknown): error is Faulty {
  return [FlowError, VaultError, StoreError, AccessError, UblError, ThresholdError].some(
    (each) => error instanceof each,
  );
}

/** A problem that a flow ended with, or is held for, as it was stored. */
export function problemOfFlow({ code, detail, facts }: FlowProblem): Problem {
  return sentenced(code, detail, facts);
}

export function internalProblem(error: unknown): Problem {
  return problem("internal", error instanceof Error ? error.message : String(error), {});
}

/** A problem whose message was written for logs. */
function sentenced(code: string, message: string, facts: object): Problem {
  return problem(code, faultSentence(code, facts, message), facts);
}

function problem(code: string, message: string, facts: object): Problem {
  const title = code.replace(/^[^/]*\//, "").replaceAll("-", " ");
  // Messages begin with their code, for logs; here it has a place of its own.
  const detail = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
  return { ...facts, type: `urn:stateset:problem:${code}`, title, detail, code };
}
