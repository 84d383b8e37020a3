import { RemoteFailure } from "@stateset/flow";

/** No answer could be had; that it may be asked again is all that it says. */
export function unavailable(message: string, cause?: unknown): RemoteFailure {
  const failure = new RemoteFailure("notary/unavailable", message);
  if (cause !== undefined) failure.cause = cause;
  return failure;
}

export function overloaded(retryAfterMs: number): RemoteFailure {
  const facts = { retryAfterMs };
  return new RemoteFailure("notary/overloaded", "the notary has too much to do", facts);
}
