import { toHex } from "@stateset/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { assemble, ledgerFault, moveDraft } from "../../test/coin-network.ts";
import { openTransactions, seal, tornForms } from "../../test/transaction-arbitrary.ts";
import type { LedgerFault } from "../ledger-error.ts";
import type { ComponentForm, OpenComponent } from "./component-form.ts";
import { GROUP_LIMITS, GROUP_NAMES, NOTARY_GROUPS, TRANSACTION_BYTES_MAX } from "./groups.ts";
import {
  closeGroup,
  decodeTransaction,
  encodeTransaction,
  type Group,
  openGroup,
  type Transaction,
  tearOff,
  transactionId,
} from "./transaction.ts";

const RUNS = { numRuns: 40 };
const tornPairs = openTransactions().chain((whole) =>
  tornForms(whole).map((torn) => ({ whole, torn })),
);

test("what is encoded is decoded to the same transaction, in whatever forms", () => {
  fc.assert(
    fc.property(tornPairs, ({ torn }) => {
      const encoded = encodeTransaction(torn);
      const decoded = decodeTransaction(encoded);
      expect(decoded).toEqual(torn);
      expect(encodeTransaction(decoded)).toEqual(encoded);
    }),
    RUNS,
  );
});

test("every form of a transaction has its id", () => {
  fc.assert(
    fc.property(tornPairs, ({ whole, torn }) => {
      expect(transactionId(torn)).toBe(transactionId(whole));
    }),
    RUNS,
  );
});

test("another byte of a component or nonce, wherever it is, makes another id", () => {
  fc.assert(
    fc.property(
      openTransactions(),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (whole, at, flip) => {
        const id = transactionId(whole);
        for (const [number, group] of whole.groups.entries())
          for (const [index, form] of listed(group).entries()) {
            const { nonce, component } = form as OpenComponent;
            const other: OpenComponent = {
              kind: "open",
              nonce,
              component: flipped(component, at, flip),
            };
            expect(transactionId(replaced(whole, number, index, other))).not.toBe(id);
            const bytes = flipped(Uint8Array.from(Buffer.from(nonce, "hex")), at, flip);
            const renewed: OpenComponent = { kind: "open", nonce: toHex(bytes), component };
            expect(transactionId(replaced(whole, number, index, renewed))).not.toBe(id);
          }
      },
    ),
    { numRuns: 25 },
  );
});

test("a component dropped, added, moved or put into another group makes another id", () => {
  fc.assert(
    fc.property(openTransactions(), (whole) => {
      const id = transactionId(whole);
      for (const [number, group] of whole.groups.entries()) {
        const components = listed(group);
        const withComponents = (changed: ComponentForm[]) =>
          transactionId(withGroup(whole, number, { kind: "listed", components: changed }));
        for (const index of components.keys())
          expect(withComponents(components.toSpliced(index, 1))).not.toBe(id);
        const [first] = components;
        if (first === undefined) continue;
        expect(withComponents([...components, first])).not.toBe(id);
        if (components.length > 1) expect(withComponents(components.toReversed())).not.toBe(id);
        const next = (number + 1) % GROUP_NAMES.length;
        const moved = withGroup(withGroup(whole, number, emptyGroup), next, group);
        expect(transactionId(moved)).not.toBe(id);
      }
    }),
    RUNS,
  );
});

test("a closed group can neither understate nor overstate how much it holds", () => {
  fc.assert(
    fc.property(openTransactions(), (whole) => {
      for (const [number, group] of whole.groups.entries()) {
        const closed = closeGroup(group) as Extract<Group, { kind: "closed" }>;
        expect(closeGroup(closed)).toBe(closed);
        for (const count of [closed.count + 1, Math.max(0, closed.count - 1)])
          if (count !== closed.count)
            expect(transactionId(withGroup(whole, number, { ...closed, count }))).not.toBe(
              transactionId(whole),
            );
      }
    }),
    RUNS,
  );
});

test("a group of one component is not the group whose root is that component's leaf", () => {
  const whole = assemble(moveDraft().components);
  const twin = withGroup(whole, 1, { kind: "closed", count: 0, root: "00".repeat(32) });
  expect(transactionId(twin)).not.toBe(transactionId(whole));
});

test("a tear-off shows the groups named, of the hidden components leaves, and the rest closed", () => {
  const whole = assemble(moveDraft().components);
  const torn = tearOff(whole, {
    groups: ["outputs", "commands"],
    hide: (group, index) => group === "outputs" && index === 1,
  });
  expect(transactionId(torn)).toBe(transactionId(whole));
  const kinds = torn.groups.map((group) =>
    group.kind === "closed" ? "closed" : group.components.map((form) => form.kind).join(),
  );
  const shown = GROUP_NAMES.map((name) =>
    name === "outputs" ? "open,hashed" : name === "commands" ? "open" : "closed",
  );
  expect(kinds).toEqual(shown);
  expect(openGroup(torn, "commands")).toHaveLength(1);
  expect(ledgerFault(() => openGroup(torn, "outputs"))).toEqual({
    code: "tx/not-open",
    group: "outputs",
    index: 1,
  });
});

test("what a notary is shown holds no state, command or private part", () => {
  const torn = encodeTransaction(
    tearOff(assemble(moveDraft().components), { groups: NOTARY_GROUPS }),
  );
  for (const { nonce } of GROUP_NAMES.filter((name) => !NOTARY_GROUPS.includes(name)).flatMap(
    (name) => listed(assemble(moveDraft().components).groups[GROUP_NAMES.indexOf(name)]),
  ) as OpenComponent[])
    expect(toHex(torn)).not.toContain(nonce);
});

const valid = assemble(moveDraft().components);
const openForm = (component: Uint8Array): ComponentForm => ({
  kind: "open",
  nonce: "00".repeat(32),
  component,
});

/** Each row breaks one thing. */
test.each<[string, () => Uint8Array, Partial<LedgerFault>]>([
  ["no bytes", () => new Uint8Array(), { code: "tx/malformed" }],
  ["another document", () => Uint8Array.of(0xa0), { code: "tx/malformed" }],
  [
    "a byte behind its end",
    () => Uint8Array.of(...encodeTransaction(valid), 0),
    { code: "tx/malformed" },
  ],
  [
    "eleven groups",
    () => Uint8Array.of(...encodeTransaction(valid)).with(8, 0x8b),
    { code: "tx/malformed" },
  ],
  [
    "more bytes than allowed",
    () => new Uint8Array(TRANSACTION_BYTES_MAX + 1),
    { code: "tx/too-large", bytes: TRANSACTION_BYTES_MAX + 1, max: TRANSACTION_BYTES_MAX },
  ],
  [
    "no meta",
    () => encodeTransaction(withGroup(valid, 0, emptyGroup)),
    { code: "tx/component-count", group: "meta", found: 0, min: 1, max: 1 },
  ],
  [
    "too many of a closed group",
    () =>
      encodeTransaction(withGroup(valid, 0, { kind: "closed", count: 2, root: "00".repeat(32) })),
    { code: "tx/component-count", group: "meta", found: 2 },
  ],
  [
    "a component under another group's schema",
    () => encodeTransaction(replaced(valid, 1, 0, listed(valid.groups[0])[0] as ComponentForm)),
    { code: "tx/component-malformed", group: "inputs", index: 0 },
  ],
  [
    "a component with a byte behind its end",
    () => {
      const { component } = listed(valid.groups[8])[0] as OpenComponent;
      return encodeTransaction(replaced(valid, 8, 0, openForm(Uint8Array.of(...component, 0))));
    },
    { code: "tx/component-malformed", group: "parameters", index: 0 },
  ],
  [
    "a component larger than its group allows",
    () => {
      const { bytesMax } = GROUP_LIMITS.inputs;
      return encodeTransaction(replaced(valid, 1, 0, openForm(new Uint8Array(bytesMax + 1))));
    },
    { code: "tx/component-malformed", group: "inputs", index: 0 },
  ],
  [
    "a later format",
    () => {
      const { component } = listed(valid.groups[0])[0] as OpenComponent;
      const at = Buffer.from(component).indexOf("version") + "version".length;
      return encodeTransaction(replaced(valid, 0, 0, openForm(component.with(at, 1))));
    },
    { code: "tx/component-malformed", group: "meta", index: 0 },
  ],
])("%s is refused", (_, bytes, expected) => {
  expect(ledgerFault(() => decodeTransaction(bytes()))).toMatchObject(expected);
});

test("no edit of one byte is decoded to the same id, but in what the id does not cover", () => {
  const sealed = replaced(valid, 11, 0, seal(listed(valid.groups[11])[0] as OpenComponent));
  const encoded = encodeTransaction(sealed);
  const covered = encodeTransaction(
    tearOff(sealed, { groups: GROUP_NAMES, hide: (g) => g === "private" }),
  );
  const id = transactionId(valid);
  fc.assert(
    fc.property(fc.nat(encoded.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      let edited: Transaction | undefined;
      const fault = ledgerFault(() => (edited = decodeTransaction(flipped(encoded, at, flip))));
      if (fault !== undefined || edited === undefined || transactionId(edited) !== id) return;
      // Only the ciphertext and its labels are left to change.
      const hidden = tearOff(edited, { groups: GROUP_NAMES, hide: (g) => g === "private" });
      expect(encodeTransaction(hidden)).toEqual(covered);
    }),
    { numRuns: 600 },
  );
});

const emptyGroup: Group = { kind: "listed", components: [] };

function listed(group: Group | undefined): ComponentForm[] {
  return group?.kind === "listed" ? group.components : [];
}

function withGroup({ groups }: Transaction, number: number, group: Group): Transaction {
  return { groups: groups.with(number, group) };
}

function replaced(whole: Transaction, number: number, index: number, by: ComponentForm) {
  const components = listed(whole.groups[number]).with(index, by);
  return withGroup(whole, number, { kind: "listed", components });
}

function flipped(bytes: Uint8Array, at: number, flip: number): Uint8Array {
  const index = at % bytes.length;
  return bytes.with(index, (bytes[index] as number) ^ flip);
}
