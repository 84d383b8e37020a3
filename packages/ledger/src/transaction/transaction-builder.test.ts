import { decode, publicKeyOf, toHex } from "@stateset/codec";
import { expect, test } from "vitest";
import {
  addState,
  alice,
  bob,
  coin,
  coinSchema,
  contextOf,
  deed,
  emptyDraft,
  governing,
  id32,
  ledgerFault,
  mint,
  network,
  notary,
  output,
  parameters,
  secretKey,
} from "../../test/coin-network.ts";
import { consentToKey } from "../party/holder-consent.ts";
import { openTransaction } from "../verify/transaction-contents.ts";
import { verifyTransaction } from "../verify/verify-transaction.ts";
import { componentLeaf, NONCE_BYTES, type OpenComponent } from "./component-form.ts";
import type { BundleHash, Leaf, StateRef } from "./ids.ts";
import { signTransaction } from "./signed-transaction.ts";
import { groupOf, openForms, transactionId } from "./transaction.ts";
import { TransactionBuilder } from "./transaction-builder.ts";

function builder(): TransactionBuilder {
  let counter = 0;
  const random = (count: number) => {
    expect(count).toBe(NONCE_BYTES);
    return new Uint8Array(count).fill(++counter);
  };
  return new TransactionBuilder({ parameters, notary, random });
}

const identity = ({ party }: typeof alice) => ({ kind: "identity" as const, identity: party.id });
const oneTime = consentToKey(
  network,
  { ...alice.holder, key: publicKeyOf(secretKey(0x66)) },
  alice.key,
);

test("what is built of all groups verifies", async () => {
  const draft = emptyDraft();
  const refs = [0x13, 0x11, 0x12].map((fill) =>
    addState(draft, fill, output("coin", coin(alice.holder, 10n))),
  );
  const on = builder();
  for (const ref of refs) on.addInput(ref, governing);
  on.addReference(addState(draft, 0x20, output("deed", deed())), governing);
  const first = on.addOutput(governing, "coin", coin(bob.holder, 12n));
  const second = on.addOutput(governing, "coin", coin(oneTime, 18n));
  on.encumber([second, first, second]);
  on.addCommand(governing, "move", { memo: "rent" }, [identity(alice)]);
  expect(on.timeWindow).toEqual({});
  on.setTimeWindow({ from: 1 }).setTimeWindow({ until: 9_000 });
  expect(on.timeWindow).toEqual({ until: 9_000 });
  on.addInstruction({ kind: "none", data: Uint8Array.of(1) });
  const note = { kind: "note", mediaType: "text/plain", content: Uint8Array.of(7) };
  const leaf = on.addPrivate(note);
  const transaction = on.build();
  const contents = openTransaction(transaction);
  expect(contents.inputs).toEqual(refs.toSorted((a, b) => (a.txId < b.txId ? -1 : 1)));
  expect(contents.headers.map((header) => header.encumbranceSet)).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(contents.timeWindow).toEqual({ until: 9_000 });
  expect(contents.attachments).toEqual([{ contract: "coin", bundle: governing.bundle }]);
  expect(decode(coinSchema, contents.outputs[1]?.data as Uint8Array)).toEqual(coin(oneTime, 18n));
  const [priv] = openForms(transaction, "private") as [OpenComponent];
  expect(leaf).toBe(toHex(componentLeaf(priv)) as Leaf);
  const id = transactionId(transaction);
  const signatures = [signTransaction(alice.key, network, id)];
  const verified = await verifyTransaction({ transaction, signatures }, contextOf(draft));
  expect(verified.id).toBe(id);
});

test("unique keys are put in order, and follow from what is claimed", async () => {
  const draft = emptyDraft();
  const labels = ["c", "a", "b"];
  const on = builder();
  for (const [i, label] of labels.entries())
    on.addOutput(governing, "deed", deed({ linearId: `0${i}`.repeat(16), label }));
  for (const label of labels)
    on.addUniqueKey({ kind: "coin/label", owner: mint.party.id, fields: [label] });
  on.addCommand(governing, "issue", {}, [identity(mint)]);
  const transaction = on.build();
  const signatures = [signTransaction(mint.key, network, transactionId(transaction))];
  const { contents } = await verifyTransaction({ transaction, signatures }, contextOf(draft));
  expect(contents.uniqueKeys).toHaveLength(3);
});

test("every component has a nonce of its own", () => {
  const on = builder().addCommand(governing, "issue", {}, [identity(mint)]);
  on.addOutput(governing, "coin", coin(bob.holder, 1n));
  on.addOutput(governing, "coin", coin(bob.holder, 1n));
  const nonces = on
    .build()
    .groups.flatMap((group) => (group.kind === "listed" ? group.components : []))
    .map((form) => (form as OpenComponent).nonce);
  expect(nonces.length).toBe(8);
  expect(new Set(nonces).size).toBe(nonces.length);
});

test("a contract is attached once, and never with two bundles", () => {
  const on = builder();
  const ref = { txId: id32(1), index: 0 } as StateRef;
  on.addInput(ref, governing).addInput({ ...ref, index: 1 }, governing);
  const other = { ...governing, bundle: id32(2) as BundleHash };
  const fault = { code: "tx/attachment-duplicate", contract: "coin" };
  expect(ledgerFault(() => on.addInput({ ...ref, index: 2 }, other))).toEqual(fault);
  expect(groupOf(on.build(), "attachments")).toMatchObject({ components: [{ kind: "open" }] });
});

test("an output that is not there cannot be encumbered, nor a malformed state added", () => {
  const fault = { code: "tx/header-encumbrance", output: 0, reason: "no such output" };
  expect(ledgerFault(() => builder().encumber([0, 1]))).toEqual(fault);
  const malformed = { ...coin(bob.holder, 1n), amount: { minorUnits: -1n, currency: "CHF" } };
  expect(() => builder().addOutput(governing, "coin", malformed)).toThrow(/codec\/out-of-range/);
});
