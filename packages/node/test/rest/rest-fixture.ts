import type { AddressInfo } from "node:net";
import { hpke } from "@stateset/codec";
import type { NetworkMap, StateTable } from "@stateset/flow";
import type { NetworkParameters } from "@stateset/ledger";
import { MemoryStore } from "@stateset/testing";
import { signToken, type TokenContent } from "../../src/access/sign-token.ts";
import { TokenVerifier } from "../../src/access/token-verifier.ts";
import { DevelopmentNetwork } from "../../src/development/development-network.ts";
import { HttpMetrics } from "../../src/metrics/http-metrics.ts";
import { createMetrics } from "../../src/metrics/node-metrics.ts";
import { registerCompanyRoutes } from "../../src/rest/company-routes.ts";
import { registerHealthRoutes } from "../../src/rest/health-routes.ts";
import type { NodeDescription } from "../../src/rest/node-routes.ts";
import { createRestServer } from "../../src/rest/rest-server.ts";
import { MemoryFlows } from "./memory-flows.ts";

const CASH_TABLE: StateTable = {
  contract: "cash",
  type: "cash",
  version: 1,
  columns: [
    { name: "currency", type: "text", path: "amount.currency" },
    { name: "minor_units", type: "integer", path: "amount.minorUnits" },
  ],
  participants: ["owner"],
};

const NODE: NodeDescription = {
  name: "alice",
  role: "company",
  identity: "ab".repeat(32),
  legalName: "O=Alice,L=Zurich,C=CH",
  network: "cd".repeat(32),
  version: "0.0.0",
  development: true,
  startedAt: "2026-01-02T00:00:00.000Z",
  incarnation: "i",
  run: 1,
  apps: [
    {
      name: "cash",
      version: 3,
      hash: "aa".repeat(32),
      description: "Money",
      flows: [{ name: "cash/pay", description: "Pays", input: { type: "object" } }],
      states: ["cash/cash"],
    },
  ],
};

/** A server as a node has it, over flows and a store in memory. */
export async function startRestFixture() {
  const hs256Secret = new TextEncoder().encode("s".repeat(32));
  const flows = new MemoryFlows();
  const store = new MemoryStore({ tables: [CASH_TABLE] });
  const registry = createMetrics("alice");
  const waiting: string[] = [];
  const logged: { message: string; fields: Record<string, unknown> }[] = [];
  const server = await createRestServer({
    access: new TokenVerifier({ hs256Secret, clock: { now: Date.now } }),
    log: (_, message, fields = {}) => logged.push({ message, fields }),
    metrics: new HttpMetrics(registry),
    version: "0.0.0",
  });
  registerHealthRoutes(server, { readiness: async () => waiting, registry });
  const encryptionKeys = hpke.deriveKeys(new Uint8Array(32).fill(1));
  registerCompanyRoutes(server, {
    ...{ flows, store, vault: store, map: aMap(), node: NODE, encryptionKeys },
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const tokenOf = (content: Partial<TokenContent> = {}) =>
    signToken(hs256Secret, { user: "ann", roles: ["operator"], lifetimeSeconds: 600, ...content });
  const operator = await tokenOf();

  async function call(method: string, path: string, options: CallOptions = {}) {
    const { body, token = operator, headers = {} } = options;
    const isRaw = typeof body === "string" || body instanceof Uint8Array;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && JSON.parse(text),
    };
  }

  return {
    ...{ server, flows, store, encryptionKeys, registry, waiting, logged },
    ...{ url, port, tokenOf, operator, call },
  };
}

export type CallOptions = {
  body?: unknown;
  /** Empty text for none. */
  token?: string;
  headers?: Record<string, string>;
};

function aMap(): NetworkMap {
  const network = new DevelopmentNetwork();
  const { party } = network.party({ organisation: "Alice", locality: "Zurich", country: "CH" });
  const current: NetworkParameters = network.parameters;
  return {
    network: current.network,
    current,
    parameters: () => current,
    parties: () => [party],
    party: () => party,
    identityKey: () => undefined,
    notaries: () => [],
    notary: () => undefined,
  };
}
