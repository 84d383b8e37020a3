import { join } from "node:path";
import { type CashState, cashContract } from "@stateset/cash/contract";
import { type InvoiceState, invoiceContract, outstandingOf } from "@stateset/invoice/contract";
import { TestLedger, type TestParty, type TestTransaction } from "@stateset/testing";
import { test } from "vitest";
import {
  type NoticeState,
  type OfferState,
  type ReceivableState,
  receivableContract,
  settlementOf,
  type Terms,
} from "../src/contract/index.ts";

const APPS = join(import.meta.dirname, "../..");
export const FACE = 100_000n;
/** The days of these tests; the offer holds until noon on the last one. */
export const ASSIGNED_ON = "2026-03-10";
export const DUE = "2026-04-09";
export const VALID_UNTIL = Date.parse("2026-03-12T12:00:00Z");

/** Ten minutes around noon. */
export function windowOn(date: string): { from: number; until: number } {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return { from: noon - 600_000, until: noon };
}

/** Parties, valid states, and one valid transaction for each command, to be changed by tests. */
export async function receivableNetwork() {
  const ledger = await TestLedger.start({
    contracts: ["cash", "invoice", "receivable"].map((app) => join(APPS, app)),
  });
  const assignor = ledger.party("Alpenblick AG");
  const debtor = ledger.party("Hafenwerk GmbH");
  const lender = ledger.party("Fjordkapital AS");
  const bank = ledger.party("Kantonsbank");
  const stranger = ledger.party("Fremd SE");
  const parties = { assignor, debtor, lender, bank, stranger };
  const states = statesOf(parties);
  const tx = () => ledger.transaction();
  const own = (name: string, ...signers: TestParty[]) =>
    [receivableContract, name, {}, ...signers] as const;

  const updateOffer = (before: OfferState, change: Partial<OfferState>) =>
    tx()
      .input(receivableContract, "offer", before)
      .output(receivableContract, "offer", { ...before, ...change });
  const updateReceivable = (before: ReceivableState, change: Partial<ReceivableState>) =>
    tx()
      .input(receivableContract, "receivable", before)
      .output(receivableContract, "receivable", { ...before, ...change });
  const updateNotice = (before: NoticeState, change: Partial<NoticeState>) =>
    tx()
      .input(receivableContract, "notice", before)
      .output(receivableContract, "notice", { ...before, ...change });
  const moveInvoice = (on: TestTransaction, before: InvoiceState, from: TestParty, to: TestParty) =>
    on
      .input(invoiceContract, "invoice", { ...before, owner: from.holder({ oneTimeKey: true }) })
      .output(invoiceContract, "invoice", { ...before, owner: to.holder({ oneTimeKey: true }) })
      .command(invoiceContract, "transfer", {}, from, to);
  /** A coin of a million, of which the payee gets so much. */
  const pay = (on: TestTransaction, from: TestParty, to: TestParty, amount: bigint) =>
    amount === 0n
      ? on
      : on
          .input(cashContract, "cash", states.cash(from, 1_000_000n))
          .output(cashContract, "cash", states.cash(to, amount))
          .output(cashContract, "cash", states.cash(from, 1_000_000n - amount))
          .command(cashContract, "move", {}, from);
  const settleCash = (on: TestTransaction, { released, charged }: Partial<ReceivableState>) =>
    pay(pay(on, lender, assignor, released ?? 0n), assignor, lender, charged ?? 0n);

  return {
    ledger,
    ...{ ...parties, ...states, tx },
    request: (offer: OfferState) =>
      tx()
        .output(receivableContract, "offer", offer)
        .command(...own("request", assignor)),
    quote: (before: OfferState, change: Partial<OfferState> = {}) => {
      const quoted = { status: "offered" as const, terms: states.terms(), validUntil: VALID_UNTIL };
      return updateOffer(before, { ...quoted, ...change })
        .timeWindow(windowOn(ASSIGNED_ON))
        .command(...own("quote", lender));
    },
    accept: (before: OfferState) =>
      updateOffer(before, { status: "accepted" })
        .timeWindow(windowOn(ASSIGNED_ON))
        .command(...own("accept", assignor, lender)),
    decline: (before: OfferState) =>
      updateOffer(before, { status: "declined" }).command(...own("decline", assignor, lender)),
    withdraw: (before: OfferState) =>
      updateOffer(before, { status: "withdrawn" }).command(...own("withdraw", assignor, lender)),
    expire: (before: OfferState) =>
      updateOffer(before, { status: "expired" })
        .timeWindow({ from: VALID_UNTIL })
        .command(...own("expire", lender)),
    /** Outputs: receivable, notice, invoice, the assignor's cash, the lender's change. */
    assign: (offer: OfferState, invoice: InvoiceState, change: Partial<ReceivableState> = {}) => {
      const receivable = states.receivable({ ...claimOf(offer), ...standing(invoice), ...change });
      const on = tx()
        .timeWindow(windowOn(ASSIGNED_ON))
        .input(receivableContract, "offer", offer)
        .output(receivableContract, "receivable", receivable)
        .output(receivableContract, "notice", states.notice({ amount: receivable.face }))
        .command(...own("assign", lender, assignor));
      return pay(moveInvoice(on, invoice, assignor, lender), lender, assignor, receivable.advance);
    },
    notify: (before: NoticeState) =>
      updateNotice(before, { status: "given" }).command(...own("notify", lender)),
    acknowledge: (before: NoticeState) =>
      updateNotice(before, { status: "acknowledged" }).command(
        ...own("acknowledge", debtor, lender),
      ),
    collect: (before: ReceivableState, invoice: InvoiceState) => {
      const isInDefault = before.status === "defaulted";
      return updateReceivable(before, {
        status: isInDefault ? "defaulted" : "collecting",
        collected: invoice.paidOnLedger - before.paidBefore,
        diluted: invoice.creditedOnLedger - before.creditedBefore,
      })
        .reference(invoiceContract, "invoice", invoice)
        .command(...own("collect", lender));
    },
    settle: (before: ReceivableState, invoice: InvoiceState, on: string) => {
      const settlement = settlementOf({ receivable: before, invoice, on, isRepurchase: false });
      const ends = settlement.collected > 0n ? "settled" : "diluted";
      const closed = before.status === "defaulted" ? "recovered" : ends;
      const status = invoice.status === "written-off" ? "written-off" : closed;
      const next = updateReceivable(before, { status, ...settlement })
        .timeWindow(windowOn(on))
        .reference(invoiceContract, "invoice", invoice)
        .command(...own("settle", lender, ...(settlement.charged > 0n ? [assignor] : [])));
      return settleCash(next, settlement);
    },
    /** Outputs: receivable, notice, invoice, the payee's cash, the payer's change. */
    repurchase: (
      before: ReceivableState,
      invoice: InvoiceState,
      on: string,
      notice: NoticeState = states.notice({ status: "acknowledged" }),
    ) => {
      const settlement = settlementOf({ receivable: before, invoice, on, isRepurchase: true });
      const next = updateReceivable(before, { status: "repurchased", ...settlement })
        .timeWindow(windowOn(on))
        .input(receivableContract, "notice", notice)
        .output(receivableContract, "notice", { ...notice, status: "released" })
        .command(...own("repurchase", lender, assignor));
      return settleCash(moveInvoice(next, invoice, lender, assignor), settlement);
    },
    markOverdue: (before: ReceivableState, invoice: InvoiceState, on: string) =>
      updateReceivable(before, { status: "overdue" })
        .timeWindow(windowOn(on))
        .reference(invoiceContract, "invoice", invoice)
        .command(...own("mark-overdue", lender)),
    callRecourse: (before: ReceivableState, invoice: InvoiceState, on: string) =>
      updateReceivable(before, { status: "recourse-called" })
        .timeWindow(windowOn(on))
        .reference(invoiceContract, "invoice", invoice)
        .command(...own("call-recourse", lender)),
    default: (before: ReceivableState, invoice: InvoiceState, on: string) =>
      updateReceivable(before, { status: "defaulted" })
        .timeWindow(windowOn(on))
        .reference(invoiceContract, "invoice", invoice)
        .command(...own("default", lender)),
  };
}

type Parties = Record<"assignor" | "debtor" | "lender" | "bank", TestParty>;

function statesOf({ assignor, debtor, lender, bank }: Parties) {
  const terms = (change: Partial<Terms> = {}): Terms => ({
    advanceRate: "80",
    discountRate: "6",
    feeRate: "0.5",
    dayCount: "A004",
    cashIssuer: bank.party.id,
    overdueDaysMax: 0,
    dilutionRecourse: false,
    ...change,
  });
  const claim = () => ({
    invoice: "a1".repeat(16),
    invoiceNumber: "AB-2026-00417",
    lender: lender.party,
    assignor: assignor.party,
    debtor: debtor.party,
    currency: "EUR",
    owner: lender.holder({ oneTimeKey: true }),
  });
  const requested = (change: Partial<OfferState> = {}): OfferState => ({
    ...claim(),
    linearId: "0f".repeat(16),
    face: FACE,
    dueDate: DUE,
    status: "requested",
    ...change,
  });
  const receivable = (change: Partial<ReceivableState> = {}): ReceivableState => ({
    ...claim(),
    linearId: "5e".repeat(16),
    face: FACE,
    advance: 80_000n,
    reserve: 20_000n,
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
  const offered = (change: Partial<OfferState> = {}) =>
    requested({ status: "offered", terms: terms(), validUntil: VALID_UNTIL, ...change });
  const cash = (owner: TestParty, minorUnits: bigint): CashState => ({
    issuer: bank.party,
    owner: owner.holder({ oneTimeKey: true }),
    amount: { minorUnits, currency: "EUR" },
  });
  /** Approved, and the assignor's; what was paid on which day, and credited, if anything. */
  const invoice = (
    payments: readonly (readonly [on: string, amount: bigint])[] = [],
    change: Partial<InvoiceState> = {},
  ): InvoiceState => {
    const paidOnLedger = payments.reduce((sum, [, amount]) => sum + amount, 0n);
    const given = {
      ...documentOf(assignor, debtor),
      dueDate: DUE,
      cashIssuers: [bank.party.id],
      paidOnLedger,
      creditedOnLedger: 0n,
      payments: payments.map(([on, amount]) => ({ on, amount })),
      ...change,
    };
    const isOpen = outstandingOf(given) > 0n;
    const closed = paidOnLedger > 0n ? "paid" : "credited";
    const open = paidOnLedger > 0n ? "partially-paid" : "approved";
    return { status: isOpen ? open : closed, ...given };
  };
  const accepted = (change: Partial<OfferState> = {}) => offered({ status: "accepted", ...change });
  return { terms, requested, offered, accepted, receivable, notice, cash, invoice };
}

/** 1 000.00 EUR payable. */
function documentOf(seller: TestParty, buyer: TestParty) {
  const vat = { vatCategory: "Z", vatRate: "0" };
  const line = { id: "1", name: "Spindel", quantity: "2", unit: "C62", price: "500" };
  const none = { allowances: 0n, charges: 0n, vat: 0n, paid: 0n, rounding: 0n };
  return {
    linearId: "a1".repeat(16),
    number: "AB-2026-00417",
    issueDate: "2026-03-02",
    typeCode: "380",
    currency: "EUR",
    seller: seller.party,
    buyer: buyer.party,
    lines: [{ ...line, netAmount: FACE, ...vat }],
    allowances: [],
    charges: [],
    vatBreakdown: [{ taxableAmount: FACE, taxAmount: 0n, ...vat }],
    totals: { ...none, lineNet: FACE, withoutVat: FACE, withVat: FACE, payable: FACE },
    ordinal: 0,
    source: "50".repeat(32),
    owner: seller.holder({ oneTimeKey: true }),
  };
}

function claimOf({ face, dueDate, terms }: OfferState) {
  return { face, dueDate, ...(terms === undefined ? {} : { terms }) };
}

function standing({ paidOnLedger, creditedOnLedger }: InvoiceState) {
  return { paidBefore: paidOnLedger, creditedBefore: creditedOnLedger };
}

/** The rule that refuses, in words what is broken, and the change that breaks it. */
export type Refusal = [rule: string, breach: string, change: (tx: TestTransaction) => unknown];

/** Replaces who signs a contract's command. */
export const signedBy =
  (contract: { name: string }, ...signers: TestParty[]) =>
  (tx: TestTransaction) =>
    tx.changeCommands((command) => (command.contract.name === contract.name ? { signers } : {}));

/** Changes one state that goes out. */
export const output =
  (index: number, change: object): Refusal[2] =>
  (tx) =>
    tx.changeOutput(index, () => change);

/** One test each: the transaction is valid, and no longer once it is changed. */
export function refuses(valid: TestTransaction, refusals: readonly Refusal[]): void {
  test.each(refusals)("%s: %s", async (rule, _, change) => {
    await valid.tweak(change).failsWith(rule);
  });
}
