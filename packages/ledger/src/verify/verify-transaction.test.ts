import { publicKeyOf, type Signature } from "@stateset/codec";
import { expect, test } from "vitest";
import {
  addState,
  alice,
  assemble,
  coin,
  contextOf,
  type Draft,
  deed,
  faultOf,
  id32,
  moveDraft,
  network,
  output,
  signDraft,
} from "../../test/coin-network.ts";
import type { LedgerFault } from "../ledger-error.ts";
import { hashParameters } from "../parameters.ts";
import { GROUP_NAMES } from "../transaction/groups.ts";
import type { NetworkId, NotaryId, ParametersHash, TransactionId } from "../transaction/ids.ts";
import { signTransaction } from "../transaction/signed-transaction.ts";
import { closeGroup, tearOff, transactionId } from "../transaction/transaction.ts";
import { verifyTransaction } from "./verify-transaction.ts";

test("the fixture is valid", async () => {
  const draft = moveDraft();
  const verified = await verifyTransaction(signDraft(draft), contextOf(draft));
  expect(verified.id).toBe(transactionId(assemble(draft.components)));
  expect(verified.inputs.map(({ state }) => state)).toEqual([coin(alice.holder, 100n)]);
  expect(verified.references.map(({ state }) => state)).toEqual([deed()]);
  expect(verified.outputs).toHaveLength(2);
  expect(verified.gas).toBe(7n);
});

test("it stays valid without its private components, and with them in any form", async () => {
  const draft = moveDraft();
  const signed = signDraft(draft);
  const { transaction } = signed;
  const rest = GROUP_NAMES.filter((name) => name !== "private");
  const hidden = tearOff(transaction, { groups: GROUP_NAMES, hide: (name) => name === "private" });
  for (const torn of [tearOff(transaction, { groups: rest }), hidden])
    await verifyTransaction({ ...signed, transaction: torn }, contextOf(draft));
});

test.each(GROUP_NAMES.filter((name) => name !== "private"))(
  "it cannot be judged while %s is closed, or one component of it hashed",
  async (name) => {
    const draft = moveDraft();
    const signed = signDraft(draft);
    const number = GROUP_NAMES.indexOf(name);
    const groups = signed.transaction.groups.with(
      number,
      closeGroup(signed.transaction.groups[number] as never),
    );
    const closed = { ...signed, transaction: { groups } };
    expect(await faultOf(draft, closed)).toEqual({ code: "tx/not-open", group: name });
    if (draft.components[name].length === 0) return;
    const torn = tearOff(signed.transaction, {
      groups: GROUP_NAMES,
      hide: (group, index) => group === name && index === 0,
    });
    const expected = { code: "tx/not-open", group: name, index: 0 };
    expect(await faultOf(draft, { ...signed, transaction: torn })).toEqual(expected);
  },
);

const other = id32(0xee);
const ref = (fill: number, index = 0) => `${id32(fill)}:${index}`;

/** Each row breaks one thing. */
test.each<[string, (draft: Draft) => void, Partial<LedgerFault>]>([
  [
    "another network",
    ({ components }) => {
      components.meta = components.meta.map((meta) => ({ ...meta, network: other as NetworkId }));
    },
    { code: "tx/wrong-network", expected: network, found: other },
  ],
  [
    "unknown parameters",
    ({ components }) => {
      components.parameters = [{ hash: other as ParametersHash }];
    },
    { code: "tx/wrong-parameters", found: other },
  ],
  [
    "parameters that differ in one value",
    (draft) => {
      const changed = { ...draft.parameters, epoch: 1 };
      draft.components.parameters = [{ hash: hashParameters(changed) }];
    },
    { code: "tx/wrong-parameters" },
  ],
  [
    "an unknown input",
    ({ states }) => void states.delete(ref(0x10)),
    { code: "tx/state-unresolved", ref: ref(0x10) },
  ],
  [
    "an unknown reference",
    ({ states }) => void states.delete(ref(0x11)),
    { code: "tx/state-unresolved", ref: ref(0x11) },
  ],
  [
    "an input under another notary",
    (draft) => withNotary(draft, ref(0x10)),
    { code: "tx/wrong-notary", ref: ref(0x10), found: other },
  ],
  [
    "a reference under another notary",
    (draft) => withNotary(draft, ref(0x11)),
    { code: "tx/wrong-notary", ref: ref(0x11), found: other },
  ],
  [
    "an input without the others of its encumbrance set",
    (draft) => encumber(draft, [0, 1]),
    { code: "tx/encumbrance-broken", ref: ref(0x10), missing: ref(0x10, 1) },
  ],
  [
    "the one input under an encumbrance that another names",
    (draft) => {
      const state = output("coin", coin(alice.holder, 1n));
      draft.components.inputs = [
        draft.components.inputs[0] as never,
        addState(draft, 0x10, state, 2),
      ];
      encumber(draft, [0, 1, 2]);
    },
    { code: "tx/encumbrance-broken", missing: ref(0x10, 1) },
  ],
  [
    "an invalid signature",
    (draft) => {
      draft.changeSigned = (signed) => ({
        ...signed,
        signatures: [signTransaction(alice.key, network, other as TransactionId)],
      });
    },
    { code: "tx/signature-invalid", index: 0 },
  ],
  [
    "an invalid signature besides those that suffice",
    (draft) => {
      draft.changeSigned = (signed) => ({
        ...signed,
        signatures: [
          ...signed.signatures,
          signTransaction(alice.key, other as NetworkId, transactionId(signed.transaction)),
        ],
      });
    },
    { code: "tx/signature-invalid", index: 1 },
  ],
  [
    "more signatures than anything needs",
    (draft) => {
      draft.changeSigned = ({ transaction }) => {
        const signed = signTransaction(alice.key, network, transactionId(transaction));
        const tree = publicKeyOf(alice.key);
        const { by } = signed as { by: Extract<Signature, { kind: "ed25519" }> };
        const flood = { kind: "composite" as const, tree, signatures: Array(32).fill(by) };
        return { transaction, signatures: Array(9).fill({ ...signed, by: flood }) };
      };
    },
    { code: "tx/too-many-signatures", found: 288, max: 256 },
  ],
])("%s", async (_, breakIt, expected) => {
  const draft = moveDraft();
  breakIt(draft);
  expect(await faultOf(draft)).toMatchObject(expected);
});

/** The fixture's window is [2000, 9000). */
test.each([
  [1_999, false],
  [2_000, true],
  [8_999, true],
  [9_000, false],
])("in a block at %i it is valid: %s", async (blockTime, isValid) => {
  const draft = { ...moveDraft(), blockTime };
  const fault = { code: "tx/outside-time-window", blockTime, from: 2_000, until: 9_000 };
  expect(await faultOf(draft)).toEqual(isValid ? undefined : fault);
});

test("parameters that are handed out under another's hash are refused", async () => {
  const draft = moveDraft();
  const context = contextOf(draft);
  const forged = { ...draft.parameters, epoch: 9 };
  const verified = verifyTransaction(signDraft(draft), { ...context, parameters: () => forged });
  await expect(verified).rejects.toThrow("tx/wrong-parameters");
});

test("an encumbrance set that is spent whole is allowed", async () => {
  const draft = moveDraft();
  const second = output("coin", coin(alice.holder, 5n));
  draft.components.inputs = [draft.components.inputs[0] as never, addState(draft, 0x10, second, 1)];
  encumber(draft, [0, 1]);
  const [first] = draft.components.outputs;
  expect(first).toBeDefined();
  draft.components.outputs[0] = output("coin", coin(alice.holder, 65n)).output;
  draft.components.headers[0] = output("coin", coin(alice.holder, 65n)).header;
  await verifyTransaction(signDraft(draft), contextOf(draft));
});

function withNotary(draft: Draft, at: string): void {
  const state = draft.states.get(at);
  if (state !== undefined)
    draft.states.set(at, { ...state, header: { ...state.header, notary: other as NotaryId } });
}

/** Puts the inputs that stand into one encumbrance set. */
function encumber(draft: Draft, encumbranceSet: number[]): void {
  for (const [at, state] of draft.states)
    if (at.startsWith(id32(0x10)))
      draft.states.set(at, { ...state, header: { ...state.header, encumbranceSet } });
}
