import { setTimeout as sleep } from "node:timers/promises";
import { RestClient } from "../cli/rest-client.ts";
import { type Flow, runFlow } from "../cli/run-flow.ts";
import type { RunningNetwork, RunningParty } from "../local/running-network.ts";
import { RequestError } from "../request-error.ts";
import type { LifecycleParties, LifecycleParty, Role } from "./lifecycle-facts.ts";
import type { HeldState, ReconciledNode } from "./reconcile.ts";

const PAGE = 500;
const OPEN_SESSIONS = "stateset_flow_sessions";
/** A party that need not sign a transaction is told of it, and nobody waits for that. */
const HEARD_OF_MAX_MS = 30_000;
const LOOK_AGAIN_MS = 20;
const UNFINISHED = ["RUNNING", "WAITING", "HOSPITAL", "PAUSED"];

/** One party's node over REST, with its user's token. */
export class NodeClient implements LifecycleParty, ReconciledNode {
  readonly name: string;
  readonly legalName: string;
  readonly identity: string;
  readonly #rest: RestClient;

  private constructor(rest: RestClient, { name, legalName }: RunningParty, identity: string) {
    this.#rest = rest;
    this.name = name;
    this.legalName = legalName;
    this.identity = identity;
  }

  static async connect(party: RunningParty): Promise<NodeClient> {
    const rest = new RestClient({ url: party.rest, token: party.token });
    const { identity } = (await rest.get("/v1/node")).body as { identity: string };
    return new NodeClient(rest, party, identity);
  }

  /** @throws RequestError with the code and the facts of what the flow ended with */
  async run(flow: string, input: object): Promise<Record<string, unknown>> {
    const ended = await runFlow(this.#rest, { flow, input });
    if (ended.status === "COMPLETED") return (ended.result ?? {}) as Record<string, unknown>;
    const { code, detail, ...facts } = ended.error ?? {
      code: "demo/flow-held",
      detail: `it is ${ended.status}`,
    };
    throw new RequestError(code, `${this.name}, ${flow}: ${detail}`, facts);
  }

  /** @throws RequestError `rest/not-found` where it does not come in time */
  async holds(txId: string): Promise<void> {
    const deadline = performance.now() + HEARD_OF_MAX_MS;
    for (;;) {
      try {
        await this.#rest.get(`/v1/transactions/${txId}`);
        return;
      } catch (error) {
        const isAway = error instanceof RequestError && error.code === "rest/not-found";
        if (!isAway || performance.now() > deadline) throw error;
      }
      await sleep(LOOK_AGAIN_MS);
    }
  }

  async states(
    state: string,
    query: { status: "unconsumed" | "all"; isOurs?: true },
  ): Promise<HeldState[]> {
    const found: HeldState[] = [];
    let cursor: string | undefined;
    do {
      const asked = { state, limit: PAGE, ...query, ...(cursor !== undefined && { cursor }) };
      const { body } = await this.#rest.post("/v1/vault/query", asked);
      const { items, nextCursor } = body as { items: HeldState[]; nextCursor?: string };
      found.push(...items);
      cursor = nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  async completedInputs(flow: string): Promise<unknown[]> {
    const listed = await this.#flows({ flow, status: "COMPLETED" });
    const own = listed.filter(({ initiator }) => initiator === undefined);
    // Lists have no inputs, as a few documents would make them too long.
    return await Promise.all(
      own.map(async ({ flowId }) => {
        const { body } = await this.#rest.get(`/v1/flows/${flowId}`);
        return (body as Flow).input;
      }),
    );
  }

  async unfinished(): Promise<Flow[]> {
    return await this.#flows({ status: UNFINISHED.join(",") });
  }

  async openSessions(): Promise<number> {
    const text = Buffer.from(await this.#rest.getBytes("/metrics")).toString("utf8");
    const line = text.split("\n").find((each) => each.startsWith(`${OPEN_SESSIONS}{`));
    return Number(line?.split(" ").at(-1) ?? Number.NaN);
  }

  async #flows(query: Record<string, string>): Promise<Flow[]> {
    const found: Flow[] = [];
    let cursor: string | undefined;
    do {
      const asked = new URLSearchParams({ ...query, limit: String(PAGE) });
      if (cursor !== undefined) asked.set("cursor", cursor);
      const { body } = await this.#rest.get(`/v1/flows?${asked}`);
      const { items, nextCursor } = body as { items: Flow[]; nextCursor?: string };
      found.push(...items);
      cursor = nextCursor;
    } while (cursor !== undefined);
    return found;
  }
}

const ROLES: readonly Role[] = ["bank", "seller", "buyer", "lender"];

/** The nodes of a running network, and who of them plays which part. */
export async function connectNodes(
  { parties }: RunningNetwork,
  names: Readonly<Record<Role, string>> = DEMO_NAMES,
): Promise<{ nodes: NodeClient[]; parties: LifecycleParties & Record<Role, NodeClient> }> {
  const nodes = await Promise.all(parties.map((party) => NodeClient.connect(party)));
  const entries = ROLES.map((role) => {
    const node = nodes.find(({ name }) => name === names[role]);
    if (node !== undefined) return [role, node] as const;
    const known = nodes.map(({ name }) => name);
    const detail = `The network has no party ${names[role]}: it has ${known.join(", ")}`;
    throw new RequestError("network/unknown-party", detail, { party: names[role], known });
  });
  return { nodes, parties: Object.fromEntries(entries) as Record<Role, NodeClient> };
}

const DEMO_NAMES: Readonly<Record<Role, string>> = {
  bank: "bank",
  seller: "seller",
  buyer: "buyer",
  lender: "lender",
};
