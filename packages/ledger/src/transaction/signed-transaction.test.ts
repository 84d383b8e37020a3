import { keyTreeSchema, publicKeyOf, sign, thresholdOf } from "@stateset/codec";
import { expect, test } from "vitest";
import {
  alice,
  assemble,
  bob,
  id32,
  keyText,
  ledgerFault,
  moveDraft,
  network,
  signDraft,
} from "../../test/coin-network.ts";
import type { NetworkId, TransactionId } from "./ids.ts";
import {
  decodeSignedTransaction,
  encodeSignedTransaction,
  isTransactionSignatureValid,
  keysThatSigned,
  signTransaction,
  signTransactionBatch,
  type TransactionSignature,
} from "./signed-transaction.ts";
import { transactionId } from "./transaction.ts";

const id = transactionId(assemble(moveDraft().components));
const ids = Array.from({ length: 7 }, (_, i) => (i === 4 ? id : (id32(i) as TransactionId)));
const single = signTransaction(alice.key, network, id);
const batched = signTransactionBatch(alice.key, network, ids)[4] as TransactionSignature;
const batch = batched.batch as NonNullable<TransactionSignature["batch"]>;
const other = id32(0xee) as TransactionId;

test("a signed transaction is decoded to what was encoded", () => {
  const signed = signDraft(moveDraft());
  const both = { ...signed, signatures: [single, batched] };
  const encoded = encodeSignedTransaction(both);
  expect(decodeSignedTransaction(encoded)).toEqual(both);
  expect(encodeSignedTransaction(decodeSignedTransaction(encoded))).toEqual(encoded);
});

test.each([
  ["nothing", () => new Uint8Array(), "tx/malformed"],
  ["a transaction that is none", () => withTransaction(Uint8Array.of(0xa0)), "tx/malformed"],
  ["a byte behind the end", () => Uint8Array.of(...encoded(), 0), "tx/malformed"],
])("%s is refused", (_, bytes, code) => {
  expect(ledgerFault(() => decodeSignedTransaction(bytes()))?.code).toBe(code);
});

test("a signature on its own and one of a batch are valid for the id, and for no other", () => {
  for (const signature of [single, batched]) {
    expect(isTransactionSignatureValid(signature, network, id)).toBe(true);
    expect(isTransactionSignatureValid(signature, network, other)).toBe(false);
    expect(isTransactionSignatureValid(signature, id32(1) as NetworkId, id)).toBe(false);
  }
});

test("each of a batch has its own path", () => {
  for (const size of [1, 2, 3, 7]) {
    const some = ids.slice(0, size);
    for (const [i, signature] of signTransactionBatch(alice.key, network, some).entries())
      for (const [j, each] of some.entries())
        expect(isTransactionSignatureValid(signature, network, each)).toBe(i === j);
  }
});

/** Each row breaks one thing. */
test.each<[string, TransactionSignature]>([
  ["another platform version", { ...single, platformVersion: 2 }],
  [
    "another key's name on it",
    { ...single, by: { ...single.by, ...publicKeyOf(bob.key) } as never },
  ],
  ["a batch, where it signed the id itself", { ...single, batch: { index: 0, size: 1, path: [] } }],
  ["no batch, where it signed one", { by: batched.by, platformVersion: 1 }],
  ["another index", { ...batched, batch: { ...batch, index: 3 } }],
  ["an index outside", { ...batched, batch: { ...batch, index: 7 } }],
  ["a sibling less", { ...batched, batch: { ...batch, path: batch.path.slice(1) } }],
  ["a sibling more", { ...batched, batch: { ...batch, path: [...batch.path, id32(0)] } }],
  ["another sibling", { ...batched, batch: { ...batch, path: batch.path.with(0, id32(0)) } }],
  [
    "a bundle's purpose",
    {
      ...single,
      by: sign(alice.key, {
        purpose: "bundle",
        networkId: network as never,
        metadata: { platformVersion: 1 },
        hash: id as never,
      }),
    },
  ],
])("a signature with %s is not valid", (_, signature) => {
  expect(isTransactionSignatureValid(signature, network, id)).toBe(false);
});

test("the keys that signed are those of every signature, and none where one is invalid", () => {
  const { transaction } = signDraft(moveDraft());
  const byBob = signTransaction(bob.key, network, id);
  const signatures = [single, batched, byBob];
  const keys = keysThatSigned({ transaction, signatures }, network, id);
  expect([...keys].sort()).toEqual([alice.key, bob.key].map(keyText).sort());
  const bad = signTransaction(bob.key, network, other);
  const withBad = { transaction, signatures: [...signatures, bad] };
  const fault = { code: "tx/signature-invalid", index: 3 };
  expect(ledgerFault(() => keysThatSigned(withBad, network, id))).toEqual(fault);
});

test("a composite signature speaks for its signers only, whatever its tree names", () => {
  const tree = thresholdOf(keyTreeSchema, 1, [
    { weight: 1, node: publicKeyOf(alice.key) },
    { weight: 1, node: publicKeyOf(bob.key) },
  ]);
  const by = { kind: "composite", tree, signatures: [single.by] } as never;
  const { transaction } = signDraft(moveDraft());
  const signatures = [{ by, platformVersion: 1 }];
  const keys = keysThatSigned({ transaction, signatures }, network, id);
  expect([...keys]).toEqual([keyText(alice.key)]);
});

function encoded(): Uint8Array {
  return encodeSignedTransaction(signDraft(moveDraft()));
}

/** A signed transaction of no signatures over the bytes. */
function withTransaction(bytes: Uint8Array): Uint8Array {
  const text = new TextEncoder();
  const head = [
    0xa2,
    0x6a,
    ...text.encode("signatures"),
    0x80,
    0x6b,
    ...text.encode("transaction"),
  ];
  return Uint8Array.of(...head, 0x40 + bytes.length, ...bytes);
}
