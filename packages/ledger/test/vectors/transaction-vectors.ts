import assert from "node:assert/strict";
import { encode, merkleRoot, type Schema, sign, taggedHash, toHex } from "@stateset/codec";
import {
  COMPONENT_SCHEMAS,
  componentLeaf,
  decodeSignedTransaction,
  decodeTransaction,
  encodeSignedTransaction,
  encodeTransaction,
  GROUP_LIMITS,
  GROUP_NAMES,
  groupOf,
  groupRoot,
  isTransactionSignatureValid,
  openGroup,
  openTransaction,
  signTransaction,
  signTransactionBatch,
  type TransactionId,
  type TransactionSignature,
  transactionId,
} from "@stateset/ledger";
import { countedHex, countedKey } from "./counted-bytes.ts";
import { jsonValue } from "./json-value.ts";
import { refusedBytes, refusedContents } from "./refused-transactions.ts";
import { NETWORK, sampleTransaction } from "./sample-transaction.ts";

const transaction = sampleTransaction();
const id = transactionId(transaction);
const keys = [countedKey("ed25519", "seller"), countedKey("p256", "buyer")] as const;

export function transactionVectors() {
  openTransaction(transaction);
  const encoded = encodeTransaction(transaction);
  assert.equal(transactionId(decodeTransaction(encoded)), id);
  return {
    network: NETWORK,
    groups: GROUP_NAMES.map(group),
    rootOfGroups: toHex(merkleRoot(transaction.groups.map(groupRoot))),
    id,
    encoded: toHex(encoded),
    signed: signed(),
    signatures: [...batches(), ...refusedSignatures()],
    refusedBytes: refusedBytes(),
    refusedContents: refusedContents(),
  };
}

function group(name: (typeof GROUP_NAMES)[number], number: number) {
  const of = groupOf(transaction, name);
  const values = openGroup(transaction, name);
  if (of.kind !== "listed") throw new Error(`${name} is closed`);
  const leaves: Uint8Array[] = [];
  const components = of.components.map((form, index) => {
    if (form.kind !== "open") throw new Error(`${name} ${index} is not open`);
    const leaf = componentLeaf(form);
    leaves.push(leaf);
    const bytes = encode(COMPONENT_SCHEMAS[name] as Schema, values[index] as never);
    return {
      value: jsonValue(values[index]),
      component: toHex(bytes),
      nonce: form.nonce,
      leaf: toHex(leaf),
    };
  });
  const limits = GROUP_LIMITS[name];
  const treeRoot = toHex(merkleRoot(leaves));
  return { number, name, limits, components, treeRoot, groupRoot: toHex(groupRoot(of, number)) };
}

function signed() {
  const signatures = keys.map((key) => signTransaction(key, NETWORK, id));
  const encoded = encodeSignedTransaction({ transaction, signatures });
  assert.deepEqual(decodeSignedTransaction(encoded).signatures, signatures);
  return { signatures, encoded: toHex(encoded) };
}

type Check = { name: string; id: TransactionId; signature: TransactionSignature; valid: boolean };

/** Each signature of batches of 1, 2 and 7 ids; this transaction's is the last id of all three. */
function batches(): Check[] {
  return [1, 2, 7].flatMap((size) => {
    const strangers = Array.from({ length: size - 1 }, (_, i) =>
      countedHex<TransactionId>("batched id", i),
    );
    const ids = [...strangers, id];
    const key = keys[size % 2] as (typeof keys)[number];
    return signTransactionBatch(key, NETWORK, ids).map((signature, i) =>
      checked(`${i + 1} of ${size}`, ids[i] as TransactionId, signature, true),
    );
  });
}

function refusedSignatures(): Check[] {
  const [, second] = batches().filter(({ name }) => name.endsWith("of 7")) as [Check, Check];
  const { batch, by } = second.signature;
  if (batch === undefined) throw new Error("not of a batch");
  const bare = { by, platformVersion: 1 };
  const withBatch = (change: Partial<typeof batch>) => ({
    ...second.signature,
    batch: { ...batch, ...change },
  });
  const root = taggedHash("batch", merkleRoot([Buffer.from(id, "hex")]));
  const crossed = sign(keys[0], {
    purpose: "transaction",
    networkId: NETWORK as never,
    metadata: { platformVersion: 1 },
    hash: root,
  });
  const single = signTransaction(keys[0], NETWORK, id);
  const place = { index: 0, size: 1, path: [] };
  return [
    checked("another id of the batch", id, second.signature, false),
    checked("another place in the batch", second.id, withBatch({ index: 2 }), false),
    checked("a smaller batch", second.id, withBatch({ size: 2 }), false),
    checked("a path too short", second.id, withBatch({ path: batch.path.slice(1) }), false),
    checked("a batch's signature without its batch", second.id, bare, false),
    checked("the platform version altered", id, { ...single, platformVersion: 2 }, false),
    checked("a batch of one around a single signature", id, { ...single, batch: place }, false),
    checked("a batch's root signed as an id", id, { ...single, by: crossed, batch: place }, false),
  ];
}

function checked(
  name: string,
  of: TransactionId,
  signature: TransactionSignature,
  valid: boolean,
): Check {
  assert.equal(isTransactionSignatureValid(signature, NETWORK, of), valid, name);
  return { name, id: of, signature, valid };
}
