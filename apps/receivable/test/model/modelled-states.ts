import type { CashState } from "@stateset/cash/contract";
import type { CreditNoteState, InvoiceState } from "@stateset/invoice/contract";
import type { Holder } from "@stateset/ledger";
import type { TestParty } from "@stateset/testing";
import type { NoticeState, OfferState, ReceivableState, Terms } from "../../src/contract/index.ts";
import { BANKS } from "./model-cast.ts";
import type {
  Day,
  ModelInvoice,
  ModelNotice,
  ModelOffer,
  ModelReceivable,
  ModelTerms,
  Name,
} from "./receivable-draft.ts";

/** The model's words as the ledger's states. */
export class ModelledStates {
  readonly #parties: ReadonlyMap<Name, TestParty>;
  readonly #holders = new Map<string, Holder>();

  constructor(parties: ReadonlyMap<Name, TestParty>) {
    this.#parties = parties;
  }

  offer(model: ModelOffer): OfferState {
    const { terms, validUntil, face, due, status } = model;
    return {
      ...this.#claim(model),
      ...{ face, dueDate: dateOf(due) },
      status: status as OfferState["status"],
      ...(terms !== undefined && { terms: this.#terms(terms) }),
      ...(validUntil !== undefined && { validUntil }),
    };
  }

  receivable(model: ModelReceivable): ReceivableState {
    const { face, advance, reserve, paidBefore, creditedBefore, collected, diluted } = model;
    const { discount, fee, released, charged } = model;
    return {
      ...this.#claim(model),
      ...{ face, advance, reserve, paidBefore, creditedBefore },
      ...{ collected, diluted, discount, fee, released, charged },
      ...{ dueDate: dateOf(model.due), assignedOn: dateOf(model.assignedOn) },
      terms: this.#terms(model.terms),
      status: model.status as ReceivableState["status"],
    };
  }

  notice(model: ModelNotice): NoticeState {
    const { receivable, amount, status } = model;
    return {
      ...{ ...this.#claim(model), receivable, amount },
      status: status as NoticeState["status"],
    };
  }

  invoice(model: ModelInvoice): InvoiceState {
    const { id, due, status, paid, credited, payments, owner } = model;
    return {
      ...this.#document(model, model.payable),
      ...(due !== undefined && { dueDate: dateOf(due) }),
      ...{ cashIssuers: this.#issuers(), paidOnLedger: paid, creditedOnLedger: credited },
      status: status as InvoiceState["status"],
      payments: payments.map(({ on, amount }) => ({ on: dateOf(on), amount })),
      owner: this.#holder(id, owner),
    };
  }

  /** The buyer's, over so much, for this invoice only. */
  creditNote(of: ModelInvoice, payable: bigint): CreditNoteState {
    return {
      ...this.#document(of, payable),
      ...{ linearId: "cc".repeat(16), typeCode: "381", precedingInvoice: of.id },
      owner: this.party(of.buyer).holder({ oneTimeKey: true }),
    };
  }

  cash(issuer: Name, owner: Name, currency: string, minorUnits: bigint): CashState {
    return {
      issuer: this.party(issuer).party,
      owner: this.party(owner).holder({ oneTimeKey: true }),
      amount: { minorUnits, currency },
    };
  }

  party(name: Name): TestParty {
    const party = this.#parties.get(name);
    if (party === undefined) throw new Error(`nobody in the model is called ${name}`);
    return party;
  }

  #claim({
    id,
    invoice,
    number,
    lender,
    assignor,
    debtor,
    currency,
    owner,
  }: ModelOffer | ModelNotice | ModelReceivable) {
    return {
      ...{ linearId: id, invoice, invoiceNumber: number, currency },
      lender: this.party(lender).party,
      assignor: this.party(assignor).party,
      debtor: this.party(debtor).party,
      owner: this.#holder(id, owner),
    };
  }

  #terms(model: ModelTerms): Terms {
    const { advance, discount, fee, dayCount, issuer, overdueMax, recourse, dilution } = model;
    return {
      ...{ advanceRate: advance, discountRate: discount, feeRate: fee, dayCount },
      ...{ overdueDaysMax: overdueMax, dilutionRecourse: dilution },
      ...(recourse !== undefined && { recourseDays: recourse }),
      cashIssuer: this.party(issuer).party.id,
    };
  }

  #document({ id, number, currency, seller, buyer }: ModelInvoice, payable: bigint) {
    const exempt = { vatCategory: "Z", vatRate: "0" };
    const line = { id: "1", name: "Spindel", quantity: "1", unit: "C62", price: "1" };
    const none = { allowances: 0n, charges: 0n, vat: 0n, paid: 0n, rounding: 0n };
    return {
      ...{ linearId: id, number, currency, ordinal: 0, issueDate: "2026-01-02", typeCode: "380" },
      seller: this.party(seller).party,
      buyer: this.party(buyer).party,
      lines: [{ ...line, ...exempt, netAmount: payable }],
      ...{ allowances: [], charges: [] },
      vatBreakdown: [{ ...exempt, taxableAmount: payable, taxAmount: 0n }],
      totals: { ...none, lineNet: payable, withoutVat: payable, withVat: payable, payable },
      source: "50".repeat(32),
    };
  }

  /** The same owner of a state holds it under the same key, so that it stays what it was. */
  #holder(id: string, name: Name): Holder {
    const key = `${id}/${name}`;
    const holder = this.#holders.get(key) ?? this.party(name).holder({ oneTimeKey: true });
    this.#holders.set(key, holder);
    return holder;
  }

  #issuers() {
    return BANKS.map((name) => this.party(name).party.id);
  }
}

function dateOf(day: Day): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
