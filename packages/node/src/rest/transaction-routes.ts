import { decode, jsonSchemaOf } from "@stateset/codec";
import type { Store, Vault } from "@stateset/flow";
import {
  blockHeaderSchema,
  decodeBundleFile,
  decodeComponent,
  decodeSignedTransaction,
  GROUP_NAMES,
  type LoadedBundle,
  receiptSchema,
  type TransactionId,
} from "@stateset/ledger";
import type { FastifyInstance } from "fastify";
import Type, { type Static } from "typebox";
import { RequestError } from "../request-error.ts";
import { describeTransaction } from "../transaction-description.ts";
import { isoTime } from "./flow-json.ts";
import { answers, body, hashSchema, timeSchema } from "./rest-schemas.ts";
import { transactionGraph } from "./transaction-graph.ts";

export type TransactionRoutesOptions = {
  store: Pick<Store, "transactions" | "attachments">;
  vault: Pick<Vault, "query">;
};

const GRAPH_NODES_DEFAULT = 100;

const params = body({ id: hashSchema });
const graphQuery = body({
  limit: Type.Optional(
    Type.String({
      pattern: "^([1-9][0-9]{0,2}|1000)$",
      description: `1 to 1000: how many transactions at most (${GRAPH_NODES_DEFAULT} unless given)`,
    }),
  ),
});
const descriptionSchema = Type.Object({
  id: hashSchema,
  groups: Type.Array(Type.Unknown()),
  signatures: Type.Array(Type.Unknown()),
  notarisedAt: timeSchema,
  receipt: Type.Unknown(),
});
const receiptAnswer = Type.Object({
  id: hashSchema,
  receipt: Type.Object(
    {
      block: Type.Unsafe<object>(jsonSchemaOf(blockHeaderSchema)),
      signatures: Type.Array(Type.Unknown()),
      inBlock: Type.Unknown(),
      inHistory: Type.Optional(Type.Unknown()),
    },
    { description: "docs/spec/wire-format.md, section 15" },
  ),
});
const graphSchema = Type.Object({
  root: hashSchema,
  transactions: Type.Array(
    Type.Object({
      id: hashSchema,
      isHeld: Type.Boolean(),
      commands: Type.Optional(Type.Array(Type.String())),
      notarisedAt: Type.Optional(timeSchema),
    }),
  ),
  edges: Type.Array(
    Type.Object({
      from: hashSchema,
      to: hashSchema,
      index: Type.Integer(),
      kind: Type.Enum(["input", "reference"]),
    }),
  ),
  isTruncated: Type.Boolean(),
});

export function registerTransactionRoutes(
  server: FastifyInstance,
  { store, vault }: TransactionRoutesOptions,
): void {
  server.get<{ Params: Static<typeof params> }>(
    "/v1/transactions/:id",
    {
      schema: {
        summary: "All that this node holds of a transaction, with its receipt",
        params,
        response: answers(200, descriptionSchema, "the transaction"),
      },
    },
    async (request) => {
      const id = request.params.id as TransactionId;
      const [stored] = await store.transactions([id]);
      if (stored === undefined) throw notHeld(id);
      const bundles = await bundlesOf(stored.signed, store);
      const { description } = describeTransaction(stored.signed, bundles);
      return {
        ...description,
        notarisedAt: isoTime(stored.notarisedAt),
        receipt: decode(receiptSchema, stored.receipt),
      };
    },
  );
  server.get<{ Params: Static<typeof params> }>(
    "/v1/transactions/:id/receipt",
    {
      schema: {
        summary: "The proof that a transaction was notarised, which can be checked offline",
        params,
        response: answers(200, receiptAnswer, "the receipt, with the id that it is of"),
      },
    },
    async (request) => {
      const id = request.params.id as TransactionId;
      const [stored] = await store.transactions([id]);
      if (stored === undefined) throw notHeld(id);
      return { id, receipt: decode(receiptSchema, stored.receipt) };
    },
  );
  server.get<{ Params: Static<typeof params>; Querystring: Static<typeof graphQuery> }>(
    "/v1/transactions/:id/graph",
    {
      schema: {
        summary: "What led to a transaction and what became of it, as far as it is held here",
        params,
        querystring: graphQuery,
        response: answers(200, graphSchema, "transactions and how they hang together"),
      },
    },
    async (request) => {
      const id = request.params.id as TransactionId;
      const nodesMax = Number(request.query.limit ?? GRAPH_NODES_DEFAULT);
      const graph = await transactionGraph(id, { store, vault }, nodesMax);
      if (graph === undefined) throw notHeld(id);
      const transactions = graph.transactions.map(({ notarisedAt, ...node }) => ({
        ...node,
        ...(notarisedAt !== undefined && { notarisedAt: isoTime(notarisedAt) }),
      }));
      return { ...graph, transactions };
    },
  );
}

/** The bundles that a transaction's attachments name, as far as the node has them. */
async function bundlesOf(
  signed: Uint8Array,
  store: TransactionRoutesOptions["store"],
): Promise<LoadedBundle[]> {
  const { transaction } = decodeSignedTransaction(signed);
  const group = transaction.groups[GROUP_NAMES.indexOf("attachments")];
  if (group?.kind !== "listed") return [];
  const hashes = group.components.flatMap((form, index) =>
    form.kind === "open" ? [decodeComponent("attachments", index, form).bundle] : [],
  );
  const found = await store.attachments(hashes);
  return found.flatMap(({ kind, content }) =>
    kind === "bundle" ? [decodeBundleFile(content)] : [],
  );
}

export function notHeld(id: TransactionId): RequestError {
  return new RequestError("rest/not-found", `This node does not hold transaction ${id}`, { id });
}
