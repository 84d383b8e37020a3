import {
  compareBytes,
  encode,
  type KeyTree,
  keyTreeSchema,
  publicKeyOf,
  record,
  type Schema,
  text,
  thresholdOf,
} from "@stateset/codec";
import {
  type Authority,
  amountSchema,
  authoritySchema,
  COMPONENT_SCHEMAS,
  type Components,
  GROUP_NAMES,
  type GroupName,
  holderAuthority,
  identityCommitment,
  type NetworkId,
  type NotaryId,
  type Transaction,
} from "@stateset/ledger";
import { SORTED_GROUPS } from "../../src/transaction/groups.ts";
import { countedBytes, countedHex, countedKey } from "./counted-bytes.ts";

/** All components of a transaction, decoded and in the order of their groups. */
export type ComponentValues = { [G in GroupName]: Components[G][] };

export const NETWORK: NetworkId = countedHex("network", 0);
export const NOTARY: NotaryId = countedHex("notary", 0);

const seller = countedKey("ed25519", "seller");
const buyer = countedKey("p256", "buyer");
const stateSchema = record({ number: text({ max: 20 }), amount: amountSchema });

function state(number: string, minorUnits: bigint): Uint8Array {
  return encode(stateSchema, { number, amount: { minorUnits, currency: "EUR" } });
}

function boardKey(): KeyTree {
  const nodes: KeyTree[] = [publicKeyOf(seller), publicKeyOf(buyer)];
  const children = nodes.map((node) => ({ weight: 1, node }));
  return thresholdOf<KeyTree>(keyTreeSchema, 2, children);
}

function escrowAuthority(): Authority {
  const commitment = identityCommitment(countedHex("identity", 1), countedHex("blinding", 1));
  return thresholdOf<Authority>(authoritySchema, 2, [
    { weight: 1, node: { kind: "key", key: publicKeyOf(seller) } },
    { weight: 1, node: { kind: "identity", commitment } },
    {
      weight: 2,
      node: { kind: "after", delayMs: 86_400_000, authority: { kind: "identity", commitment } },
    },
  ]);
}

/** Every kind of everything: each group has a component, most of them two that differ. */
export function sampleValues(): ComponentValues {
  const identity = countedHex<Components["uniqueKeys"]["owner"]>("identity", 0);
  const blinding = countedHex("blinding", 0);
  return {
    meta: [{ version: 0, hash: "sha-256", network: NETWORK, notary: NOTARY }],
    inputs: [
      { txId: countedHex("earlier transaction", 0), index: 0 },
      { txId: countedHex("earlier transaction", 1), index: 300 },
    ],
    references: [{ txId: countedHex("earlier transaction", 2), index: 1 }],
    outputs: [
      {
        contract: "invoice",
        type: "invoice",
        constraint: { kind: "exact", bundle: countedHex("bundle", 0) },
        data: state("RE-2026-0001", 125_000n),
      },
      {
        contract: "cash",
        type: "balance",
        constraint: { kind: "signed", key: boardKey(), version: 7 },
        data: state("Zürich", 9_007_199_254_740_993n),
      },
      { contract: "cash", type: "balance", constraint: { kind: "approved" }, data: state("", 0n) },
    ],
    headers: [
      {
        notary: NOTARY,
        authority: holderAuthority({ identity, blinding, key: publicKeyOf(buyer) }),
        encumbranceSet: [],
      },
      { notary: NOTARY, authority: escrowAuthority(), encumbranceSet: [1, 2] },
      {
        notary: NOTARY,
        authority: holderAuthority({ identity, blinding }),
        encumbranceSet: [1, 2],
      },
    ],
    commands: [
      {
        contract: "invoice",
        name: "issue",
        data: encode(record({}), {}),
        signers: [
          { kind: "identity", identity },
          { kind: "key", key: publicKeyOf(seller) },
        ],
      },
      {
        contract: "cash",
        name: "move",
        data: encode(text({ max: 9 }), "東京"),
        signers: [{ kind: "key", key: publicKeyOf(buyer) }],
      },
    ],
    attachments: [
      { contract: "invoice", bundle: countedHex("bundle", 0) },
      { contract: "cash", bundle: countedHex("bundle", 1) },
    ],
    timeWindow: [{ from: 1_767_225_600_000, until: 1_767_229_200_000 }],
    parameters: [{ hash: countedHex("parameters", 0) }],
    uniqueKeys: [
      { kind: "invoice/number", owner: identity, value: countedHex("unique key", 0) },
      { kind: "invoice/fingerprint", owner: identity, value: countedHex("unique key", 1) },
    ],
    instructions: [{ kind: "ibc/packet", data: countedBytes("packet", 0) }],
    private: [
      {
        kind: "document",
        mediaType: "application/xml",
        content: new TextEncoder().encode("<Invoice/>"),
      },
      {
        kind: "contact",
        subject: "customer 4711",
        mediaType: "text/plain;charset=utf-8",
        content: new TextEncoder().encode("Ada Lovelace"),
      },
    ],
  };
}

/** Counts the nonces up, and puts the groups that are sets in order. */
export function transactionOf(values: ComponentValues): Transaction {
  let counter = 0;
  const groups = GROUP_NAMES.map((name) => {
    const components = values[name].map((value) => ({
      kind: "open" as const,
      nonce: countedHex("nonce", counter++),
      component: encode(COMPONENT_SCHEMAS[name] as Schema, value as never),
    }));
    if (SORTED_GROUPS.includes(name))
      components.sort((a, b) => compareBytes(a.component, b.component));
    return { kind: "listed" as const, components };
  });
  return { groups };
}

export function sampleTransaction(): Transaction {
  return transactionOf(sampleValues());
}
