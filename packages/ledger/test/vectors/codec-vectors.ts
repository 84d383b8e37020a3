import assert from "node:assert/strict";
import { decode, encode, fromHex, type Schema, schemaDataSchema, toHex } from "@stateset/codec";
import { CODEC_SCHEMAS } from "./codec-schemas.ts";
import { REFUSED_VALUES, VALUES } from "./codec-values.ts";
import { expectCode } from "./expect-code.ts";
import { jsonValue } from "./json-value.ts";
import { LEDGER_SCHEMAS } from "./ledger-schemas.ts";
import { REFUSED_BYTES } from "./refused-bytes.ts";
import { schemaTable } from "./schema-json.ts";

const SCHEMAS: Record<string, Schema> = { ...CODEC_SCHEMAS, schemaData: schemaDataSchema };

export function codecVectors() {
  return {
    schemas: schemaTable(CODEC_SCHEMAS),
    values: VALUES.map(([name, schema, value]) => {
      const bytes = encode(SCHEMAS[schema] as Schema, value as never);
      assert.deepEqual(decode(SCHEMAS[schema] as Schema, bytes), value, name);
      return { name, schema, value: jsonValue(value), bytes: toHex(bytes) };
    }),
    refusedBytes: REFUSED_BYTES.map(([name, schema, bytes, code]) => {
      expectCode(name, code, () => decode(SCHEMAS[schema] as Schema, fromHex(bytes)));
      return { name, schema, bytes, code };
    }),
    refusedValues: REFUSED_VALUES.map(([name, schema, value, code]) => {
      expectCode(name, code, () => encode(SCHEMAS[schema] as Schema, value as never));
      return { name, schema, value: jsonValue(value), code };
    }),
  };
}

export function schemaVectors() {
  return { schemas: schemaTable(LEDGER_SCHEMAS) };
}
