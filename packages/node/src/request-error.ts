/** A request that was understood and cannot be carried out; `code` is stable, `facts` are its own. */
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
