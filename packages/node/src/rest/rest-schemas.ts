import Type, { type TProperties } from "typebox";

/** Closed, so that a mistyped member is told and not passed over. */
export function body<P extends TProperties>(properties: P, options: object = {}) {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

export const hashSchema = Type.String({
  pattern: "^[0-9a-f]{64}$",
  description: "a hash: 64 hexadecimal digits, lower case",
  examples: ["0f".repeat(32)],
});

export const uuidSchema = Type.String({
  pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
  description: "a UUID, lower case",
  examples: ["0190b5a0-7e11-7d3c-9b1a-1f2e3d4c5b6a"],
});

export const timeSchema = Type.String({ format: "date-time", description: "ISO 8601, UTC" });

/** Opaque, and given by this node. */
export const cursorSchema = Type.String({ minLength: 1, maxLength: 1024 });

const problemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: "stable; docs/spec/errors.md lists them" }),
  },
  { description: "RFC 9457; the facts are further members", additionalProperties: true },
);

/** What a route answers when all is well, with the problems that any may answer. */
export function answers(status: number, schema: object, description: string) {
  const problem = {
    description: "a problem",
    content: { "application/problem+json": { schema: problemSchema } },
  };
  return {
    [status]: { description, content: { "application/json": { schema } } },
    "4xx": problem,
    "5xx": problem,
  };
}
