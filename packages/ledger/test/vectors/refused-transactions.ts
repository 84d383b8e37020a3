import {
  encode,
  fromHex,
  HASH_BYTES,
  hex,
  list,
  record,
  type Schema,
  text,
  toHex,
  uint,
} from "@stateset/codec";
import {
  decodeTransaction,
  encodeTransaction,
  GROUP_NAMES,
  type Group,
  type GroupName,
  openTransaction,
  type Transaction,
  tearOff,
} from "@stateset/ledger";
import { transactionSchema } from "../../src/transaction/transaction.ts";
import { countedHex } from "./counted-bytes.ts";
import { expectCode } from "./expect-code.ts";
import {
  type ComponentValues,
  sampleTransaction,
  sampleValues,
  transactionOf,
} from "./sample-transaction.ts";

type Row = [name: string, encoded: Uint8Array, code: string];

const EMPTY: Group = { kind: "listed", components: [] };
const COUNT = "tx/component-count";
const COMPONENT = "tx/component-malformed";

/** Bytes that are no transaction in whatever form. */
export function refusedBytes() {
  const good = sampleTransaction();
  const encoded = encodeTransaction(good);
  const rows: Row[] = [
    ["11 groups", loosely(good.groups.slice(0, 11)), "tx/malformed"],
    ["13 groups", loosely([...good.groups, EMPTY]), "tx/malformed"],
    ["a byte behind", Uint8Array.of(...encoded, 0), "tx/malformed"],
    ["a byte missing", encoded.slice(0, -1), "tx/malformed"],
    ["nothing", new Uint8Array(), "tx/malformed"],
    ["a closed group of 513", closedGroupOf513(), "tx/malformed"],
    ["no meta", altered("meta", EMPTY), COUNT],
    ["two metas", altered("meta", twice("meta")), COUNT],
    ["no command", altered("commands", EMPTY), COUNT],
    ["no parameters", altered("parameters", EMPTY), COUNT],
    ["two time windows", altered("timeWindow", twice("timeWindow")), COUNT],
    ["a closed group of 129 references", altered("references", closed(129)), COUNT],
    ["129 hashed references", altered("references", hashed(129)), COUNT],
    ["33 instructions", altered("instructions", closed(33)), COUNT],
    ["a component of another group", moved("inputs", "meta"), COMPONENT],
    ["a component with a byte behind", recoded("meta", (c) => Uint8Array.of(...c, 0)), COMPONENT],
    ["version 1", meta({ version: 1 }), COMPONENT],
    ["another hash algorithm", meta({ hash: "sha-512" }), COMPONENT],
    ["a short network id", meta({ network: "00" }), COMPONENT],
    ["a field too many in meta", meta({ chain: "x" }), COMPONENT],
    ["an index that is not minimal", recoded("references", lengthenIndex), COMPONENT],
    ["a time window of null", recoded("timeWindow", () => fromHex("f6")), COMPONENT],
    ["a time window above its bytes", longTimeWindow(), COMPONENT],
  ];
  return rows.map(([name, bytes, code]) => {
    expectCode(name, code, () => decodeTransaction(bytes));
    return { name, encoded: toHex(bytes), code };
  });
}

type Change = (values: ComponentValues) => void;
type Edit = [name: string, change: Change, code: string];

const EDITS: Edit[] = [
  ["neither input nor output", clear("inputs", "outputs", "headers"), "tx/empty"],
  ["references without input", clear("inputs"), "tx/references-without-input"],
  ["an input twice", (v) => v.inputs.push(v.inputs[0] as never), "tx/unsorted"],
  ["a unique key twice", (v) => v.uniqueKeys.push(v.uniqueKeys[0] as never), "tx/unsorted"],
  [
    "an input that is also a reference",
    (v) => v.references.push(v.inputs[0] as never),
    "tx/input-also-reference",
  ],
  ["a header too few", (v) => v.headers.pop(), "tx/header-count"],
  ["a header without output", (v) => v.outputs.pop(), "tx/header-count"],
  [
    "a header of another notary",
    header(0, { notary: countedHex("notary", 1) }),
    "tx/header-notary",
  ],
  ["an encumbrance set of one", encumbrance([[], [1], [2]]), "tx/header-encumbrance"],
  ["a set that does not ascend", encumbrance([[], [2, 1], [2, 1]]), "tx/header-encumbrance"],
  ["an output twice in a set", encumbrance([[], [1, 1, 2], [1, 1, 2]]), "tx/header-encumbrance"],
  [
    "a set without its output",
    encumbrance([
      [1, 2],
      [1, 2],
      [1, 2],
    ]),
    "tx/header-encumbrance",
  ],
  ["a set with no such output", encumbrance([[], [1, 3], []]), "tx/header-encumbrance"],
  ["members that name two sets", encumbrance([[], [1, 2], [0, 2]]), "tx/header-encumbrance"],
  ["a time window of no length", window({ from: 5, until: 5 }), "tx/empty-time-window"],
  [
    "a time window that ends before it begins",
    window({ from: 5, until: 4 }),
    "tx/empty-time-window",
  ],
];

/** Transactions that decode, and are refused for what their components say together. */
export function refusedContents() {
  const rows: Row[] = [
    ...EDITS.map(([name, change, code]): Row => [name, edited(change), code]),
    ["inputs in another order", reversed("inputs"), "tx/unsorted"],
    ["unique keys in another order", reversed("uniqueKeys"), "tx/unsorted"],
    ["closed outputs", torn("outputs"), "tx/not-open"],
    ["closed inputs", torn("inputs"), "tx/not-open"],
    ["a hashed command", hidden("commands"), "tx/not-open"],
  ];
  return rows.map(([name, bytes, code]) => {
    expectCode(name, code, () => openTransaction(decodeTransaction(bytes)));
    return { name, encoded: toHex(bytes), code };
  });
}

function altered(name: GroupName, group: Group): Uint8Array {
  const groups = [...sampleTransaction().groups];
  groups[GROUP_NAMES.indexOf(name)] = group;
  return encode(transactionSchema, { groups });
}

/** One more than the schema admits, so that the count is altered in the bytes. */
function closedGroupOf513(): Uint8Array {
  const encoded = toHex(altered("outputs", closed(512)));
  return fromHex(encoded.replace(COUNT_OF_512, `${COUNT_OF_512.slice(0, -2)}01`));
}

const COUNT_OF_512 = `${toHex(new TextEncoder().encode("count"))}190200`;

/** Under the same schema with any number of groups. */
function loosely(groups: Group[]): Uint8Array {
  const { item } = transactionSchema.fields.groups;
  return encode(record({ groups: list(item, { max: 99 }) }), { groups });
}

function forms(name: GroupName) {
  const group = sampleTransaction().groups[GROUP_NAMES.indexOf(name)];
  if (group?.kind !== "listed") throw new Error(`${name} is closed`);
  return group.components;
}

function twice(name: GroupName): Group {
  return { kind: "listed", components: [...forms(name), ...forms(name)] };
}

function closed(count: number): Group {
  return { kind: "closed", count, root: countedHex("root", 0) };
}

function hashed(count: number): Group {
  const form = { kind: "hashed" as const, leaf: countedHex<never>("leaf", 0) };
  return { kind: "listed", components: Array.from({ length: count }, () => form) };
}

function moved(from: GroupName, to: GroupName): Uint8Array {
  return altered(to, { kind: "listed", components: forms(from).slice(0, 1) });
}

/** The group's first component with other bytes. */
function recoded(name: GroupName, recode: (component: Uint8Array) => Uint8Array): Uint8Array {
  const [first, ...rest] = forms(name);
  if (first?.kind !== "open") throw new Error(`${name} is not open`);
  const changed = { ...first, component: recode(first.component) };
  return altered(name, { kind: "listed", components: [changed, ...rest] });
}

function meta(change: { [field: string]: unknown }): Uint8Array {
  const [value] = sampleValues().meta;
  const loose: Schema = record({
    version: uint(),
    hash: text({ max: 20 }),
    network: hex({ max: HASH_BYTES }),
    notary: hex({ length: HASH_BYTES }),
    ...("chain" in change ? { chain: text({ max: 9 }) } : {}),
  });
  return recoded("meta", () => encode(loose, { ...value, ...change } as never));
}

/** The sample's reference has index 1, its last byte but for the hash: 01 becomes 1801. */
function lengthenIndex(component: Uint8Array): Uint8Array {
  const at = component.indexOf(0x01, 5);
  const isIndex =
    toHex(component.subarray(at - 5, at)) === toHex(new TextEncoder().encode("index"));
  if (!isIndex) throw new Error("the index is not where it was");
  return Uint8Array.of(...component.subarray(0, at), 0x18, ...component.subarray(at));
}

/** Canonical, were it not for the 64 bytes that a time window may have at most. */
function longTimeWindow(): Uint8Array {
  const long = record({ from: uint(), until: uint(), comment: text({ max: 80 }) });
  const value = { from: 1, until: 2, comment: "c".repeat(64) };
  return recoded("timeWindow", () => encode(long, value));
}

function edited(change: Change): Uint8Array {
  const values = sampleValues();
  change(values);
  return encodeTransaction(transactionOf(values));
}

function clear(...names: GroupName[]): Change {
  return (values) => {
    for (const name of names) values[name].length = 0;
  };
}

function header(output: number, change: Partial<ComponentValues["headers"][number]>): Change {
  return (values) => Object.assign(values.headers[output] as object, change);
}

function encumbrance(sets: number[][]): Change {
  return (values) => {
    for (const [i, encumbranceSet] of sets.entries())
      Object.assign(values.headers[i] as object, { encumbranceSet });
  };
}

function window(timeWindow: ComponentValues["timeWindow"][number]): Change {
  return (values) => values.timeWindow.splice(0, 1, timeWindow);
}

function reversed(name: GroupName): Uint8Array {
  return altered(name, { kind: "listed", components: forms(name).toReversed() });
}

function torn(name: GroupName): Uint8Array {
  const groups = GROUP_NAMES.filter((other) => other !== name);
  return encodeTransaction(tearOff(sampleTransaction(), { groups }));
}

function hidden(name: GroupName): Uint8Array {
  const hide = (group: GroupName, index: number) => group === name && index === 0;
  const transaction: Transaction = tearOff(sampleTransaction(), { groups: GROUP_NAMES, hide });
  return encodeTransaction(transaction);
}
