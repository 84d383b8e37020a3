import {
  CodecError,
  choice,
  type Infer,
  list,
  optional,
  record,
  schemaDataSchema,
  schemaToData,
  text,
  uint,
} from "@stateset/codec";
import { FLOW_API_VERSION } from "../flow-context.ts";
import type { App } from "./app.ts";
import { AppError } from "./app-error.ts";

/** A table's column and a field's name are at most this long; PostgreSQL cuts off behind 63. */
const NAME_BYTES_MAX = 63;
const COLUMNS_MAX = 64;
const UINT32_MAX = 0xffff_ffff;

const name = text({ min: 1, max: NAME_BYTES_MAX });
/** `<app>/<verb>`. */
const qualifiedName = text({ min: 3, max: 2 * NAME_BYTES_MAX + 1 });
const description = text({ min: 1, max: 1024 });
const version = uint({ min: 1, max: UINT32_MAX });
const names = list(name, { min: 1, max: 16 });

const tableSchema = record({
  contract: name,
  type: name,
  version,
  columns: list(
    record({
      name,
      type: choice("text", "integer", "boolean", "date", "timestamp", "json"),
      path: text({ min: 1, max: 256 }),
    }),
    { min: 1, max: COLUMNS_MAX },
  ),
  participants: list(name, { max: 16 }),
  owner: optional(name),
  fungible: optional(record({ quantity: name, kind: names })),
  indexes: optional(list(names, { max: 16 })),
});

export const MANIFEST_FIELDS = {
  /** The version of FlowContext that the code was built against. */
  api: uint({ max: UINT32_MAX }),
  name,
  version,
  description,
  tables: list(tableSchema, { max: 64 }),
  flows: list(record({ name: qualifiedName, description, input: schemaDataSchema }), { max: 256 }),
  protocols: list(record({ name: qualifiedName, version }), { max: 256 }),
};

/** What an app says of itself as data, so that a node knows it before it runs any of its code. */
export const manifestSchema = record(MANIFEST_FIELDS);
export type AppManifest = Infer<typeof manifestSchema>;

/**
 * What the code of an app comes down to as data.
 * @throws AppError `app/malformed` where a flow's input has no data form
 */
export function manifestOf(app: App): AppManifest {
  return {
    api: FLOW_API_VERSION,
    name: app.name,
    version: app.version,
    description: app.description,
    tables: app.tables.map((table) => table as AppManifest["tables"][number]),
    flows: app.flows.map((flow) => ({
      name: flow.name,
      description: flow.description,
      input: inputData(flow) as AppManifest["flows"][number]["input"],
    })),
    protocols: app.responders.map(({ protocol: { name, version } }) => ({ name, version })),
  };
}

function inputData({ name, input }: App["flows"][number]) {
  try {
    return schemaToData(input);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const reason = `the input of ${name} has no data form: ${error.message}`;
    throw new AppError({ code: "app/malformed", reason });
  }
}
