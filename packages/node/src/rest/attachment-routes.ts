import { type Hash, taggedHash } from "@stateset/codec";
import type { Store } from "@stateset/flow";
import type { FastifyInstance } from "fastify";
import Type, { type Static } from "typebox";
import { RequestError } from "../request-error.ts";
import { answers, body, hashSchema } from "./rest-schemas.ts";

/** Documents such as invoices with their pictures; held in memory while they are stored. */
const ATTACHMENT_BYTES_MAX = 10 << 20;

const params = body({ hash: hashSchema });
const storedSchema = Type.Object({ hash: hashSchema, bytes: Type.Integer() });

export function registerAttachmentRoutes(
  server: FastifyInstance,
  { store }: { store: Pick<Store, "attachments" | "commit"> },
): void {
  server.register(async (scope) => {
    // Bytes as they are: here even JSON is a document.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_, content, done) =>
      done(null, content),
    );
    scope.post(
      "/v1/attachments",
      {
        config: { right: "attach" },
        bodyLimit: ATTACHMENT_BYTES_MAX,
        schema: {
          summary: "Store a document under its hash",
          consumes: ["application/octet-stream"],
          response: answers(201, storedSchema, "stored, and durable"),
        },
      },
      async (request, reply) => {
        const content = request.body;
        if (!Buffer.isBuffer(content) || content.length === 0)
          throw new RequestError("rest/malformed", "The body is empty: give the document's bytes");
        const hash = attachmentHash(content);
        const attachment = { hash, kind: "document" as const, content };
        await store.commit([{ kind: "attachment", attachment }]);
        reply.header("location", `/v1/attachments/${hash}`);
        return reply.code(201).send({ hash, bytes: content.length });
      },
    );
  });
  server.get<{ Params: Static<typeof params> }>(
    "/v1/attachments/:hash",
    {
      schema: {
        summary: "The bytes of an attachment: a document, bundle or app",
        params,
        response: {
          200: {
            description: "the bytes",
            content: { "application/octet-stream": { schema: Type.String({ format: "binary" }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const { hash } = request.params;
      const [found] = await store.attachments([hash]);
      if (found === undefined)
        throw new RequestError("rest/not-found", `There is no attachment ${hash}`, { hash });
      return (
        reply
          .type("application/octet-stream")
          // A browser must not take a stranger's document for a page of ours.
          .header("content-disposition", `attachment; filename="${hash}"`)
          .header("x-content-type-options", "nosniff")
          .header("cache-control", "private, max-age=31536000, immutable")
          .header("x-stateset-kind", found.kind)
          .send(Buffer.from(found.content))
      );
    },
  );
}

function attachmentHash(content: Uint8Array): Hash {
  return taggedHash("attachment", content);
}
