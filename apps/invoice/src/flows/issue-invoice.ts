import { toHex } from "@stateset/codec";
import { list, optional, record } from "@stateset/codec/schema";
import { defineFlow, defineProtocol, defineResponder } from "@stateset/flow/app";
import { invoiceContract } from "../contract/invoice-contract.ts";
import { addIssue } from "../issue-transaction.ts";
import { documentBytes, readDocument } from "./document-input.ts";
import { assertNamed, partyNamed } from "./document-parties.ts";
import { partyName } from "./invoice-input.ts";
import {
  announceDocument,
  documentMessages,
  receiveDocument,
  sendDocument,
} from "./issued-document.ts";

const issueProtocol = defineProtocol({
  name: "invoice/issue",
  version: 1,
  messages: documentMessages,
});

const LINEAR_ID_BYTES = 16;

/** Issues an invoice from a UBL document, which goes to the buyer sealed and to nobody else. */
export const issueInvoice = defineFlow({
  name: "invoice/issue",
  description: "Issue an invoice from a UBL 2.1 document to its buyer",
  input: record({
    document: documentBytes,
    /** Whose cash pays it. */
    cashIssuers: list(partyName, { min: 1, max: 16 }),
    /** The buyer's party, where the network knows it by another name than the document. */
    buyer: optional(partyName),
  }),
  async run(flow, { document, cashIssuers, buyer: named }) {
    const ubl = readDocument(document, "invoice");
    assertNamed("seller", ubl.seller, flow.self);
    const buyer = named === undefined ? await partyNamed(flow, ubl.buyer) : await flow.party(named);
    const issuers: string[] = [];
    for (const name of cashIssuers) issuers.push((await flow.party(name)).id);
    const linearId = toHex(flow.random(LINEAR_ID_BYTES));
    const builder = await flow.build();
    addIssue(builder, {
      ubl,
      xml: document,
      seller: flow.self,
      buyer,
      owner: await flow.holder(),
      cashIssuers: issuers as never,
      governing: await flow.governing(invoiceContract),
      linearId,
    });
    const transaction = builder.build();
    // A document that does not hold is nobody else's business.
    await flow.verify({ transaction, signatures: [] }, { signing: [{ kind: "identity" }] });
    const session = await flow.open(issueProtocol, buyer.id);
    const { encryptionKey } = await announceDocument(session, ubl.number);
    const transactionId = await sendDocument(flow, session, { transaction, encryptionKey });
    return { transactionId, linearId, number: ubl.number };
  },
});

export const receiveInvoice = defineResponder(issueProtocol, async (flow, session) => ({
  transactionId: await receiveDocument(flow, session, "invoice"),
}));
