import assert from "node:assert/strict";
import { encode, fromHex, merklePath, toHex } from "@stateset/codec";
import {
  type ComponentProof,
  componentLeaf,
  componentProofSchema,
  encodeTransaction,
  GROUP_NAMES,
  type GroupName,
  groupRoot,
  NOTARY_GROUPS,
  proveComponent,
  type Transaction,
  type TransactionId,
  tearOff,
  transactionId,
  verifyComponentProof,
} from "@stateset/ledger";
import { countedHex } from "./counted-bytes.ts";
import { codeOf } from "./expect-code.ts";
import { sampleTransaction } from "./sample-transaction.ts";

const whole = sampleTransaction();
const id = transactionId(whole);

export function tearOffVectors() {
  return {
    of: "the transaction of transaction.json",
    id,
    tearOffs: [
      torn("whole", GROUP_NAMES),
      torn("for a non-validating notary", NOTARY_GROUPS),
      torn("with the private components hashed", GROUP_NAMES, ["private", 0], ["private", 1]),
      torn("one header alone", ["headers"], ["headers", 0], ["headers", 2]),
      torn("one unique key hidden, the rest closed", ["uniqueKeys"], ["uniqueKeys", 1]),
      torn("nothing but counts and roots", []),
    ],
    proofs: [
      ...GROUP_NAMES.map((group) => shown(`the first of ${group}`, group, 0)),
      shown("the second header", "headers", 1),
      shown("the third header, the odd last leaf", "headers", 2),
      ...alteredProofs(),
      malformedComponent(),
    ],
  };
}

function torn(name: string, groups: readonly GroupName[], ...hidden: [GroupName, number][]) {
  const hide = (group: GroupName, index: number) =>
    hidden.some(([otherGroup, other]) => otherGroup === group && other === index);
  const tornOff = tearOff(whole, { groups, hide });
  assert.equal(transactionId(tornOff), id, name);
  return { name, groups, hidden, encoded: toHex(encodeTransaction(tornOff)) };
}

type Expected = { transaction: TransactionId; group: GroupName; index: number };

/** A proof with what it is claimed to show, and whether it shows that. */
function row(name: string, proof: ComponentProof, expected: Expected, code = "none") {
  assert.equal(
    codeOf(() => verifyComponentProof(proof, expected)),
    code,
    name,
  );
  const isShown = code === "none" && verifyComponentProof(proof, expected) !== undefined;
  const bytes = toHex(encode(componentProofSchema, proof));
  return { name, expected, proof: bytes, shown: isShown, ...(code === "none" ? {} : { code }) };
}

function shown(name: string, group: GroupName, index: number) {
  const made = row(name, proveComponent(whole, group, index), { transaction: id, group, index });
  assert.ok(made.shown, name);
  return made;
}

function alteredProofs() {
  const expected: Expected = { transaction: id, group: "headers", index: 1 };
  const proof = proveComponent(whole, "headers", 1);
  const { path, groupPath, component } = proof;
  const stranger = countedHex("sibling", 0);
  const changes: [string, Partial<ComponentProof>][] = [
    ["another nonce", { nonce: countedHex("nonce", 999) }],
    ["another header", { component: proveComponent(whole, "headers", 0).component }],
    ["a header with its last byte altered", { component: flipLast(component) }],
    ["a smaller count", { count: 2 }],
    ["a larger count", { count: 4 }],
    ["a count of 65536", { count: 65_536 }],
    ["an altered sibling", { path: [stranger, ...path.slice(1)] }],
    ["siblings swapped", { path: path.toReversed() }],
    ["a path too short", { path: path.slice(1) }],
    ["a path too long", { path: [...path, stranger] }],
    ["an altered group", { groupPath: [...groupPath.slice(0, -1), stranger] }],
    ["a group path too short", { groupPath: groupPath.slice(0, -1) }],
    ["a group path too long", { groupPath: [...groupPath, stranger] }],
    ["another group's number", { group: 3 }],
    ["another index", { index: 0 }],
  ];
  const other = countedHex<TransactionId>("earlier transaction", 0);
  const refused = [
    ...changes.map(([name, change]) => row(name, { ...proof, ...change }, expected)),
    row("claimed of another transaction", proof, { ...expected, transaction: other }),
    row("claimed of another index", proof, { ...expected, index: 2 }),
    row("claimed of another group", proof, { ...expected, group: "outputs" }),
    row("index altered in proof and claim", { ...proof, index: 0 }, { ...expected, index: 0 }),
  ];
  for (const { name, shown } of refused) assert.ok(!shown, name);
  return refused;
}

/** The paths are right, but the component is no header: a transaction that nobody may accept. */
function malformedComponent() {
  const number = GROUP_NAMES.indexOf("headers");
  const open = { kind: "open" as const, nonce: countedHex("nonce", 0), component: fromHex("a0") };
  const groups = [...whole.groups];
  groups[number] = { kind: "listed", components: [open] };
  const transaction: Transaction = { groups };
  const roots = groups.map(groupRoot);
  const proof: ComponentProof = {
    group: number,
    index: 0,
    count: 1,
    nonce: open.nonce,
    component: open.component,
    path: merklePath([componentLeaf(open)], 0).map(toHex),
    groupPath: merklePath(roots, number).map(toHex),
  };
  const expected: Expected = {
    transaction: transactionId(transaction),
    group: "headers",
    index: 0,
  };
  return row("a component that is no header", proof, expected, "tx/component-malformed");
}

function flipLast(bytes: Uint8Array): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
  return flipped;
}
