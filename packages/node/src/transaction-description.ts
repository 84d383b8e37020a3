import { decode, type Schema, toHex } from "@stateset/codec";
import {
  type ComponentForm,
  type Components,
  decodeComponent,
  decodeSignedTransaction,
  GROUP_NAMES,
  type Group,
  type GroupName,
  type LoadedBundle,
  leafOf,
  transactionId,
} from "@stateset/ledger";
import { toJson } from "./to-json.ts";

export type Description = {
  id: string;
  groups: { name: GroupName; count: number; components?: ComponentDescription[] }[];
  signatures: { kind: string; key?: string }[];
};
type ComponentDescription = { form: ComponentForm["kind"]; leaf: string; value?: unknown };
type Bundles = ReadonlyMap<string, LoadedBundle>;

/** All that a signed transaction shows, read with its bundles, for programs and for people. */
export function describeTransaction(
  signed: Uint8Array,
  loaded: readonly LoadedBundle[],
): { description: Description; lines: string[] } {
  const { transaction, signatures } = decodeSignedTransaction(signed);
  const bundles = new Map(loaded.map((each) => [each.hash, each]));
  const byContract = attached(transaction.groups, bundles);
  const description: Description = {
    id: transactionId(transaction),
    groups: transaction.groups.map((group, number) =>
      describeGroup(GROUP_NAMES[number] as GroupName, group, byContract),
    ),
    signatures: signatures.map(({ by }) => ({
      kind: by.kind,
      ...(by.kind === "composite" ? {} : { key: by.key }),
    })),
  };
  return { description, lines: descriptionLines(description) };
}

/** The bundles by contract name, as far as the attachments can be read. */
function attached(groups: readonly Group[], known: ReadonlyMap<string, LoadedBundle>): Bundles {
  const group = groups[GROUP_NAMES.indexOf("attachments")];
  const found = new Map<string, LoadedBundle>();
  if (group?.kind !== "listed") return found;
  for (const [index, form] of group.components.entries()) {
    if (form.kind !== "open") continue;
    const { contract, bundle } = decodeComponent("attachments", index, form);
    const loaded = known.get(bundle);
    if (loaded !== undefined) found.set(contract, loaded);
  }
  return found;
}

function describeGroup(name: GroupName, group: Group, bundles: Bundles): Description["groups"][0] {
  if (group.kind === "closed") return { name, count: group.count };
  const components = group.components.map((form, index): ComponentDescription => {
    const described = { form: form.kind, leaf: toHex(leafOf(form)) };
    if (form.kind !== "open") return described;
    const value = readable(name, decodeComponent(name, index, form), bundles);
    return { ...described, value };
  });
  return { name, count: components.length, components };
}

/** States and commands under their contracts' schemas, private content by its size alone. */
function readable(name: GroupName, component: Components[GroupName], bundles: Bundles): unknown {
  switch (name) {
    case "outputs": {
      const output = component as Components["outputs"];
      const schema = bundles.get(output.contract)?.states.get(output.type)?.schema;
      return { ...output, data: read(schema, output.data) };
    }
    case "commands": {
      const command = component as Components["commands"];
      const schema = bundles.get(command.contract)?.commands.get(command.name)?.dataSchema;
      return { ...command, data: read(schema, command.data) };
    }
    case "private": {
      const { content, ...rest } = component as Components["private"];
      return { ...rest, bytes: content.length };
    }
    default:
      return component;
  }
}

function read(schema: Schema | undefined, data: Uint8Array): unknown {
  return schema === undefined ? data : decode(schema, data);
}

export function descriptionLines({ id, groups, signatures }: Description): string[] {
  const lines = [`transaction ${id}`];
  for (const { name, count, components } of groups) {
    lines.push("", `${name} (${count}${components === undefined ? ", closed" : ""})`);
    for (const [index, { form, leaf, value }] of (components ?? []).entries()) {
      lines.push(`  ${index}  ${form}  ${leaf}`);
      if (value !== undefined) lines.push(...toJson(value, 2).replace(/^/gm, "     ").split("\n"));
    }
  }
  lines.push("", `signatures (${signatures.length})`);
  for (const { kind, key } of signatures)
    lines.push(`  ${kind}${key === undefined ? "" : ` ${key}`}`);
  return lines;
}
