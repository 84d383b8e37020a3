import { VmContractRunner } from "@stateset/contract-vm";
import { buildIssueTransaction, readUbl, type UblInvoice } from "@stateset/invoice";
import {
  encodeSignedTransaction,
  signTransaction,
  transactionId,
  verifyDossier,
} from "@stateset/ledger";
import { DevelopmentNetwork, developmentContract } from "../development/development-network.ts";
import { RequestError } from "../request-error.ts";
import { type RegisteredNames, registeredNames } from "./registered-names.ts";

/** As `invoice/issue` takes them; the reader of UBL reads larger ones. */
const DOCUMENT_BYTES_MAX = 1 << 20;

/** An invoice that the demo can finance. */
export type DemoInvoice = { xml: Uint8Array; ubl: UblInvoice; names: RegisteredNames };

/**
 * Reads a document, and has the contract judge it as when it is issued: what breaks a rule is refused
 * here, before a network is started for it.
 * @throws UblError, LedgerError with the rule, RequestError `invoice/wrong-document`,
 * `demo/document-too-large`
 */
export async function readDemoInvoice(xml: Uint8Array): Promise<DemoInvoice> {
  const ubl = readUbl(xml);
  if (ubl.kind !== "invoice")
    throw new RequestError(
      "invoice/wrong-document",
      "The demo finances invoices, and this is a credit note: name an invoice",
      { field: "document", found: ubl.kind, expected: "invoice" },
    );
  if (xml.length > DOCUMENT_BYTES_MAX)
    throw new RequestError(
      "demo/document-too-large",
      `The document has ${xml.length} bytes, and may have ${DOCUMENT_BYTES_MAX}: send attachments beside it`,
      { bytes: xml.length, bytesMax: DOCUMENT_BYTES_MAX },
    );
  const invoice = { xml, ubl, names: registeredNames(ubl) };
  await verifyIssue(invoice);
  return invoice;
}

/** Issues it between development parties, where nobody records it. */
async function verifyIssue({ xml, ubl, names }: DemoInvoice): Promise<void> {
  const network = new DevelopmentNetwork();
  const seller = network.party(names.seller, names.leis.seller);
  const buyer = network.party(names.buyer, names.leis.buyer);
  const bank = network.party({ organisation: "Development Bank", country: "CH" });
  const { file, governing } = await developmentContract("invoice");
  const transaction = buildIssueTransaction({
    ubl,
    xml: new Uint8Array(xml),
    seller: seller.party,
    buyer: buyer.party,
    owner: network.holder(seller).holder,
    cashIssuers: [bank.party.id],
    governing,
    network,
  });
  const id = transactionId(transaction);
  const signature = signTransaction(seller.key, network.parameters.network, id);
  await verifyDossier(
    {
      transaction: encodeSignedTransaction({ transaction, signatures: [signature] }),
      history: [],
      bundles: [file],
      parameters: [network.parameters],
      registrations: network.registrations,
      receipts: [],
    },
    { contracts: new VmContractRunner() },
  );
}
