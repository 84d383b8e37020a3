import type { InvoiceState } from "@stateset/invoice/contract";
import type { Draft, LegalDraft } from "./draft.ts";
import {
  ASSIGNED_ON,
  command,
  creditNoteState,
  type DraftStates,
  FACE,
  invoiceState,
  windowOn,
  withPayment,
} from "./draft-states.ts";

/**
 * A valid transaction for each command of the invoice contract, and from which statuses it may be
 * given. This is not taken from the contract: whatever else is tried must be refused.
 */
export function legalInvoiceDrafts(states: DraftStates): { [command: string]: LegalDraft[] } {
  return {
    issue: issues(states),
    respond: responses(states),
    pay: [payment(states)],
    credit: [credit(states)],
    transfer: [
      {
        draft: {
          ...update(states.invoice({ status: "approved" }), {
            owner: states.parties.lender.holder(),
          }),
          command: command("invoice", "transfer", [states.parties.seller, states.parties.lender]),
        },
        from: { invoice: [...BEFORE_APPROVAL, ...OWED] },
      },
    ],
    // The owner is another than the seller here, so that each can be seen to be needed.
    void: [
      {
        draft: {
          ...update(states.invoice({ owner: states.parties.lender.holder() }), {
            status: "void",
          }),
          command: command("invoice", "void", [states.parties.seller, states.parties.lender]),
        },
        from: { invoice: [...BEFORE_APPROVAL, "rejected"] },
      },
    ],
    "write-off": [
      {
        draft: {
          ...update(states.invoice({ status: "approved" }), { status: "written-off" }),
          command: command("invoice", "write-off", [states.parties.seller]),
        },
        from: { invoice: [...BEFORE_APPROVAL, ...OWED] },
      },
    ],
    "issue-credit-note": creditNotes(states),
  };
}

const BEFORE_APPROVAL = [
  "issued",
  "acknowledged",
  "in-process",
  "under-query",
  "conditionally-accepted",
];
const OWED = ["approved", "partially-paid"];

const DOCUMENT_FREE = [
  "linearId",
  "number",
  "issueDate",
  "currency",
  "orderReference",
  "contractReference",
  "source",
];
const INVOICE_FREE = [...DOCUMENT_FREE, "buyer", "dueDate", "paymentReference", "cashIssuers"];
const NOTE_FREE = [...DOCUMENT_FREE, "precedingInvoice", "payee"];

function issues({ parties: { seller, buyer }, invoice }: DraftStates): LegalDraft[] {
  const issue = (change: Partial<InvoiceState>, signers: (typeof seller)[]): Draft => ({
    inputs: [],
    outputs: [invoiceState(invoice(change))],
    command: command("invoice", "issue", signers),
  });
  return [
    { draft: issue({}, [seller]), free: { invoice: INVOICE_FREE } },
    {
      says: "a twin",
      draft: issue({ ordinal: 1 }, [seller, buyer]),
      // Another buyer has not signed for it; a third like it is a twin as well.
      free: { invoice: [...INVOICE_FREE.filter((field) => field !== "buyer"), "ordinal"] },
    },
  ];
}

function creditNotes({ parties: { seller, buyer }, creditNote }: DraftStates): LegalDraft[] {
  const draft = (ordinal: number, signers: (typeof seller)[]): Draft => ({
    inputs: [],
    outputs: [creditNoteState(creditNote({ ordinal }))],
    command: command("invoice", "issue-credit-note", signers),
  });
  return [
    { draft: draft(0, [seller]), free: { "credit-note": NOTE_FREE } },
    {
      says: "a twin",
      draft: draft(1, [seller, buyer]),
      free: { "credit-note": [...NOTE_FREE, "ordinal"] },
    },
  ];
}

/** UNCL 4343 as the Peppol Invoice Response has it: what each code leads to, and may follow. */
const RESPONSES = [
  ["AB", "acknowledged", ["issued"]],
  ["IP", "in-process", ["issued", "acknowledged", "under-query"]],
  ["UQ", "under-query", ["issued", "acknowledged", "in-process", "conditionally-accepted"]],
  ["CA", "conditionally-accepted", ["issued", "acknowledged", "in-process", "under-query"]],
  ["RE", "rejected", BEFORE_APPROVAL],
  ["AP", "approved", BEFORE_APPROVAL],
] as const;

function responses({ parties, invoice }: DraftStates): LegalDraft[] {
  return RESPONSES.map(([response, status, from]) => {
    const isReasoned = ["UQ", "CA", "RE"].includes(response);
    const reason = isReasoned ? { clarification: "OTH" } : {};
    const data = { response, ...reason };
    return {
      says: response,
      draft: {
        ...update(invoice(), { status, ...reason }),
        command: command("invoice", "respond", [parties.buyer, parties.seller], data),
      },
      from: { invoice: from },
    };
  });
}

function payment(states: DraftStates): LegalDraft {
  const { parties, invoice } = states;
  const { buyer, seller } = parties;
  const on = ASSIGNED_ON;
  const paid = {
    paidOnLedger: FACE,
    payments: [{ on, amount: FACE }],
    status: "paid" as const,
  };
  const draft: Draft = {
    ...update(invoice({ status: "approved" }), paid),
    command: command("invoice", "pay", [seller]),
    timeWindow: windowOn(on),
  };
  return {
    draft: withPayment(draft, states, { from: buyer, to: seller, amount: FACE }),
    from: { invoice: OWED },
  };
}

function credit({ parties, invoice, creditNote }: DraftStates): LegalDraft {
  const held = invoice({ status: "approved", owner: parties.lender.holder() });
  const draft = update(held, { creditedOnLedger: FACE, status: "credited" });
  return {
    draft: {
      ...draft,
      inputs: [...draft.inputs, creditNoteState(creditNote())],
      command: command("invoice", "credit", [parties.seller, parties.lender, parties.buyer]),
    },
    from: { invoice: OWED },
  };
}

function update(
  before: InvoiceState,
  change: Partial<InvoiceState>,
): Pick<Draft, "inputs" | "outputs"> {
  return {
    inputs: [invoiceState(before)],
    outputs: [invoiceState({ ...before, ...change })],
  };
}
