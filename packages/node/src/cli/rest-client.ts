import { RequestError } from "../request-error.ts";

export type RestTarget = { url: string; token: string };

export type RestAnswer = { status: number; body: unknown };

/** A node answers in much less, but for a start that waits for its flow. */
const TIMEOUT_MS = 30_000;

/** What a command asks of a node: problems become errors with the node's own code and facts. */
export class RestClient {
  readonly #target: RestTarget;

  constructor(target: RestTarget) {
    this.#target = target;
  }

  get(path: string): Promise<RestAnswer> {
    return this.#call("GET", path, undefined, {});
  }

  post(
    path: string,
    body: unknown,
    { prefer, timeoutMs }: { prefer?: string; timeoutMs?: number } = {},
  ): Promise<RestAnswer> {
    return this.#call("POST", path, body, {
      ...(prefer !== undefined && { prefer }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  async #call(
    method: string,
    path: string,
    body: unknown,
    { prefer, timeoutMs = TIMEOUT_MS }: { prefer?: string; timeoutMs?: number },
  ): Promise<RestAnswer> {
    const { url, token } = this.#target;
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(prefer !== undefined && { prefer }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error) => {
      throw unreachable(url, error);
    });
    const text = await response.text();
    const answer = parsed(text);
    if (response.ok) return { status: response.status, body: answer };
    throw refusal(url, response.status, answer);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(url: string, status: number, answer: unknown): RequestError {
  const { code, detail, type, title, ...facts } = (answer ?? {}) as Record<string, unknown>;
  if (typeof code !== "string")
    return new RequestError(
      "node/not-a-node",
      `${url} answered ${status}, and not as a node does`,
      {
        url,
        status,
      },
    );
  return new RequestError(code, String(detail ?? title ?? type), facts);
}

function unreachable(url: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  if (error.name === "TimeoutError")
    return new RequestError("node/timeout", `${url} did not answer in time`, { url });
  if (error.name === "TypeError")
    return new RequestError(
      "node/unreachable",
      `${url} cannot be reached${code === undefined ? "" : ` (${code})`}: is the node running?`,
      { url },
    );
  return error;
}
