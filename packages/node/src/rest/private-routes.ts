import type { EncryptionKeys } from "@stateset/codec";
import type { Store } from "@stateset/flow";
import {
  type ComponentForm,
  decodeSignedTransaction,
  LedgerError,
  type PrivateComponent,
  privateForms,
  readPrivateComponent,
  type TransactionId,
  type WrappedKey,
} from "@stateset/ledger";
import type { FastifyInstance } from "fastify";
import Type, { type Static } from "typebox";
import { RequestError } from "../request-error.ts";
import { answers, body, hashSchema } from "./rest-schemas.ts";
import { notHeld } from "./transaction-routes.ts";

export type PrivateRoutesOptions = {
  store: Pick<Store, "transactions" | "contentKeys">;
  /** What the content keys that this node holds are wrapped for. */
  encryptionKeys: EncryptionKeys;
};

const params = body({ id: hashSchema });
const indexed = body({
  id: hashSchema,
  index: Type.String({ pattern: "^(0|[1-9][0-9]?)$", description: "its place in the group" }),
});
const listSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      index: Type.Integer(),
      form: Type.Enum(["sealed", "open", "hashed"]),
      readable: Type.Boolean({ description: "whether this node has its content, and the key" }),
      kind: Type.Optional(Type.String()),
      mediaType: Type.Optional(Type.String()),
      subject: Type.Optional(Type.String()),
      bytes: Type.Optional(Type.Integer()),
    }),
  ),
});

/** Source documents and personal data of transactions: what contracts never see. */
export function registerPrivateRoutes(server: FastifyInstance, on: PrivateRoutesOptions): void {
  server.get<{ Params: Static<typeof params> }>(
    "/v1/transactions/:id/private",
    {
      schema: {
        summary: "The private components of a transaction, and which of them can be read here",
        params,
        response: answers(200, listSchema, "the private components in their order"),
      },
    },
    async (request, reply) => {
      const { forms, wrapped } = await privateOf(request.params.id as TransactionId, on);
      reply.header("cache-control", "no-store");
      return { items: forms.map((form, index) => described(form, index, { wrapped, ...on })) };
    },
  );
  server.get<{ Params: Static<typeof indexed> }>(
    "/v1/transactions/:id/private/:index",
    {
      schema: {
        summary: "The content of a private component, as its media type",
        params: indexed,
        response: {
          200: {
            description: "the bytes",
            content: { "*/*": { schema: Type.String({ format: "binary" }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const { id, index: place } = request.params;
      const index = Number(place);
      const { forms, wrapped } = await privateOf(id as TransactionId, on);
      const form = forms[index];
      if (form === undefined)
        throw new RequestError(
          "rest/not-found",
          `Transaction ${id} has no private component ${index} here`,
          { id, index },
        );
      const component = read(form, index, { wrapped, ...on });
      if (component === undefined)
        throw new LedgerError({ code: "tx/not-open", group: "private", index });
      return (
        reply
          .header("content-type", contentTypeOf(component))
          // A browser must not take a stranger's document for a page of ours, nor keep it.
          .header("content-disposition", `attachment; filename="${id.slice(0, 16)}-${index}"`)
          .header("x-content-type-options", "nosniff")
          .header("content-security-policy", "sandbox")
          .header("cache-control", "no-store")
          .send(Buffer.from(component.content))
      );
    },
  );
}

type By = { wrapped: readonly WrappedKey[]; encryptionKeys: EncryptionKeys };

async function privateOf(
  id: TransactionId,
  { store }: PrivateRoutesOptions,
): Promise<{ forms: readonly ComponentForm[]; wrapped: readonly WrappedKey[] }> {
  const [stored] = await store.transactions([id]);
  if (stored === undefined) throw notHeld(id);
  const forms = privateForms(decodeSignedTransaction(stored.signed).transaction);
  const isSealed = forms.some(({ kind }) => kind === "sealed");
  return { forms, wrapped: isSealed ? await store.contentKeys(id) : [] };
}

function described(form: ComponentForm, index: number, by: By) {
  const component = readIfPossible(form, index, by);
  if (component === undefined) return { index, form: form.kind, readable: false };
  const { content, ...told } = component;
  return { index, form: form.kind, readable: true, ...told, bytes: content.length };
}

/** A list tells of the others too, though one be spoilt. */
function readIfPossible(form: ComponentForm, index: number, by: By): PrivateComponent | undefined {
  try {
    return read(form, index, by);
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

function read(form: ComponentForm, index: number, { wrapped, encryptionKeys: keys }: By) {
  return readPrivateComponent(form, index, { wrapped, keys });
}

/** A media type (RFC 9110, section 8.3.1) without parameters; a stranger may have written anything. */
const MEDIA_TYPE = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+\/[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

function contentTypeOf({ mediaType }: PrivateComponent): string {
  return MEDIA_TYPE.test(mediaType) ? mediaType : "application/octet-stream";
}
