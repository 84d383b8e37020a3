import type { Vault, VaultState } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import type { FastifyInstance } from "fastify";
import Type, { type Static } from "typebox";
import { isoTime } from "./flow-json.ts";
import { answers, body, cursorSchema, hashSchema, timeSchema } from "./rest-schemas.ts";

const PARTICIPANTS_MAX = 100;
const REFS_MAX = 500;

const refSchema = body({
  txId: hashSchema,
  index: Type.Integer({ minimum: 0, maximum: 0xffff }),
});
const queryBody = body({
  state: Type.String({
    pattern: "^[a-z][a-z0-9-]{0,62}/[a-z][a-zA-Z0-9-]{0,62}$",
    description: "<contract>/<state type>, such as cash/cash",
    examples: ["cash/cash"],
  }),
  status: Type.Optional(Type.Enum(["unconsumed", "consumed", "all"], { default: "unconsumed" })),
  isOurs: Type.Optional(Type.Boolean({ description: "only what this node may spend" })),
  where: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: "conditions on columns, in Hasura's manner",
      examples: [{ currency: { _eq: "CHF" }, minor_units: { _gte: "100" } }],
    }),
  ),
  participants: Type.Optional(Type.Array(hashSchema, { maxItems: PARTICIPANTS_MAX })),
  refs: Type.Optional(Type.Array(refSchema, { maxItems: REFS_MAX })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(cursorSchema),
});
const stateSchema = Type.Object({
  ref: refSchema,
  contract: Type.String(),
  type: Type.String(),
  status: Type.Enum(["unconsumed", "consumed"]),
  consumedBy: Type.Optional(hashSchema),
  consumedAt: Type.Optional(timeSchema),
  recordedAt: timeSchema,
  isOurs: Type.Boolean(),
  state: Type.Record(Type.String(), Type.Unknown()),
});
const pageSchema = Type.Object({
  items: Type.Array(stateSchema),
  nextCursor: Type.Optional(Type.String()),
});

export function registerVaultRoutes(server: FastifyInstance, options: { vault: Vault }): void {
  server.post<{ Body: Static<typeof queryBody> }>(
    "/v1/vault/query",
    {
      schema: {
        summary: "Query the states of one type that this node holds",
        body: queryBody,
        response: answers(200, pageSchema, "a page; nextCursor leads to the next"),
      },
    },
    async (request, reply) => {
      const { state, participants, refs, ...query } = request.body;
      const [contract = "", type = ""] = state.split("/");
      const { items, nextCursor } = await options.vault.query({
        ...query,
        contract,
        type,
        // Checked to be hashes; whether anything goes by them is the vault's to find out.
        ...(participants && { participants: participants as string[] as IdentityId[] }),
        ...(refs && { refs: refs as never }),
      });
      const page = { items: items.map(stateJson), ...(nextCursor && { nextCursor }) };
      return reply.type("application/json; charset=utf-8").send(JSON.stringify(page));
    },
  );
}

/** States are JSON already: the vault writes integers of schema `int` as text. */
function stateJson({ consumedAt, recordedAt, ...state }: VaultState) {
  return {
    ...state,
    recordedAt: isoTime(recordedAt),
    ...(consumedAt !== undefined && { consumedAt: isoTime(consumedAt) }),
  };
}
