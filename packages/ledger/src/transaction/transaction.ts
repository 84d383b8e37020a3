import {
  encode,
  fromHex,
  HASH_BYTES,
  hex,
  type Infer,
  list,
  merkleRoot,
  pooledCopy,
  record,
  type Schema,
  taggedHash,
  taggedHashBytes,
  toHex,
  uint,
  union,
} from "@stateset/codec";
import { decodeOrRefuse } from "../decode-or-refuse.ts";
import { LedgerError } from "../ledger-error.ts";
import {
  type ComponentForm,
  componentFormSchema,
  hashComponent,
  leafOf,
  type OpenComponent,
  SEALING_OVERHEAD_BYTES,
} from "./component-form.ts";
import { COMPONENT_SCHEMAS, type Components } from "./components.ts";
import {
  GROUP_COUNT,
  GROUP_LIMITS,
  GROUP_NAMES,
  type GroupName,
  TRANSACTION_BYTES_MAX,
} from "./groups.ts";
import type { TransactionId } from "./ids.ts";

const COMPONENTS_MAX = Math.max(...Object.values(GROUP_LIMITS).map(({ max }) => max));

/**
 * A group is either listed, each component in one of its forms, or closed: only how many there are
 * and the root of their tree.
 */
const groupSchema = union({
  listed: record({ components: list(componentFormSchema, { max: COMPONENTS_MAX }) }),
  closed: record({ count: uint({ max: COMPONENTS_MAX }), root: hex({ length: HASH_BYTES }) }),
});
export type Group = Infer<typeof groupSchema>;

export const transactionSchema = record({
  groups: list(groupSchema, { min: GROUP_COUNT, max: GROUP_COUNT }),
});

/**
 * A transaction, whole or torn off: the same type, the same bytes, the same id. Which of its
 * components can be read depends on their forms.
 */
export type Transaction = Infer<typeof transactionSchema>;

/** A transaction has one encoding, and is sent and stored in it more than once. */
const encodings = new WeakMap<Transaction, Uint8Array>();

export function encodeTransaction(transaction: Transaction): Uint8Array {
  let encoded = encodings.get(transaction);
  if (encoded === undefined) {
    encoded = encode(transactionSchema, transaction);
    encodings.set(transaction, encoded);
  }
  return encoded;
}

/**
 * Reads a transaction in any form and checks what can be checked of the form alone: twelve groups,
 * their sizes, and that every open component is canonical under its group's schema.
 * @throws LedgerError `tx/too-large`, `tx/malformed`, `tx/component-malformed`, `tx/component-count`
 */
export function decodeTransaction(bytes: Uint8Array): Transaction {
  if (bytes.length > TRANSACTION_BYTES_MAX)
    throw new LedgerError({
      code: "tx/too-large",
      bytes: bytes.length,
      max: TRANSACTION_BYTES_MAX,
    });
  const transaction = decodeOrRefuse(transactionSchema, bytes, (reason) => ({
    code: "tx/malformed",
    reason,
  }));
  assertGroups(transaction);
  encodings.set(transaction, pooledCopy(bytes)); // The caller may use its array again.
  return transaction;
}

/** The tree over the twelve group roots, under the tag of transaction ids. */
export function transactionId(transaction: Transaction): TransactionId {
  return hashesOf(transaction).id;
}

/** The roots of its twelve groups, in their order. */
export function groupRoots(transaction: Transaction): readonly Uint8Array[] {
  const { roots } = hashesOf(transaction);
  return transaction.groups.map((_, i) => roots.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

/** The roots stand one behind the other: twelve arrays for each transaction would fill the heap. */
type TransactionHashes = { id: TransactionId; roots: Uint8Array };

/** Transactions do not change, and everybody asks for their ids. A tear-off has those of its whole. */
const hashes = new WeakMap<Transaction, TransactionHashes>();

const joined = new Uint8Array(GROUP_COUNT * HASH_BYTES);

function hashesOf(transaction: Transaction): TransactionHashes {
  const known = hashes.get(transaction);
  if (known !== undefined) return known;
  const each = transaction.groups.map((group, number) => groupRoot(group, number));
  for (const [i, root] of each.entries()) joined.set(root, i * HASH_BYTES);
  const id = taggedHash("transaction", merkleRoot(each)) as string as TransactionId;
  const made = { id, roots: pooledCopy(joined) };
  hashes.set(transaction, made);
  return made;
}

const place = new Uint8Array(5);
const placeView = new DataView(place.buffer);

/** H(group ‖ number ‖ count ‖ tree root), number as one byte and count as four, big-endian. */
export function groupRoot(group: Group, number: number): Uint8Array {
  place[0] = number;
  placeView.setUint32(1, groupSize(group));
  const root = group.kind === "closed" ? fromHex(group.root) : treeRoot(group.components);
  return taggedHashBytes("group", place, root);
}

export function groupOf(transaction: Transaction, name: GroupName): Group {
  return transaction.groups[GROUP_NAMES.indexOf(name)] as Group;
}

function groupSize(group: Group): number {
  return group.kind === "closed" ? group.count : group.components.length;
}

/** @throws LedgerError `tx/component-count` */
export function assertComponentCount(name: GroupName, group: Group): void {
  const { min, max } = GROUP_LIMITS[name];
  const found = groupSize(group);
  if (found < min || found > max)
    throw new LedgerError({ code: "tx/component-count", group: name, found, min, max });
}

/** The same group with nothing but its count and root. */
export function closeGroup(group: Group): Group {
  if (group.kind === "closed") return group;
  return {
    kind: "closed",
    count: group.components.length,
    root: toHex(treeRoot(group.components)),
  };
}

/**
 * A tear-off: the groups named stay as they are, of the components named only their leaves stay,
 * and the other groups are closed. The id does not change.
 */
export function tearOff(
  transaction: Transaction,
  show: { groups: readonly GroupName[]; hide?: (group: GroupName, index: number) => boolean },
): Transaction {
  const { groups: shown, hide } = show;
  const groups = transaction.groups.map((group, number): Group => {
    const name = GROUP_NAMES[number] as GroupName;
    if (!shown.includes(name)) return closeGroup(group);
    if (group.kind === "closed" || hide === undefined) return group;
    const components = group.components.map((form, index) =>
      hide(name, index) ? hashComponent(form) : form,
    );
    return { kind: "listed", components };
  });
  const torn = { groups };
  const known = hashes.get(transaction);
  if (known !== undefined) hashes.set(torn, known);
  return torn;
}

/**
 * All components of a group, which must be open: the proof of completeness is that the count is
 * part of the group's root.
 * @throws LedgerError `tx/not-open`
 */
export function openGroup<G extends GroupName>(transaction: Transaction, name: G): Components[G][] {
  return openForms(transaction, name).map((form, index) => decodeComponent(name, index, form));
}

/** @throws LedgerError `tx/not-open` */
export function openForms(transaction: Transaction, name: GroupName): OpenComponent[] {
  const group = groupOf(transaction, name);
  if (group.kind === "closed") throw new LedgerError({ code: "tx/not-open", group: name });
  return group.components.map((form, index) => {
    if (form.kind !== "open") throw new LedgerError({ code: "tx/not-open", group: name, index });
    return form;
  });
}

/** @throws LedgerError `tx/component-malformed` */
export function decodeComponent<G extends GroupName>(
  group: G,
  index: number,
  form: OpenComponent,
): Components[G] {
  const schema: Schema = COMPONENT_SCHEMAS[group];
  return decodeOrRefuse(schema, form.component, (reason) => ({
    code: "tx/component-malformed",
    group,
    index,
    reason,
  })) as Components[G];
}

function assertGroups(transaction: Transaction): void {
  for (const [number, group] of transaction.groups.entries()) {
    const name = GROUP_NAMES[number] as GroupName;
    assertComponentCount(name, group);
    if (group.kind === "closed") continue;
    const { bytesMax } = GROUP_LIMITS[name];
    for (const [index, form] of group.components.entries()) assertForm(name, index, form, bytesMax);
  }
}

function assertForm(group: GroupName, index: number, form: ComponentForm, bytesMax: number): void {
  if (form.kind === "hashed") return;
  const size =
    form.kind === "open" ? form.component.length : form.ciphertext.length - SEALING_OVERHEAD_BYTES;
  if (size > bytesMax) {
    const reason = `${size} bytes are more than ${bytesMax}`;
    throw new LedgerError({ code: "tx/component-malformed", group, index, reason });
  }
  if (form.kind === "open") decodeComponent(group, index, form);
}

/** Components do not change once they stand in a group, and the roots of groups are asked for often. */
const treeRoots = new WeakMap<readonly ComponentForm[], Uint8Array>();

function treeRoot(components: readonly ComponentForm[]): Uint8Array {
  let root = treeRoots.get(components);
  if (root === undefined) {
    root = merkleRoot(components.map(leafOf));
    treeRoots.set(components, root);
  }
  return root;
}
