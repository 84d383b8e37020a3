import { expect, test } from "vitest";
import {
  addOutput,
  alice,
  assemble,
  bob,
  coin,
  id32,
  ledgerFault,
  moveDraft,
  notary,
  output,
  type PlainComponents,
} from "../../test/coin-network.ts";
import type { LedgerFault } from "../ledger-error.ts";
import type { Components } from "../transaction/components.ts";
import { GROUP_LIMITS, type GroupName } from "../transaction/groups.ts";
import type { NotaryId, TransactionId } from "../transaction/ids.ts";
import { decodeTransaction, encodeTransaction, transactionId } from "../transaction/transaction.ts";
import { openTransaction } from "./transaction-contents.ts";

test("the fixture opens to what it was made of", () => {
  const { components } = moveDraft();
  const transaction = assemble(components);
  const { id, meta, timeWindow, parameters, ...lists } = openTransaction(transaction);
  expect(id).toBe(transactionId(transaction));
  expect([meta]).toEqual(components.meta);
  expect([timeWindow]).toEqual(components.timeWindow);
  expect([parameters]).toEqual(components.parameters);
  for (const [name, list] of Object.entries(lists))
    expect(list).toEqual(components[name as GroupName]);
});

const ref = (fill: number, index = 0) => ({ txId: id32(fill) as TransactionId, index });
const uniqueKey = (value: number) =>
  ({ kind: "coin/label", owner: alice.party.id, value: id32(value) }) as Components["uniqueKeys"];
const other = id32(0xee) as NotaryId;

type Row = [string, (components: PlainComponents) => void, LedgerFault];

/** Each row breaks one thing. */
test.each<Row>([
  [
    "inputs in another order",
    (of) => Object.assign(of, { inputs: [ref(0x12), ref(0x10)] }),
    { code: "tx/unsorted", group: "inputs", index: 1 },
  ],
  [
    "an input twice",
    (of) => Object.assign(of, { inputs: [ref(0x10), ref(0x10)] }),
    { code: "tx/unsorted", group: "inputs", index: 1 },
  ],
  [
    "inputs of one transaction by falling index",
    (of) => Object.assign(of, { inputs: [ref(0x10, 1), ref(0x10, 0)] }),
    { code: "tx/unsorted", group: "inputs", index: 1 },
  ],
  [
    "a reference twice",
    (of) => Object.assign(of, { references: [ref(0x11), ref(0x11)] }),
    { code: "tx/unsorted", group: "references", index: 1 },
  ],
  [
    "unique keys in another order",
    (of) => Object.assign(of, { uniqueKeys: [uniqueKey(1), uniqueKey(3), uniqueKey(2)] }),
    { code: "tx/unsorted", group: "uniqueKeys", index: 2 },
  ],
  [
    "an input that is also a reference",
    (of) => Object.assign(of, { references: [ref(0x10), ref(0x11)] }),
    { code: "tx/input-also-reference", ref: `${id32(0x10)}:0` },
  ],
  [
    "references without an input",
    (of) => Object.assign(of, { inputs: [] }),
    { code: "tx/references-without-input" },
  ],
  [
    "neither inputs nor outputs",
    (of) => Object.assign(of, { inputs: [], references: [], outputs: [], headers: [] }),
    { code: "tx/empty" },
  ],
  [
    "a header less",
    (of) => void of.headers.pop(),
    { code: "tx/header-count", outputs: 2, headers: 1 },
  ],
  [
    "a header more",
    (of) => void of.headers.push(of.headers[0] as never),
    { code: "tx/header-count", outputs: 2, headers: 3 },
  ],
  [
    "a header of another notary",
    (of) => Object.assign(of.headers[1] as object, { notary: other }),
    { code: "tx/header-notary", output: 1, expected: notary, found: other },
  ],
  [
    "an empty time window",
    (of) => Object.assign(of, { timeWindow: [{ from: 5, until: 5 }] }),
    { code: "tx/empty-time-window", from: 5, until: 5 },
  ],
  [
    "a time window that ends before it begins",
    (of) => Object.assign(of, { timeWindow: [{ from: 6, until: 5 }] }),
    { code: "tx/empty-time-window", from: 6, until: 5 },
  ],
  ...(["meta", "parameters", "commands"] as const).map((group): Row => {
    const { min, max } = GROUP_LIMITS[group];
    const fault = { code: "tx/component-count", group, found: 0, min, max } as const;
    return [`no ${group}`, (of) => Object.assign(of, { [group]: [] }), fault];
  }),
  ...(["meta", "parameters", "timeWindow"] as const).map((group): Row => {
    const { min, max } = GROUP_LIMITS[group];
    const fault = { code: "tx/component-count", group, found: 2, min, max } as const;
    return [
      `two ${group}`,
      (of) => Object.assign(of, { [group]: [of[group][0], of[group][0]] }),
      fault,
    ];
  }),
])("%s", (_, breakIt, expected) => {
  const { components } = moveDraft();
  breakIt(components);
  expect(ledgerFault(() => openTransaction(assemble(components)))).toEqual(expected);
});

test.each<[string, number[][], number]>([
  ["a set of one", [[0], [], []], 0],
  ["falling indices", [[1, 0], [1, 0], []], 0],
  ["an index twice", [[0, 0], [], []], 0],
  [
    "a set without the output itself",
    [
      [1, 2],
      [1, 2],
      [1, 2],
    ],
    0,
  ],
  ["an output that is not there", [[0, 3], [], []], 0],
  ["a member with no set", [[0, 1], [], []], 0],
  [
    "a member with a larger set",
    [
      [0, 1],
      [0, 1, 2],
      [0, 1, 2],
    ],
    0,
  ],
  [
    "two sets with a member in common",
    [
      [0, 1],
      [0, 1],
      [0, 2],
    ],
    2,
  ],
])("%s is no encumbrance", (_, sets, faulty) => {
  const fault = ledgerFault(() => openTransaction(assemble(encumbered(sets))));
  expect(fault).toMatchObject({ code: "tx/header-encumbrance", output: faulty });
});

test.each([
  [
    [
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
    ],
  ],
  [[[0, 2], [], [0, 2]]],
  [[[], [], []]],
])("the encumbrance sets %j are allowed", (sets) => {
  expect(ledgerFault(() => openTransaction(assemble(encumbered(sets))))).toBeUndefined();
});

test("encumbering as many outputs as there may be is judged in no time", () => {
  const { components } = moveDraft();
  const all = Array.from({ length: GROUP_LIMITS.outputs.max }, (_, index) => index);
  const { output: state, header } = output("coin", coin(alice.holder, 1n));
  components.outputs = all.map(() => state);
  components.headers = all.map(() => ({ ...header, encumbranceSet: all }));
  const transaction = decodeTransaction(encodeTransaction(assemble(components)));
  const start = process.cpuUsage();
  expect(ledgerFault(() => openTransaction(transaction))).toBeUndefined();
  expect(process.cpuUsage(start).user).toBeLessThan(2_000_000); // microseconds
});

function encumbered(sets: number[][]): PlainComponents {
  const draft = moveDraft();
  addOutput(draft, output("coin", coin(bob.holder, 1n)));
  draft.components.headers = draft.components.headers.map((header, i) => ({
    ...header,
    encumbranceSet: sets[i] ?? [],
  }));
  return draft.components;
}
