import type { Schema } from "@stateset/codec";
import { schemaText } from "../schema-text.ts";

type Collect = (value: unknown, into: unknown[]) => void;

const collectsNothing: Collect = () => {};

/**
 * Finds, in values under any schema, the parts that stand where the schema has the shape of another
 * one, such as the parties of a state. Schemas are looked through once.
 */
export class SchemaFinder<T> {
  readonly #shape: string;
  readonly #collectors = new WeakMap<Schema, Collect>();

  constructor(sought: Schema) {
    this.#shape = schemaText(sought);
  }

  find(schema: Schema, value: unknown): T[] {
    const found: unknown[] = [];
    this.#collector(schema)(value, found);
    return found as T[];
  }

  #collector(schema: Schema): Collect {
    let collector = this.#collectors.get(schema);
    if (collector === undefined) {
      collector = this.#makeCollector(schema);
      this.#collectors.set(schema, collector);
    }
    return collector;
  }

  #makeCollector(schema: Schema): Collect {
    switch (schema.kind) {
      case "record":
        return schemaText(schema) === this.#shape
          ? (value, into) => into.push(value)
          : this.#ofFields(schema.fields);
      case "union": {
        const variants = new Map(
          Object.entries(schema.variants).map(([kind, { fields }]) => [
            kind,
            this.#ofFields(fields),
          ]),
        );
        return (value, into) => variants.get((value as { kind: string }).kind)?.(value, into);
      }
      case "list": {
        const item = this.#collector(schema.item);
        if (item === collectsNothing) return collectsNothing;
        return (value, into) => {
          for (const each of value as unknown[]) item(each, into);
        };
      }
      default:
        return collectsNothing;
    }
  }

  #ofFields(fields: Record<string, Schema | { kind: "optional"; of: Schema }>): Collect {
    const collectors = Object.entries(fields)
      .map(([name, field]) => {
        const collect = this.#collector(field.kind === "optional" ? field.of : field);
        return { name, collect };
      })
      .filter(({ collect }) => collect !== collectsNothing);
    if (collectors.length === 0) return collectsNothing;
    return (value, into) => {
      for (const { name, collect } of collectors) {
        const part = (value as Record<string, unknown>)[name];
        if (part !== undefined) collect(part, into);
      }
    };
  }
}
