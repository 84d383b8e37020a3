import { join } from "node:path";
import { type CashState, cashContract } from "@stateset/cash/contract";
import type { Holder, VerifiedTransaction } from "@stateset/ledger";
import { CoinPurses, TestLedger, type TestParty, type TestTransaction } from "@stateset/testing";
import {
  type CreditNoteState,
  type InvoiceState,
  invoiceContract,
} from "../../src/contract/index.ts";
import type { InvoiceDraft, ModelInvoice, ModelNote, Name } from "./invoice-draft.ts";
import { BANKS, COMPANIES, CURRENCIES } from "./proper-drafts.ts";

const APPS = join(import.meta.dirname, "../../..");
/** More than any sequence spends. */
const COIN = 100_000_000_000n;

/** A draft as a transaction, and the coins that it spends. */
export type Built = { transaction: TestTransaction; spent: CashState[] };

/**
 * The real thing beside the model: the states of the last verified transactions, by which drafts
 * become transactions.
 */
export class ModelledLedger {
  readonly #ledger: TestLedger;
  readonly #parties = new Map<Name, TestParty>();
  readonly #names = new Map<string, Name>();
  readonly #invoices = new Map<string, InvoiceState>();
  readonly #notes = new Map<string, CreditNoteState>();
  #coins = new CoinPurses([]);

  private constructor(ledger: TestLedger) {
    this.#ledger = ledger;
    for (const name of [...COMPANIES, ...BANKS]) {
      const party = ledger.party(name);
      this.#parties.set(name, party);
      this.#names.set(party.party.id, name);
    }
  }

  static async start(): Promise<ModelledLedger> {
    const contracts = ["cash", "invoice"].map((app) => join(APPS, app));
    return new ModelledLedger(await TestLedger.start({ contracts }));
  }

  /** As at the beginning: coins of each bank and currency for each company, and nothing else. */
  reset(): void {
    this.#invoices.clear();
    this.#notes.clear();
    const kinds = BANKS.flatMap((issuer) => CURRENCIES.map((currency) => ({ issuer, currency })));
    const coins = COMPANIES.flatMap((owner) =>
      kinds.map(({ issuer, currency }) => this.#cash(issuer, owner, currency, COIN)),
    );
    this.#coins = new CoinPurses(coins);
  }

  get invoices(): readonly InvoiceState[] {
    return [...this.#invoices.values()];
  }

  /** What everybody holds together, by issuer and currency. */
  get money(): Map<string, bigint> {
    return this.#coins.totals();
  }

  build(draft: InvoiceDraft): Built {
    const { command, say, signers, absent, window } = draft;
    const transaction = this.#ledger.transaction();
    if (window !== undefined) transaction.timeWindow(window);
    for (const { before, after } of draft.changes) {
      const state = this.#invoices.get(before.id);
      if (state === undefined) throw new Error(`the model has an invoice ${before.id} to itself`);
      transaction.input(invoiceContract, "invoice", state);
      transaction.output(invoiceContract, "invoice", this.#invoice(after, state));
    }
    for (const invoice of draft.issued)
      transaction.output(invoiceContract, "invoice", this.#invoice(invoice));
    for (const { id } of draft.notesTaken) {
      const state = this.#notes.get(id);
      if (state === undefined) throw new Error(`the model has a credit note ${id} to itself`);
      transaction.input(invoiceContract, "credit-note", state);
    }
    for (const note of draft.notesIssued)
      transaction.output(invoiceContract, "credit-note", this.#creditNote(note));
    const { response, reason } = say ?? {};
    const data = {
      ...(response !== undefined && { response }),
      ...(reason !== undefined && { clarification: reason }),
    };
    transaction.command(invoiceContract, command, data, ...signers.map((name) => this.#of(name)));
    const spent = this.#moveCash(transaction, draft);
    if (absent !== undefined) transaction.withoutSignatureOf(this.#of(absent));
    return { transaction, spent };
  }

  /** What a verified transaction leaves behind is what the next ones begin with. */
  keep({ outputs }: VerifiedTransaction, { notesTaken }: InvoiceDraft, spent: CashState[]): void {
    const made: CashState[] = [];
    for (const { id } of notesTaken) this.#notes.delete(id);
    for (const { type, state } of outputs) {
      if (type === "cash") made.push(state as CashState);
      else if (type === "invoice") {
        const invoice = state as InvoiceState;
        this.#invoices.set(invoice.linearId, invoice);
      } else {
        const note = state as CreditNoteState;
        this.#notes.set(note.linearId, note);
      }
    }
    this.#coins.replace(spent, made);
  }

  /** What the ledger's own states say, in the model's words. */
  read(): { invoices: ModelInvoice[]; notes: ModelNote[] } {
    return {
      invoices: this.invoices.map((invoice) => ({
        ...this.#readDocument(invoice),
        issuers: invoice.cashIssuers.map((id) => this.#nameOf(id)),
        status: invoice.status,
        ...(invoice.clarification !== undefined && { reason: invoice.clarification }),
        paid: invoice.paidOnLedger,
        credited: invoice.creditedOnLedger,
        payments: invoice.payments.map(({ on, amount }) => ({ on, amount })),
      })),
      notes: [...this.#notes.values()].map((note) => ({
        ...this.#readDocument(note),
        ...(note.precedingInvoice !== undefined && { of: note.precedingInvoice }),
        ...(note.payee !== undefined && { payee: this.#nameOf(note.payee.id) }),
      })),
    };
  }

  #readDocument(document: InvoiceState | CreditNoteState) {
    const { linearId, number, seller, buyer, owner, currency, lines, totals, ordinal } = document;
    return {
      ...{ id: linearId, number, currency, ordinal },
      seller: this.#nameOf(seller.id),
      buyer: this.#nameOf(buyer.id),
      owner: this.#nameOf(owner.identity),
      net: lines.reduce((sum, { netAmount }) => sum + netAmount, 0n),
      payable: totals.payable,
    };
  }

  /** Each payer's coins of one kind are spent once, however many it pays with them. */
  #moveCash(transaction: TestTransaction, { cash, unbacked }: InvoiceDraft): CashState[] {
    const spent: CashState[] = [];
    const legs = cash.filter(({ amount }) => amount > 0n);
    const payments = new Map<string, typeof legs>();
    for (const leg of legs) {
      const kind = `${leg.from}/${leg.issuer}/${leg.currency}`;
      payments.set(kind, [...(payments.get(kind) ?? []), leg]);
    }
    const put = (issuer: Name, owner: Name, currency: string, amount: bigint) =>
      transaction.output(cashContract, "cash", this.#cash(issuer, owner, currency, amount));
    for (const [leg, ...more] of payments.values()) {
      if (leg === undefined) continue;
      const { from, issuer, currency } = leg;
      const sum = [leg, ...more].reduce((total, { amount }) => total + amount, 0n);
      const kind = { owner: this.#of(from).party.id, issuer: this.#of(issuer).party.id, currency };
      const coins = this.#coins.take(kind, sum);
      for (const coin of coins) transaction.input(cashContract, "cash", coin);
      spent.push(...coins);
      for (const each of [leg, ...more])
        put(issuer, each.to, currency, each.amount + (each === cash[0] ? unbacked : 0n));
      const change = coins.reduce((total, { amount }) => total + amount.minorUnits, -sum);
      if (change > 0n) put(issuer, from, currency, change);
    }
    const payers = new Set(legs.map(({ from }) => from));
    if (payers.size > 0)
      transaction.command(cashContract, "move", {}, ...[...payers].map((name) => this.#of(name)));
    return spent;
  }

  #invoice(model: ModelInvoice, before?: InvoiceState): InvoiceState {
    const { clarification: _, ...rest } = before ?? {};
    return {
      ...(this.#document(model, before) as InvoiceState),
      ...rest,
      ...this.#document(model, before),
      cashIssuers: model.issuers.map((name) => this.#of(name).party.id),
      status: model.status as InvoiceState["status"],
      ...(model.reason !== undefined && { clarification: model.reason }),
      paidOnLedger: model.paid,
      creditedOnLedger: model.credited,
      payments: model.payments,
    };
  }

  #creditNote(model: ModelNote): CreditNoteState {
    const { of, payee } = model;
    return {
      ...this.#document(model),
      typeCode: "381",
      ...(of !== undefined && { precedingInvoice: of }),
      ...(payee !== undefined && { payee: this.#of(payee).party }),
    };
  }

  #document(model: ModelInvoice | ModelNote, before?: InvoiceState): CreditNoteState {
    const { id, number, seller, buyer, currency, net, payable, ordinal } = model;
    const exempt = { vatCategory: "Z", vatRate: "0" };
    const line = { id: "1", name: "Spindel", quantity: "1", unit: "C62", price: "1" };
    const none = { allowances: 0n, charges: 0n, vat: 0n, paid: 0n, rounding: 0n };
    return {
      ...{ linearId: id, number, currency, ordinal, issueDate: "2026-03-02", typeCode: "380" },
      seller: this.#of(seller).party,
      buyer: this.#of(buyer).party,
      owner: this.#owner(model.owner, before?.owner),
      lines: [{ ...line, ...exempt, netAmount: net }],
      ...{ allowances: [], charges: [] },
      vatBreakdown: [{ ...exempt, taxableAmount: net, taxAmount: 0n }],
      totals: { ...none, lineNet: net, withoutVat: net, withVat: net, payable },
      source: "50".repeat(32),
    };
  }

  /** The same owner stays under the same key. */
  #owner(name: Name, before?: Holder): Holder {
    const { party, holder } = this.#of(name);
    return before?.identity === party.id ? before : holder({ oneTimeKey: true });
  }

  #cash(issuer: Name, owner: Name, currency: string, minorUnits: bigint): CashState {
    return {
      issuer: this.#of(issuer).party,
      owner: this.#of(owner).holder({ oneTimeKey: true }),
      amount: { minorUnits, currency },
    };
  }

  #of(name: Name): TestParty {
    const party = this.#parties.get(name);
    if (party === undefined) throw new Error(`nobody in the model is called ${name}`);
    return party;
  }

  #nameOf(id: string): Name {
    return this.#names.get(id) ?? id;
  }
}
