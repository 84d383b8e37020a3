import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { RequestError } from "../request-error.ts";

const PLACES: Readonly<Record<string, string>> = {
  body: "The body",
  params: "The path",
  querystring: "The query",
  headers: "The headers",
};

/**
 * Checks requests by their schemas, and changes nothing in them: no field is taken out, no text
 * becomes a number.
 */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  const place = PLACES[httpPart ?? ""] ?? "The request";
  return (value: unknown) => {
    if (compiled.Check(value)) return { value };
    return { error: refusal(place, compiled.Errors(value), schema) };
  };
};

type Found = { keyword: string; instancePath: string; message: string; params: object };

function refusal(place: string, errors: readonly Found[], schema: TSchema): RequestError {
  // "boolean" repeats for a value what additionalProperties says of its name.
  const [first] = errors.filter(({ keyword }) => keyword !== "boolean");
  const field = first?.instancePath.slice(1).replaceAll("/", ".") ?? "";
  const reason = reasonOf(first, schema);
  const at = field === "" ? "" : ` at ${field}`;
  return new RequestError("rest/malformed", `${place}${at} ${reason}`, { field, reason });
}

function reasonOf(found: Found | undefined, schema: TSchema): string {
  const names = Object.values(found?.params ?? {})
    .flat()
    .join(", ");
  switch (found?.keyword) {
    case "required":
      return `lacks ${names}`;
    case "additionalProperties":
      return `has what is not known here: ${names}`;
    case "pattern":
      return `must be ${descriptionAt(found.instancePath, schema) ?? names}`;
    default:
      return found?.message ?? "is malformed";
  }
}

type Described = {
  description?: string;
  properties?: Record<string, Described>;
  items?: Described;
};

/** A pattern says to few people what is wanted; the description beside it does. */
function descriptionAt(path: string, schema: TSchema): string | undefined {
  let at: Described | undefined = schema as Described;
  for (const step of path.split("/").slice(1)) at = at?.properties?.[step] ?? at?.items;
  return at?.description;
}
