import { Agent, request } from "node:http";

/** A node's REST interface as a busy client uses it: connections are kept. */
export class RestCaller {
  readonly #url: URL;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 512 });

  constructor(url: string, token: string) {
    this.#url = new URL(url);
    this.#token = token;
  }

  /** Starts a flow and waits for its end. @throws Error where it does not complete */
  async run(flow: string, input: object): Promise<void> {
    const answer = await this.#post("/v1/flows", { flow, input });
    const { status } = JSON.parse(answer) as { status?: string };
    if (status !== "COMPLETED") throw new Error(`${flow}: ${answer}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(path: string, body: object): Promise<string> {
    const text = JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: this.#url.hostname,
          port: this.#url.port,
          path,
          method: "POST",
          headers: {
            authorization: `Bearer ${this.#token}`,
            "content-type": "application/json",
            "content-length": Buffer.byteLength(text),
            prefer: "wait=60",
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("end", () => resolve(Buffer.concat(parts).toString("utf8")));
        },
      );
      sent.on("error", reject);
      sent.end(text);
    });
  }
}
