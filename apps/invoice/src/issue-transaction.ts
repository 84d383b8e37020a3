import { toHex } from "@stateset/codec";
import {
  type CommandSigner,
  type GoverningContract,
  type Holder,
  type IdentityId,
  type NetworkParameters,
  type NotaryId,
  type Party,
  type RandomBytes,
  type Transaction,
  TransactionBuilder,
  uniqueKeyClaims,
} from "@stateset/ledger";
import type { Contract } from "@stateset/ledger/contract";
import { invoiceContract } from "./contract/index.ts";
import { creditNoteFromUbl, invoiceFromUbl } from "./document-from-ubl.ts";
import { privateComponents, sourceComponent } from "./private-from-ubl.ts";
import type { UblInvoice } from "./ubl/ubl-invoice.ts";

export type IssueTerms = {
  ubl: UblInvoice;
  /** The bytes that `ubl` was read from. */
  xml: Uint8Array;
  seller: Party;
  buyer: Party;
  /** Whoever may claim what the document is worth: seller of an invoice, buyer of a credit note. */
  owner: Holder;
  ordinal?: number;
  /** Of an invoice: whose cash pays it. */
  cashIssuers: readonly IdentityId[];
  /** Of a credit note: the linear id of the one invoice that it credits, and who owns that by now. */
  precedingInvoice?: string;
  payee?: Party;
  governing: GoverningContract<unknown>;
};

const LINEAR_ID_BYTES = 16;

/** The transaction, not yet signed, that puts a document on the ledger. The seller signs it. */
export function buildIssueTransaction(
  terms: IssueTerms & {
    network: { parameters: NetworkParameters; notary: NotaryId; random: RandomBytes };
  },
): Transaction {
  const { network } = terms;
  const builder = new TransactionBuilder(network);
  addIssue(builder, { ...terms, linearId: toHex(network.random(LINEAR_ID_BYTES)) });
  return builder.build();
}

/** Adds what issues a document: its state, the document itself as a private component, its keys. */
export function addIssue(
  builder: TransactionBuilder,
  terms: IssueTerms & { linearId: string },
): void {
  const { ubl, seller, buyer, owner, ordinal = 0, linearId } = terms;
  const governing = { ...terms.governing, contract: invoiceContract };
  const source = builder.addPrivate(sourceComponent(terms.xml));
  for (const component of privateComponents(ubl)) builder.addPrivate(component);
  const document = { linearId, seller, buyer, owner, ordinal, source };
  const signers: CommandSigner[] = [{ kind: "identity", identity: seller.id }];
  if (ordinal > 0) signers.push({ kind: "identity", identity: buyer.id });
  if (ubl.kind === "invoice") {
    const state = invoiceFromUbl(ubl, { ...document, cashIssuers: [...terms.cashIssuers] });
    builder.addOutput(governing, "invoice", state);
    builder.addCommand(governing, "issue", {}, signers);
    addClaims(builder, "issue", "invoice", state, signers);
  } else {
    const { precedingInvoice, payee } = terms;
    const state = creditNoteFromUbl(ubl, {
      ...document,
      ...(precedingInvoice !== undefined && { precedingInvoice }),
      ...(payee !== undefined && { payee }),
    });
    builder.addOutput(governing, "credit-note", state);
    builder.addCommand(governing, "issue-credit-note", {}, signers);
    addClaims(builder, "issue-credit-note", "credit-note", state, signers);
  }
}

function addClaims(
  builder: TransactionBuilder,
  command: string,
  type: string,
  state: object,
  signers: readonly CommandSigner[],
): void {
  const listed = signers.map((each) =>
    each.kind === "identity" ? `identity:${each.identity}` : "",
  );
  const claims = uniqueKeyClaims(invoiceContract as unknown as Contract, {
    command: { name: command, data: {}, signers: listed },
    inputs: [],
    outputs: [{ contract: invoiceContract.name, type, state: state as never }],
    references: [],
    timeWindow: {},
  });
  for (const claim of claims) builder.addUniqueKey(claim);
}
