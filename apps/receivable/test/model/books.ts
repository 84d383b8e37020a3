import type { InvoiceState } from "@stateset/invoice/contract";
import type { VerifiedTransaction } from "@stateset/ledger";
import { expect } from "vitest";
import type { ReceivableState } from "../../src/contract/index.ts";
import type { ModelledLedger } from "./modelled-ledger.ts";
import type { ReceivableDraft } from "./receivable-draft.ts";
import { isTerminal, type Kind, STATUSES } from "./status-table.ts";

/**
 * What everybody ought to have, kept by what the ledger's own states say of advances, payments and
 * settlements, and held against the coins: whatever the model thinks of them.
 */
export class Books {
  readonly #money: Map<string, bigint>;
  readonly #due: Map<string, bigint>;
  /** What each owner has received on an invoice since it owns it. */
  #received = new Map<string, bigint>();

  constructor(atFirst: ModelledLedger) {
    this.#money = atFirst.money;
    this.#due = new Map(atFirst.purses);
  }

  /** A transaction has been accepted; the ledger does not know its outputs yet. */
  follow(ledger: ModelledLedger, { outputs }: VerifiedTransaction, draft: ReceivableDraft): void {
    for (const { from, to, currency, amount } of draft.aside)
      this.#move(from, to, currency, amount);
    for (const { type, state } of outputs) {
      const before = ledger.live(state.linearId as string);
      if (type === "invoice")
        this.#followInvoice(ledger, before as InvoiceState, state as InvoiceState);
      const kind = KINDS[type];
      if (kind === undefined) continue;
      const { status } = state as { status: string };
      expect(STATUSES[kind]).toContain(status);
      if (before !== undefined) {
        const was = before.status as string;
        expect(isTerminal(kind, was), `${was} stays`).toBe(false);
      }
    }
    for (const { type, state } of outputs)
      if (type === "receivable")
        this.#followReceivable(
          ledger,
          ledger.live(state.linearId as string) as ReceivableState | undefined,
          state as ReceivableState,
        );
  }

  /** Once the ledger has taken the transaction up. */
  hold(ledger: ModelledLedger): void {
    expect(ledger.money, "money is conserved").toEqual(this.#money);
    expect(ledger.purses, "everybody has what the states say").toEqual(this.#due);
  }

  #followInvoice(ledger: ModelledLedger, before: InvoiceState, after: InvoiceState): void {
    const [buyer, owner] = [after.buyer.id, after.owner.identity].map((id) => ledger.nameOf(id));
    const isSold = before.owner.identity !== after.owner.identity;
    const paid = after.paidOnLedger - before.paidOnLedger;
    this.#move(buyer ?? "", owner ?? "", after.currency, paid);
    const received = isSold ? 0n : (this.#received.get(after.linearId) ?? 0n);
    // Who gives the title back is asked for what it received until then.
    if (isSold)
      this.#received.set(`${after.linearId}/before`, this.#received.get(after.linearId) ?? 0n);
    this.#received.set(after.linearId, received + paid);
  }

  #followReceivable(
    ledger: ModelledLedger,
    before: ReceivableState | undefined,
    after: ReceivableState,
  ): void {
    const [lender, assignor] = [after.lender.id, after.assignor.id].map((id) => ledger.nameOf(id));
    const { advance, reserve, face, released, charged, collected, currency, status } = after;
    expect(advance + reserve).toBe(face);
    const move = (amount: bigint) => this.#move(lender ?? "", assignor ?? "", currency, amount);
    move(before === undefined ? advance : released - charged);
    if (!isTerminal("receivables", status)) return;
    const isReturned = status === "repurchased";
    const received =
      this.#received.get(isReturned ? `${after.invoice}/before` : after.invoice) ?? 0n;
    expect(collected, "all that the lender has received is settled").toBe(received);
    const toLender = received - advance - released + charged;
    const { discount, fee } = after;
    const isWhole = released > 0n || toLender === discount + fee;
    expect(toLender <= discount + fee, "the lender has no more than its price").toBe(true);
    if (isWhole) expect(advance + released - charged).toBe(collected - discount - fee);
  }

  #move(from: string, to: string, currency: string, amount: bigint): void {
    const add = (name: string, more: bigint) =>
      this.#due.set(`${name}/${currency}`, (this.#due.get(`${name}/${currency}`) ?? 0n) + more);
    add(from, -amount);
    add(to, amount);
  }
}

const KINDS: { readonly [type: string]: Kind } = {
  offer: "offers",
  receivable: "receivables",
  notice: "notices",
};
