import {
  bytes,
  fromHex,
  HASH_BYTES,
  hex,
  type Infer,
  list,
  merklePath,
  record,
  rootFromPath,
  taggedHash,
  toHex,
  uint,
} from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import { componentLeaf, leafOf, NONCE_BYTES } from "./component-form.ts";
import type { Components } from "./components.ts";
import { GROUP_COUNT, GROUP_LIMITS, GROUP_NAMES, type GroupName } from "./groups.ts";
import type { TransactionId } from "./ids.ts";
import {
  decodeComponent,
  groupOf,
  groupRoot,
  groupRoots,
  type Transaction,
} from "./transaction.ts";

const PATH_MAX = 16;
const siblings = list(hex({ length: HASH_BYTES }), { max: PATH_MAX });

/**
 * One component with its paths to the transaction id: what a spender shows a notary of the header
 * of the state it spends, and all that the notary learns of the creating transaction.
 */
export const componentProofSchema = record({
  group: uint({ max: GROUP_COUNT - 1 }),
  index: uint({ max: 0xffff }),
  count: uint({ min: 1, max: 0x1_0000 }),
  nonce: hex({ length: NONCE_BYTES }),
  component: bytes({ min: 1, max: GROUP_LIMITS.outputs.bytesMax }),
  path: siblings,
  groupPath: siblings,
});
export type ComponentProof = Infer<typeof componentProofSchema>;

/** @throws LedgerError `tx/not-open` where the component is not open, or its siblings not listed */
export function proveComponent(
  transaction: Transaction,
  name: GroupName,
  index: number,
): ComponentProof {
  const group = groupOf(transaction, name);
  const form = group.kind === "listed" ? group.components[index] : undefined;
  if (group.kind !== "listed" || form?.kind !== "open")
    throw new LedgerError({ code: "tx/not-open", group: name, index });
  const number = GROUP_NAMES.indexOf(name);
  return {
    group: number,
    index,
    count: group.components.length,
    nonce: form.nonce,
    component: form.component,
    path: merklePath(group.components.map(leafOf), index).map(toHex),
    groupPath: merklePath(groupRoots(transaction), number).map(toHex),
  };
}

/**
 * The component that the proof shows to be part of the transaction, or undefined.
 * @throws LedgerError `tx/component-malformed` where it is part of it, and not canonical
 */
export function verifyComponentProof<G extends GroupName>(
  proof: ComponentProof,
  expected: { transaction: TransactionId; group: G; index: number },
): Components[G] | undefined {
  const number = GROUP_NAMES.indexOf(expected.group);
  if (proof.group !== number || proof.index !== expected.index) return undefined;
  const form = { kind: "open", nonce: proof.nonce, component: proof.component } as const;
  const place = { index: proof.index, size: proof.count };
  const treeRoot = rootFromPath(componentLeaf(form), place, proof.path.map(fromHex));
  if (treeRoot === undefined) return undefined;
  const closed = { kind: "closed", count: proof.count, root: toHex(treeRoot) } as const;
  const top = rootFromPath(
    groupRoot(closed, number),
    { index: number, size: GROUP_COUNT },
    proof.groupPath.map(fromHex),
  );
  if (top === undefined || (taggedHash("transaction", top) as string) !== expected.transaction)
    return undefined;
  return decodeComponent(expected.group, expected.index, form);
}
