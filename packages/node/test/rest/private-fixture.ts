import { randomBytes } from "node:crypto";
import { record, toHex } from "@stateset/codec";
import {
  type BundleHash,
  encodeSignedTransaction,
  type Leaf,
  type NotaryId,
  type PrivateComponent,
  sealPrivateComponents,
  type Transaction,
  TransactionBuilder,
  type TransactionId,
  transactionId,
  type WrappedKey,
  wrapContentKey,
} from "@stateset/ledger";
import { DevelopmentNetwork } from "../../src/development/development-network.ts";
import type { startRestFixture } from "./rest-fixture.ts";

type Fixture = Awaited<ReturnType<typeof startRestFixture>>;

export const random = (count: number) => new Uint8Array(randomBytes(count));
export const source: PrivateComponent = {
  kind: "invoice/source",
  mediaType: "application/xml",
  content: new TextEncoder().encode("<Invoice/>"),
};
export const contact: PrivateComponent = {
  kind: "invoice/contact",
  subject: "customer 4711",
  mediaType: "text/html\r\nx-injected: yes",
  content: new TextEncoder().encode("<script>alert(1)</script>"),
};

/** A transaction that says nothing but what is private. */
export function transactionWith(...components: PrivateComponent[]): Transaction {
  const { parameters } = new DevelopmentNetwork();
  const builder = new TransactionBuilder({
    parameters,
    notary: "a3".repeat(32) as NotaryId,
    random,
  });
  const contract = { name: "talk", states: {}, commands: { say: { data: record({}) } } };
  const bundle = "ab".repeat(32) as BundleHash;
  const signer = { kind: "identity" as const, identity: "b1".repeat(32) as never };
  builder.addCommand({ contract, bundle, constraint: { kind: "exact", bundle } }, "say", {}, [
    signer,
  ]);
  for (const component of components) builder.addPrivate(component);
  return builder.build();
}

/** Seals as a flow does, with the keys wrapped for a node. */
export function sealedFor(transaction: Transaction, publicKey: Uint8Array) {
  const keys: WrappedKey[] = [];
  const sealed = sealPrivateComponents(transaction, (leaf) => {
    const made = { keyId: `key ${keys.length}`, key: random(32) };
    const to = { publicKey, seed: random(32) };
    keys.push(wrapContentKey({ ...made, leaf: toHex(leaf) as Leaf }, to));
    return made;
  });
  return { transaction: sealed, keys };
}

/** Records it at a node, with the keys that came along. */
export async function recordAt(
  node: Fixture,
  transaction: Transaction,
  keys: readonly WrappedKey[] = [],
): Promise<TransactionId> {
  const id = transactionId(transaction);
  const signed = encodeSignedTransaction({ transaction, signatures: [] });
  await node.store.commit([
    { kind: "transaction", transaction: { id, signed, receipt: new Uint8Array(), notarisedAt: 0 } },
    ...keys.map((key) => ({ kind: "content-key" as const, contentKey: { txId: id, ...key } })),
  ]);
  return id;
}
