import assert from "node:assert/strict";
import { CodecError, ThresholdError } from "@stateset/codec";
import { LedgerError } from "@stateset/ledger";

/** The code of the error that `run` throws, or "none". */
export function codeOf(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    if (error instanceof CodecError || error instanceof LedgerError) return error.code;
    if (error instanceof ThresholdError) return error.fault.code;
    throw error;
  }
}

/** Vectors state the code that the format asks for; the writer refuses to write any other. */
export function expectCode(name: string, code: string, run: () => unknown): void {
  assert.equal(codeOf(run), code, name);
}
