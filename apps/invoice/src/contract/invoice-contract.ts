import { cashContract } from "@stateset/cash/contract";
import { choice, optional, record, text } from "@stateset/codec/schema";
import { defineContract, holder } from "@stateset/ledger/contract";
import { checkDocument, fingerprintFields } from "./document-rules.ts";
import { invoiceRules } from "./invoice-rules.ts";
import {
  creditNoteSchema,
  type DocumentState,
  type InvoiceState,
  invoiceSchema,
} from "./invoice-state.ts";
import {
  type InvoiceResponse,
  MAY_FOLLOW,
  NEEDS_CLARIFICATION,
  RESPONSE_STATUS,
} from "./invoice-status.ts";
import { checkDates } from "./payment-dates.ts";
import { checkCredit, checkPayment, checkStatusEdge } from "./settlement-rules.ts";

/**
 * UNCL 1001, the codes of EN 16931 for invoices, and for credit notes; but no invoice is one that
 * credits (81), or that claims nothing yet (325, proforma).
 */
const INVOICE_TYPES = codes(
  "71 80 82 84 102 130 202 203 204 211 218 219 295 326 331 380 382 383 384 385 386 387 " +
    "388 389 390 393 394 395 456 457 471 472 473 500 501 527 553 575 623 633 751 780 817 " +
    "870 875 876 877 935",
);
const CREDIT_NOTE_TYPES = codes("81 83 261 262 296 308 381 396 420 458 502 503 532");

const nothing = record({});

/**
 * An invoice of EN 16931 between seller and buyer. Its authority is its current owner alone: what
 * the buyer does, the owner signs too, so that a debtor cannot burn the claim against it.
 */
export const invoiceContract = defineContract({
  name: "invoice",
  version: 1,
  reads: ["cash"],
  states: {
    invoice: { schema: invoiceSchema, authority: holder("owner") },
    "credit-note": { schema: creditNoteSchema, authority: holder("owner") },
  },
  rules: invoiceRules,
  commands: {
    issue: {
      data: nothing,
      creates: { invoice: { min: 1, max: 1, signedBy: ["seller"] } },
      verify(tx, rule) {
        for (const invoice of tx.outputs.invoice) {
          checkDocument(invoice, rule);
          rule("type-code", INVOICE_TYPES.has(invoice.typeCode), { code: invoice.typeCode });
          const { dueDate, issueDate } = invoice;
          rule("due-not-before-issue", dueDate === undefined || dueDate >= issueDate);
          rule("issued-fresh", isFresh(invoice), { status: invoice.status });
          rule("seller-owns", invoice.owner.identity === invoice.seller.id);
          rule("twin-needs-buyer", invoice.ordinal === 0 || tx.isSigned(invoice.buyer));
        }
      },
      claims: (tx) => tx.outputs.invoice.flatMap((invoice) => claimsOf("", invoice)),
    },
    respond: {
      data: record({
        response: choice("AB", "IP", "UQ", "CA", "RE", "AP"),
        clarification: optional(text({ min: 1, max: 16 })),
      }),
      updates: {
        invoice: {
          min: 1,
          max: 1,
          signedBy: ["buyer", "owner"],
          changes: ["status", "clarification"],
        },
      },
      verify(tx, rule) {
        const { response, clarification } = tx.command.data as Response;
        for (const update of tx.updatesOf("invoice")) {
          checkStatusEdge(response, update, RESPONSE_STATUS[response], rule);
          const isAsSaid = update.after.clarification === clarification;
          const isDue = NEEDS_CLARIFICATION.includes(response);
          rule("clarification-given", isAsSaid && (clarification !== undefined) === isDue);
        }
      },
    },
    pay: {
      data: nothing,
      updates: {
        invoice: {
          min: 1,
          max: 64,
          signedBy: ["owner"],
          changes: ["paidOnLedger", "payments", "status"],
        },
      },
      verify(tx, rule) {
        const updates = tx.updatesOf("invoice");
        checkPayment(updates, tx.of(cashContract), rule);
        checkDates(updates, tx.timeWindow, rule);
      },
    },
    credit: {
      data: nothing,
      consumes: { "credit-note": { min: 1, max: 64, signedBy: ["owner"] } },
      updates: {
        invoice: {
          min: 1,
          max: 1,
          signedBy: ["owner", "seller"],
          changes: ["creditedOnLedger", "status"],
        },
      },
      verify(tx, rule) {
        for (const update of tx.updatesOf("invoice"))
          checkCredit(update, tx.inputs["credit-note"], rule);
      },
    },
    transfer: {
      data: nothing,
      updates: {
        invoice: {
          min: 1,
          max: 64,
          signedBy: ["owner"],
          signedByNew: ["owner"],
          changes: ["owner"],
        },
      },
      verify(tx, rule) {
        for (const { before, after } of tx.updatesOf("invoice")) {
          rule("owner-changes", before.owner.identity !== after.owner.identity);
          rule("owner-is-not-buyer", after.owner.identity !== after.buyer.id);
          const mayMove = MAY_FOLLOW.transfer?.includes(before.status) === true;
          rule("status-edge", mayMove, { from: before.status, to: "another owner" });
        }
      },
    },
    void: {
      data: nothing,
      updates: {
        invoice: { min: 1, max: 1, signedBy: ["seller", "owner"], changes: ["status"] },
      },
      verify(tx, rule) {
        for (const update of tx.updatesOf("invoice")) checkStatusEdge("void", update, "void", rule);
      },
    },
    "write-off": {
      data: nothing,
      updates: { invoice: { min: 1, max: 1, signedBy: ["owner"], changes: ["status"] } },
      verify(tx, rule) {
        for (const update of tx.updatesOf("invoice"))
          checkStatusEdge("write-off", update, "written-off", rule);
      },
    },
    "issue-credit-note": {
      data: nothing,
      creates: { "credit-note": { min: 1, max: 1, signedBy: ["seller"] } },
      verify(tx, rule) {
        for (const note of tx.outputs["credit-note"]) {
          checkDocument(note, rule);
          rule("type-code", CREDIT_NOTE_TYPES.has(note.typeCode), { code: note.typeCode });
          rule("buyer-owns", note.owner.identity === note.buyer.id);
          rule("twin-needs-buyer", note.ordinal === 0 || tx.isSigned(note.buyer));
        }
      },
      claims: (tx) => tx.outputs["credit-note"].flatMap((note) => claimsOf("credit-note-", note)),
    },
  },
});

function isFresh(invoice: InvoiceState): boolean {
  const { status, clarification, paidOnLedger, creditedOnLedger, payments } = invoice;
  const isUntouched = paidOnLedger === 0n && creditedOnLedger === 0n && payments.length === 0;
  return status === "issued" && clarification === undefined && isUntouched;
}

type Response = { response: InvoiceResponse; clarification?: string };

/** A document's number, and its fingerprint without the number, are each registered once. */
function claimsOf(what: "" | "credit-note-", document: DocumentState) {
  const owner = document.seller.id;
  return [
    { kind: `invoice/${what}number`, owner, fields: [document.number] },
    { kind: `invoice/${what}fingerprint`, owner, fields: fingerprintFields(document) },
  ];
}

function codes(listed: string): ReadonlySet<string> {
  return new Set(listed.split(" "));
}
