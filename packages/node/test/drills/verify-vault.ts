import { decode } from "@stateset/codec";
import { VmContractRunner } from "@stateset/contract-vm";
import {
  bundleFileSchema,
  type Dossier,
  decodeSignedTransaction,
  openGroup,
  receiptSchema,
  type StateRef,
  type TransactionId,
  verifyDossier,
} from "@stateset/ledger";
import type { Company, DrillNetwork } from "./drill-network.ts";

type Row = { id: string; signed: Buffer; receipt: Buffer };

/**
 * Verifies every transaction that a company's database holds as a stranger would who is given all
 * of them: signatures, contracts, receipts, and that each builds on those before it.
 * @returns how many there are, and how many stand one upon another at most
 */
export async function verifyVault(drill: DrillNetwork, name: Company) {
  const rows = await drill.query<Row>(
    name,
    "select encode(id, 'hex') as id, signed, receipt from ledger.transactions",
  );
  const held = rows
    .map(({ id, signed, receipt }) => ({
      id: id as TransactionId,
      signed: new Uint8Array(signed),
      receipt: decode(receiptSchema, new Uint8Array(receipt)),
    }))
    .sort((a, b) => placeOf(a.receipt) - placeOf(b.receipt));
  const bundles = await drill.query<{ content: Buffer }>(
    name,
    "select content from ledger.attachments where kind = 'bundle'",
  );
  const last = held.at(-1);
  if (last === undefined) throw new Error("nothing to verify");
  const map = drill.networkMap();
  const dossier: Dossier = {
    transaction: last.signed,
    history: held.slice(0, -1).map(({ signed }) => signed),
    bundles: bundles.map(({ content }) => decode(bundleFileSchema, new Uint8Array(content))),
    parameters: map.parameters,
    registrations: map.parties.map(({ registration }) => registration),
    receipts: held.map(({ id, receipt }) => ({ id, receipt })),
  };
  const memberSets = map.notaries.map(({ genesis }) => genesis);
  const [network] = map.parameters.map((each) => each.network);
  if (network === undefined) throw new Error("no parameters");
  const trust = { network, memberSets };
  const { notarised } = await verifyDossier(dossier, { contracts: new VmContractRunner(), trust });
  const missing = held.filter(({ id }) => !notarised.has(id));
  if (missing.length > 0) throw new Error(`${missing.length} transactions are not notarised`);
  return { verified: notarised.size, depth: depthOf(held) };
}

/** By block, and within it by the order that its receipts tell. */
function placeOf({ block, inBlock }: Dossier["receipts"][number]["receipt"]): number {
  return block.height * 1e6 + inBlock.index;
}

function depthOf(held: readonly { id: TransactionId; signed: Uint8Array }[]): number {
  const depths = new Map<TransactionId, number>();
  for (const { id, signed } of held) {
    const inputs: StateRef[] = openGroup(decodeSignedTransaction(signed).transaction, "inputs");
    const below = inputs.map(({ txId }) => depths.get(txId) ?? 0);
    depths.set(id, 1 + Math.max(0, ...below));
  }
  return Math.max(...depths.values());
}
