import type { FlowProblem } from "../ports/store.ts";

/**
 * A failure that a flow ends with: the request's doing, or a counterparty's. Apps bring copies of
 * the classes of their own, so an error's name and shape decide.
 */
export function expectedProblem(error: unknown): FlowProblem | undefined {
  if (isTransient(error) || HELD.includes(codeOf(error) ?? "")) return undefined;
  return EXPECTED.includes(nameOf(error)) ? problemOf(error) : undefined;
}

/** An error with a code, as it is stored and shown. */
export function problemOf(error: unknown): FlowProblem | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const { message, facts, fault, path } = error as Shape;
  const { code: _, ...faultFacts } = fault ?? {};
  return { code, detail: String(message), facts: plainFacts(facts ?? { ...faultFacts, path }) };
}

/** Trouble that passes: the database away, a peer that does not answer. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return false;
  if (nameOf(error) === "StoreError") return code === "store/unavailable";
  if (nameOf(error) !== "RemoteFailure" || PERMANENT.includes(code)) return false;
  return code.startsWith("network/") || PASSING.includes(code);
}

const EXPECTED = [
  "FlowFailure",
  "LedgerError",
  "VaultError",
  "FlowError",
  "CodecError",
  "RemoteFailure",
];
/** The node's own trouble with a flow, which a person may mend. */
const HELD = ["flow/diverged", "flow/unknown-bundle", "flow/not-verified", "flow/input-unreadable"];
const PASSING = ["notary/unavailable", "notary/overloaded"];
/** What the network says of the request itself: the next attempt would hear the same. */
const PERMANENT = ["network/too-large", "network/unknown-peer", "network/unknown-request"];

type Shape = {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  /** Of a LedgerError: the contract's rule, where one is broken. */
  refusedBy?: unknown;
  fault?: Record<string, unknown>;
  facts?: Record<string, unknown>;
  path?: unknown;
};

function nameOf(error: unknown): string {
  return String((error as Shape | null | undefined)?.name);
}

function codeOf(error: unknown): string | undefined {
  const { refusedBy, code, fault } = (error ?? {}) as Shape;
  const found = [refusedBy, code, fault?.code].find((each) => typeof each === "string");
  return found === "" ? undefined : (found as string | undefined);
}

/** Facts as JSON has them; what it cannot say is left out. */
function plainFacts(facts: unknown): Record<string, unknown> {
  try {
    const json = JSON.stringify(facts, (_, value) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    const plain: unknown = JSON.parse(json ?? "{}");
    return typeof plain === "object" && plain !== null ? { ...plain } : {};
  } catch {
    return {};
  }
}
