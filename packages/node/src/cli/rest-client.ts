import { RequestError } from "../request-error.ts";

export type RestTarget = { url: string; token: string };

export type RestAnswer = { status: number; body: unknown };

type CallOptions = { prefer?: string; timeoutMs?: number };

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

  /** Content that is not JSON, as it is. */
  async getBytes(path: string): Promise<Uint8Array> {
    const response = await this.#send("GET", path, undefined, {});
    return new Uint8Array(await response.arrayBuffer());
  }

  post(path: string, body: unknown, { prefer, timeoutMs }: CallOptions = {}): Promise<RestAnswer> {
    return this.#call("POST", path, body, {
      ...(prefer !== undefined && { prefer }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  async #call(
    method: string,
    path: string,
    body: unknown,
    options: CallOptions,
  ): Promise<RestAnswer> {
    const response = await this.#send(method, path, body, options);
    return { status: response.status, body: parsed(await response.text()) };
  }

  /** What answers well; a problem is thrown. */
  async #send(
    method: string,
    path: string,
    body: unknown,
    { prefer, timeoutMs = TIMEOUT_MS }: CallOptions,
  ): Promise<Response> {
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
    if (response.ok) return response;
    throw refusal(url, response.status, parsed(await response.text()));
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
