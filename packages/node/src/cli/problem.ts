import { CodecError } from "@stateset/codec";
import { ContractVmError } from "@stateset/contract-vm";
import { UblError } from "@stateset/invoice";
import { LedgerError } from "@stateset/ledger";

/** A refusal or failure as programs read it: RFC 9457, with the facts as further members. */
export type Problem = { type: string; title: string; detail: string; code: string } & Record<
  string,
  unknown
>;

/** The command itself was used wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The request was understood and cannot be carried out: exit code 1. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: string;
  readonly facts: Record<string, unknown>;

  constructor(code: string, detail: string, facts: Record<string, unknown> = {}) {
    super(detail);
    this.code = code;
    this.facts = facts;
  }
}

/** What an expected error tells; undefined for an unexpected one, which keeps its stack. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof RequestError) return problem(error.code, error.message, error.facts);
  if (error instanceof LedgerError) {
    const { code, ...facts } = error.fault;
    const name = "rule" in facts ? facts.rule : code;
    return problem(name, error.message, facts);
  }
  if (error instanceof UblError) return problem(error.code, error.message, { ...error.fault });
  if (error instanceof CodecError)
    return problem(error.code, error.message, { ...error.fault, path: error.path });
  if (error instanceof ContractVmError)
    return problem(`contract-vm/${error.code}`, error.message, {});
  return fileProblem(error);
}

/** What the operating system says of a path is the caller's to mend, not ours. */
function fileProblem(error: unknown): Problem | undefined {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (typeof code !== "string" || typeof path !== "string") return undefined;
  return problem(`file/${code.toLowerCase()}`, message, { path });
}

function problem(code: string, detail: string, facts: Record<string, unknown>): Problem {
  const title = code.replace(/^[^/]*\//, "").replaceAll("-", " ");
  return { ...facts, type: `urn:stateset:problem:${code}`, title, detail, code };
}
