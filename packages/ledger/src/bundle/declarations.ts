import type { SchemaData } from "@stateset/codec";
import type { Bundle } from "./bundle.ts";

/**
 * Why a bundle's declarations cannot be meant as they stand, or undefined. Where two readings were
 * possible, two nodes could take different ones.
 */
export function declarationFault(bundle: Bundle): string | undefined {
  const types = bundle.states.map(({ type }) => type);
  return (
    repeated("state type", types) ??
    repeated(
      "command",
      bundle.commands.map(({ name }) => name),
    ) ??
    repeated(
      "rule",
      bundle.rules.map(({ code }) => code),
    ) ??
    repeated("contract read", [bundle.name, ...bundle.reads]) ??
    first(bundle.states, ({ type, schema }) => bytesFault(`state ${type}`, schema)) ??
    first(bundle.commands, (command) => commandFault(command, types))
  );
}

function commandFault(command: Bundle["commands"][number], types: readonly string[]) {
  const what = `command ${command.name}`;
  const { consumes, creates, updates } = command;
  return (
    first([consumes, creates, updates], (uses) =>
      repeated(
        `${what}: state type`,
        uses.map(({ type }) => type),
      ),
    ) ??
    first([...consumes, ...creates, ...updates], ({ type, min, max }) => {
      if (!types.includes(type)) return `${what}: there is no state type ${type}`;
      return min > max ? `${what}: at least ${min} and at most ${max} of ${type}` : undefined;
    }) ??
    bytesFault(what, command.data)
  );
}

/** Contracts are handed text, numbers and truth values; bytes reach them as hexadecimal text. */
function bytesFault(what: string, schema: SchemaData): string | undefined {
  switch (schema.kind) {
    case "bytes":
      return `${what}: contracts take bytes as hex`;
    case "list":
      return bytesFault(what, schema.item);
    case "record":
      return first(schema.fields, (field) => bytesFault(what, field.schema));
    case "union":
      return first(schema.variants, ({ fields }) =>
        first(fields, (field) => bytesFault(what, field.schema)),
      );
    default:
      return undefined;
  }
}

function repeated(what: string, names: readonly string[]): string | undefined {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice === undefined ? undefined : `${what} ${twice} stands twice`;
}

function first<T>(items: readonly T[], fault: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = fault(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
