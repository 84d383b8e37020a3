import type { CashState } from "@stateset/cash/contract";
import type { CreditNoteState, InvoiceState } from "@stateset/invoice/contract";
import type {
  NoticeState,
  OfferState,
  ReceivableState,
  Terms,
} from "@stateset/receivable/contract";
import type { Draft, DraftCommand, DraftParty, DraftState, StateFields } from "./draft.ts";
import type { DraftLedger } from "./draft-ledger.ts";

/** 1,000.00 where the currency has two minor digits. */
export const FACE = 100_000n;
export const ADVANCE = 80_000n;
const NET = 80_000n;
const VAT = 20_000n;
/** The days of these drafts. */
export const ASSIGNED_ON = "2026-03-10";
export const DUE = "2026-04-09";
export const VALID_UNTIL = Date.parse("2026-03-12T12:00:00Z");
const ISSUED_ON = "2026-03-02";
const WINDOW_MS = 600_000;

const INVOICE_ID = "a1".repeat(16);
const NUMBER = "DRILL-1";
const TERMS = { advanceRate: "80", discountRate: "6", feeRate: "0.5", dayCount: "A004" } as const;

export type DraftStates = ReturnType<typeof draftStates>;

/** Ten minutes around noon. */
export function windowOn(date: string): { from: number; until: number } {
  const until = Date.parse(`${date}T12:00:00Z`);
  return { from: until - WINDOW_MS, until };
}

/** Parties, and valid states between them, each to be changed by what is needed. */
export function draftStates(ledger: DraftLedger, currency: string) {
  const [seller, buyer, lender, bank, stranger] = [
    ledger.party("Drill Seller"),
    ledger.party("Drill Buyer"),
    ledger.party("Drill Lender"),
    ledger.party("Drill Bank"),
    ledger.party("Drill Stranger"),
  ] as const;
  const parties = { seller, buyer, lender, bank, stranger };
  const document = () => documentOf(parties, currency);
  const invoice = (change: Partial<InvoiceState> = {}): InvoiceState => ({
    ...document(),
    dueDate: DUE,
    cashIssuers: [bank.party.id],
    status: "issued",
    paidOnLedger: 0n,
    creditedOnLedger: 0n,
    payments: [],
    owner: seller.holder(),
    ...change,
  });
  const creditNote = (change: Partial<CreditNoteState> = {}): CreditNoteState => ({
    ...document(),
    linearId: "c1".repeat(16),
    typeCode: "381",
    owner: buyer.holder(),
    ...change,
  });
  const cash = (owner: DraftParty, minorUnits: bigint): CashState => ({
    issuer: bank.party,
    owner: owner.holder(),
    amount: { minorUnits, currency },
  });
  return { parties, invoice, creditNote, cash, ...claimStates(parties, currency) };
}

type Parties = Record<"seller" | "buyer" | "lender" | "bank", DraftParty>;

/** What is between seller and lender. */
function claimStates({ seller, buyer, lender, bank }: Parties, currency: string) {
  const claim = () => ({
    invoice: INVOICE_ID,
    invoiceNumber: NUMBER,
    lender: lender.party,
    assignor: seller.party,
    debtor: buyer.party,
    currency,
    owner: lender.holder(),
  });
  const terms = (change: Partial<Terms> = {}): Terms => ({
    ...TERMS,
    cashIssuer: bank.party.id,
    overdueDaysMax: 0,
    dilutionRecourse: false,
    ...change,
  });
  const requested = (change: Partial<OfferState> = {}): OfferState => ({
    ...claim(),
    linearId: "0f".repeat(16),
    face: FACE,
    dueDate: DUE,
    status: "requested",
    ...change,
  });
  const offered = (change: Partial<OfferState> = {}): OfferState =>
    requested({ status: "offered", terms: terms(), validUntil: VALID_UNTIL, ...change });
  const receivable = (change: Partial<ReceivableState> = {}): ReceivableState => ({
    ...claim(),
    linearId: "5e".repeat(16),
    face: FACE,
    advance: ADVANCE,
    reserve: FACE - ADVANCE,
    dueDate: DUE,
    assignedOn: ASSIGNED_ON,
    terms: terms(),
    ...{ paidBefore: 0n, creditedBefore: 0n, status: "assigned" },
    ...{ collected: 0n, diluted: 0n, discount: 0n, fee: 0n, released: 0n, charged: 0n },
    ...change,
  });
  const notice = (change: Partial<NoticeState> = {}): NoticeState => ({
    ...claim(),
    linearId: "07".repeat(16),
    receivable: "5e".repeat(16),
    amount: FACE,
    status: "prepared",
    ...change,
  });
  return { terms, requested, offered, receivable, notice };
}

function documentOf({ seller, buyer }: Parties, currency: string) {
  const vat = { vatCategory: "S", vatRate: "25" };
  const line = { id: "1", name: "Spindle", quantity: "2", unit: "C62", price: "400" };
  const none = { allowances: 0n, charges: 0n, paid: 0n, rounding: 0n };
  return {
    linearId: INVOICE_ID,
    number: NUMBER,
    issueDate: ISSUED_ON,
    typeCode: "380",
    currency,
    seller: seller.party,
    buyer: buyer.party,
    lines: [{ ...line, netAmount: NET, ...vat }],
    allowances: [],
    charges: [],
    vatBreakdown: [{ taxableAmount: NET, taxAmount: VAT, ...vat }],
    totals: { ...none, lineNet: NET, withoutVat: NET, vat: VAT, withVat: FACE, payable: FACE },
    ordinal: 0,
    source: "50".repeat(32),
  };
}

export function invoiceState(state: InvoiceState): DraftState {
  return described("invoice", "invoice", state);
}

export function creditNoteState(state: CreditNoteState): DraftState {
  return described("invoice", "credit-note", state);
}

export function offerState(state: OfferState): DraftState {
  return described("receivable", "offer", state);
}

export function receivableState(state: ReceivableState): DraftState {
  return described("receivable", "receivable", state);
}

export function noticeState(state: NoticeState): DraftState {
  return described("receivable", "notice", state);
}

export function cashState(state: CashState): DraftState {
  return described("cash", "cash", state);
}

export function command(
  contract: string,
  name: string,
  signers: readonly DraftParty[],
  data: StateFields = {},
): DraftCommand {
  return { contract, name, data, signers };
}

/** With a coin of which the payee gets so much, and the payer the rest. */
export function withPayment(
  draft: Draft,
  { cash }: DraftStates,
  { from, to, amount }: { from: DraftParty; to: DraftParty; amount: bigint },
): Draft {
  if (amount === 0n) return draft;
  const change = FACE;
  return {
    ...draft,
    inputs: [...draft.inputs, cashState(cash(from, amount + change))],
    outputs: [...draft.outputs, cashState(cash(to, amount)), cashState(cash(from, change))],
    others: [...(draft.others ?? []), command("cash", "move", [from])],
  };
}

function described(contract: string, type: string, state: object): DraftState {
  return { contract, type, state: state as StateFields };
}
