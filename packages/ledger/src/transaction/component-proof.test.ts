import { decode, encode } from "@stateset/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  alice,
  assemble,
  coin,
  id32,
  ledgerFault,
  moveDraft,
  output,
} from "../../test/coin-network.ts";
import { openTransactions } from "../../test/transaction-arbitrary.ts";
import {
  type ComponentProof,
  componentProofSchema,
  proveComponent,
  verifyComponentProof,
} from "./component-proof.ts";
import { GROUP_NAMES, type GroupName } from "./groups.ts";
import type { TransactionId } from "./ids.ts";
import { closeGroup, openGroup, tearOff, transactionId } from "./transaction.ts";

const draft = moveDraft();
for (let i = 0; i < 3; i++) {
  const { output: state, header } = output("coin", coin(alice.holder, 1n));
  draft.components.outputs.push(state);
  draft.components.headers.push(header);
}
const transaction = assemble(draft.components);
const id = transactionId(transaction);
const expected = { transaction: id, group: "headers", index: 3 } as const;
const proof = proveComponent(transaction, "headers", 3);

test("every component of every transaction has a proof", () => {
  fc.assert(
    fc.property(openTransactions(), (whole) => {
      const of = transactionId(whole);
      for (const group of GROUP_NAMES)
        for (const [index, component] of openGroup(whole, group).entries()) {
          const sent = encode(componentProofSchema, proveComponent(whole, group, index));
          const received = decode(componentProofSchema, sent);
          const place = { transaction: of, group, index };
          expect(verifyComponentProof(received, place)).toEqual(component);
        }
    }),
    { numRuns: 30 },
  );
});

test("a proof can be made while all else is hidden", () => {
  const torn = tearOff(transaction, { groups: ["headers"], hide: (_, index) => index !== 3 });
  expect(proveComponent(torn, "headers", 3)).toEqual(proof);
});

const first = <T>(list: readonly T[]) => list[0] as T;

/** Each row breaks one thing. */
test.each<[string, Partial<ComponentProof>]>([
  ["another group", { group: GROUP_NAMES.indexOf("outputs") }],
  ["another index", { index: 2 }],
  ["a count more", { count: 6 }],
  ["a count less", { count: 4 }],
  ["a count that the index is outside of", { count: 3 }],
  ["another nonce", { nonce: id32(0) }],
  ["another component", { component: proof.component.with(-1 + proof.component.length, 0) }],
  ["another sibling", { path: proof.path.with(0, id32(0)) }],
  ["siblings in another order", { path: proof.path.toReversed() }],
  ["a sibling more", { path: [...proof.path, id32(0)] }],
  ["a sibling less", { path: proof.path.slice(1) }],
  ["no siblings", { path: [] }],
  ["another group's root", { groupPath: proof.groupPath.with(0, id32(0)) }],
  ["a group's root more", { groupPath: [...proof.groupPath, id32(0)] }],
  ["a group's root less", { groupPath: proof.groupPath.slice(0, -1) }],
  [
    "the paths joined",
    { path: [...proof.path, first(proof.groupPath)], groupPath: proof.groupPath.slice(1) },
  ],
])("a proof with %s shows nothing", (_, change) => {
  expect(verifyComponentProof({ ...proof, ...change }, expected)).toBeUndefined();
});

test.each<[string, { transaction: TransactionId; group: GroupName; index: number }]>([
  ["of another transaction", { ...expected, transaction: id32(0) as TransactionId }],
  ["of another group", { ...expected, group: "outputs" }],
  ["of another index", { ...expected, index: 2 }],
])("a proof does not count for a component %s", (_, other) => {
  expect(verifyComponentProof(proof, other)).toBeUndefined();
});

test("a place that says otherwise than the proof is refused, even where the paths are equal", () => {
  const moved = { ...proof, index: 2 };
  expect(verifyComponentProof(moved, { ...expected, index: 2 })).toBeUndefined();
});

test("there is no proof of what is not open", () => {
  const hidden = tearOff(transaction, { groups: GROUP_NAMES, hide: () => true });
  const closed = { groups: transaction.groups.map(closeGroup) };
  const fault = { code: "tx/not-open", group: "headers", index: 3 };
  for (const torn of [hidden, closed])
    expect(ledgerFault(() => proveComponent(torn, "headers", 3))).toEqual(fault);
  const outside = { code: "tx/not-open", group: "headers", index: 5 };
  expect(ledgerFault(() => proveComponent(transaction, "headers", 5))).toEqual(outside);
});
