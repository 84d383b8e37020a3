import type { NetworkMap } from "@stateset/flow";
import { hashParameters } from "@stateset/ledger";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { answers, body, hashSchema } from "./rest-schemas.ts";

/** What a node says of itself; it does not change while it runs. */
export type NodeDescription = {
  name: string;
  role: "company" | "notary";
  identity: string;
  legalName: string;
  network: string;
  version: string;
  development: boolean;
  startedAt: string;
  /** The database's incarnation, and which run of the node on it this is. */
  incarnation: string;
  run: number;
  apps: readonly {
    name: string;
    version: number;
    hash: string;
    description: string;
    flows: readonly { name: string; description: string; input: object }[];
    states: readonly string[];
  }[];
};

const nodeSchema = Type.Object(
  { name: Type.String(), role: Type.String(), identity: hashSchema, legalName: Type.String() },
  { additionalProperties: true },
);
const networkSchema = Type.Object(
  {
    network: hashSchema,
    parties: Type.Array(
      Type.Object({
        identity: hashSchema,
        legalName: Type.String(),
        lei: Type.Optional(Type.String()),
      }),
    ),
  },
  { additionalProperties: true },
);

export function registerNodeRoutes(
  server: FastifyInstance,
  { node, map }: { node: NodeDescription; map: NetworkMap },
): void {
  server.get(
    "/v1/node",
    {
      schema: {
        summary: "This node, its apps and their flows with the schemas of their input",
        querystring: body({}),
        response: answers(200, nodeSchema, "the node"),
      },
    },
    async () => node,
  );
  server.get(
    "/v1/network",
    {
      schema: {
        summary: "The network's parties, notaries and parameters",
        querystring: body({}),
        response: answers(200, networkSchema, "the network"),
      },
    },
    async () => ({
      network: map.network,
      parameters: { hash: hashParameters(map.current), ...map.current },
      parties: map.parties().map(({ id, name, lei }) => ({
        identity: id,
        legalName: name,
        ...(lei !== undefined && { lei }),
      })),
      notaries: map.notaries().map(({ id, name, identities, kind, memberSets }) => ({
        id,
        name,
        identities,
        kind,
        members: memberSets.at(-1)?.members.length ?? 0,
      })),
    }),
  );
}
