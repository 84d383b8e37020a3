import { VmContractRunner } from "@stateset/contract-vm";
import { buildIssueTransaction, readUbl, type UblInvoice } from "@stateset/invoice";
import {
  type Dossier,
  encodeSignedTransaction,
  signTransaction,
  type TransactionId,
  transactionId,
  verifyDossier,
} from "@stateset/ledger";
import { DevelopmentNetwork, developmentContract } from "./development-network.ts";

/**
 * The signed issue transaction of a UBL document, between development parties of the names in it,
 * with all that it takes to check it.
 * @throws UblError where the document cannot be read, LedgerError where it breaks a rule
 */
export async function issueDossier(
  xml: Uint8Array,
  ordinal: number,
): Promise<{ dossier: Dossier; id: TransactionId; ubl: UblInvoice; signedBy: string[] }> {
  const ubl = readUbl(xml);
  const network = new DevelopmentNetwork();
  const seller = network.partyOfUbl(ubl.seller);
  const buyer = network.partyOfUbl(ubl.buyer);
  const bank = network.party({ organisation: "Development Bank", country: "CH" });
  const { file, governing } = await developmentContract("invoice");
  const { holder } = network.holder(ubl.kind === "invoice" ? seller : buyer);
  const transaction = buildIssueTransaction({
    ubl,
    xml: new Uint8Array(xml),
    seller: seller.party,
    buyer: buyer.party,
    owner: holder,
    ordinal,
    cashIssuers: [bank.party.id],
    governing,
    network,
  });
  const id = transactionId(transaction);
  const signers = ordinal > 0 ? [seller, buyer] : [seller];
  const signatures = signers.map(({ key }) => signTransaction(key, network.parameters.network, id));
  const dossier: Dossier = {
    transaction: encodeSignedTransaction({ transaction, signatures }),
    history: [],
    bundles: [file],
    parameters: [network.parameters],
    registrations: network.registrations,
    receipts: [],
  };
  await verifyDossier(dossier, { contracts: new VmContractRunner() });
  return { dossier, id, ubl, signedBy: signers.map(({ party }) => party.name) };
}
