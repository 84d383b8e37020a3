import { encode, fromHex, hpke, toHex } from "@stateset/codec";
import {
  COMPONENT_SCHEMAS,
  type ComponentForm,
  GROUP_NAMES,
  type IdentityId,
  type Leaf,
  leafOf,
  type PrivateComponent,
  privateForms,
  type Transaction,
  tearOff,
  transactionId,
  type WrappedKey,
  wrapContentKey,
} from "@stateset/ledger";
import { expect, test } from "vitest";
import { FlowFailure, type Recipient } from "../flow-context.ts";
import type { Write } from "../ports/store.ts";
import { openPrivate, type Sealing, sealPrivate } from "./private-components.ts";

const letter: PrivateComponent = {
  kind: "letter",
  mediaType: "text/plain",
  content: new TextEncoder().encode("for the two of us"),
};
const contact: PrivateComponent = { ...letter, kind: "contact", subject: "s-1" };
const alice = nodeOf(1);
const bob = nodeOf(2);
const carol = nodeOf(3);
const toBob = {
  publicKey: fromHex(bob.recipient.encryptionKey),
  seed: new Uint8Array(32),
};
const written = transactionWith(letter, contact);

/** What is read of it: each component, with the leaf that a state may refer to it by. */
const opened = [letter, contact].map((component, at) => ({ ...component, leaf: leafAt(at) }));

/** What a flow of a node brings; the same seed gives the same bytes again. */
function nodeOf(number: number) {
  const keys = hpke.deriveKeys(new Uint8Array(32).fill(number));
  const party = number.toString(16).padStart(64, "0") as IdentityId;
  const recipient: Recipient = { party, encryptionKey: toHex(keys.publicKey) };
  const flow = (seed: number): { on: Sealing; kept: WrappedKey[] } => {
    let count = 0;
    const kept: WrappedKey[] = [];
    const random = (bytes: number) => new Uint8Array(bytes).fill(seed + count++);
    const write = (writes: readonly Write[]) => {
      for (const each of writes) {
        if (each.kind !== "content-key") throw new Error(each.kind);
        const { txId, ...key } = each.contentKey;
        expect(txId).toBe(transactionId(written));
        kept.push(key);
      }
    };
    return { on: { keys, random, uuid: () => `key ${count++}`, write }, kept };
  };
  return { recipient, flow };
}

/** One that says nothing but what is private. */
function transactionWith(...components: PrivateComponent[]): Transaction {
  const open = components.map((component, at) => ({
    kind: "open" as const,
    nonce: at.toString(16).padStart(64, "0"),
    component: encode(COMPONENT_SCHEMAS.private, component),
  }));
  return {
    groups: GROUP_NAMES.map((name) => ({
      kind: "listed" as const,
      components: name === "private" ? open : [],
    })),
  };
}

test("each recipient reads what was sealed, and so does who sealed it", () => {
  const { on, kept } = alice.flow(1);
  const { transaction, wrapped } = sealPrivate(written, [bob.recipient, carol.recipient], on);
  expect(transactionId(transaction)).toBe(transactionId(written));
  expect(privateForms(transaction).map(({ kind }) => kind)).toEqual(["sealed", "sealed"]);
  expect(wrapped.map(({ length }) => length)).toEqual([2, 2]);
  for (const [node, keys] of [
    [alice, kept],
    [bob, wrapped[0]],
    [carol, wrapped[1]],
  ] as const) {
    const flow = node.flow(50);
    expect(openPrivate(transaction, keys ?? [], flow.on)).toEqual(opened);
    expect(flow.kept).toEqual(keys);
  }
});

test("the same flow run again gives the same bytes, and another flow's are its own", () => {
  const sealed = (seed: number) => {
    const { on, kept } = alice.flow(seed);
    return { ...sealPrivate(written, [bob.recipient], on), kept };
  };
  const first = sealed(1);
  expect(sealed(1)).toEqual(first);
  const shown = JSON.stringify(first.wrapped);
  expect(JSON.stringify(sealed(7).wrapped)).not.toBe(shown);
});

test("each component has a key of its own, so that one is erased without the other", () => {
  const { on } = alice.flow(1);
  const { transaction, wrapped } = sealPrivate(written, [bob.recipient], on);
  const [, second] = wrapped[0] ?? [];
  const flow = bob.flow(50);
  expect(openPrivate(transaction, second ? [second] : [], flow.on)).toEqual(opened.slice(1));
  expect(flow.kept).toEqual([second]);
  const [, keyOfSecond] = privateForms(transaction);
  expect(keyOfSecond).toMatchObject({ keyId: second?.keyId });
});

test("keys of nothing in the transaction are not kept, nor is what is hashed read", () => {
  const { on } = alice.flow(1);
  const { transaction, wrapped } = sealPrivate(written, [bob.recipient], on);
  const hidden = tearOff(transaction, { groups: ["private"], hide: (_, index) => index === 0 });
  const [first, second] = wrapped[0] ?? [];
  const others = Array.from({ length: 60 }, (_, i) => ({
    keyId: `other ${i}`,
    wrapped: new Uint8Array(80),
  }));
  const flow = bob.flow(50);
  const came = [...others, ...(first && second ? [first, second] : [])];
  expect(openPrivate(hidden, came, flow.on)).toEqual(opened.slice(1));
  expect(flow.kept).toEqual([second]);
});

test("for nobody else, it is sealed for the node itself", () => {
  const { on, kept } = alice.flow(1);
  const { transaction, wrapped } = sealPrivate(written, [], on);
  expect(wrapped).toEqual([]);
  expect(openPrivate(transaction, kept, alice.flow(50).on)).toEqual(opened);
});

test("a transaction without open private components stays as it is", () => {
  const { on, kept } = alice.flow(1);
  const closed = tearOff(written, { groups: ["meta"] });
  for (const transaction of [transactionWith(), closed]) {
    const sealed = sealPrivate(transaction, [bob.recipient], on);
    expect(sealed).toEqual({ transaction, wrapped: [[]] });
    expect(openPrivate(transaction, [], on)).toEqual([]);
  }
  expect(kept).toEqual([]);
});

test.each([
  ["of small order", "00".repeat(32)],
  ["too short", "0a".repeat(31)],
  ["too long", "0a".repeat(33)],
  ["no hexadecimal", "zz".repeat(32)],
  ["empty", ""],
])("an encryption key that is %s fails with its party, and nothing is kept", (_, encryptionKey) => {
  const { on, kept } = alice.flow(1);
  const { party } = carol.recipient;
  const to = [bob.recipient, { party, encryptionKey }];
  const failure = failureOf(() => sealPrivate(written, to, on));
  expect(failure).toMatchObject({ code: "flow/bad-encryption-key", facts: { party } });
  expect(kept).toEqual([]);
});

/** Each row breaks one thing; what cannot be opened is a failure that the counterparty hears. */
test.each<[string, (first: WrappedKey, second: WrappedKey) => WrappedKey[], string]>([
  ["another's keys", () => sealedBy(1, carol.recipient).keys, "tx/cannot-unwrap"],
  [
    "keys in each other's places",
    (first, second) => [
      { ...first, wrapped: second.wrapped },
      { ...second, wrapped: first.wrapped },
    ],
    "tx/cannot-unwrap",
  ],
  [
    "an altered key",
    (first, second) => [{ ...first, wrapped: first.wrapped.with(50, 0) }, second],
    "tx/cannot-unwrap",
  ],
  [
    "a key that the component was not sealed with",
    (first) => [wrapContentKey({ ...nameOf(first), key: new Uint8Array(32) }, toBob)],
    "tx/cannot-open",
  ],
])("%s cannot be opened with", (_, change, code) => {
  const { transaction, keys } = sealedBy(1, bob.recipient);
  const [first, second] = keys as [WrappedKey, WrappedKey];
  const flow = bob.flow(50);
  const failure = failureOf(() => openPrivate(transaction, change(first, second), flow.on));
  expect(failure).toBeInstanceOf(FlowFailure);
  expect(failure).toMatchObject({ code, facts: { index: 0, keyId: first.keyId } });
  expect(flow.kept).toEqual([]);
});

function sealedBy(seed: number, to: Recipient): { transaction: Transaction; keys: WrappedKey[] } {
  const { transaction, wrapped } = sealPrivate(written, [to], alice.flow(seed).on);
  return { transaction, keys: wrapped[0] ?? [] };
}

/** The key's id, and the leaf of the component that it is named by. */
function nameOf({ keyId }: WrappedKey): { keyId: string; leaf: Leaf } {
  return { keyId, leaf: leafAt(0) };
}

function leafAt(index: number): Leaf {
  return toHex(leafOf(privateForms(written)[index] as ComponentForm)) as Leaf;
}

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
