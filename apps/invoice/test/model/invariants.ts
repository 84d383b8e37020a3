import type { CashState } from "@stateset/cash/contract";
import { sumBy } from "@stateset/testing";
import { expect } from "vitest";
import type { InvoiceState } from "../../src/contract/index.ts";
import type { InvoiceDraft } from "./invoice-draft.ts";
import type { ModelledLedger } from "./modelled-ledger.ts";
import { isTerminal, STATUSES } from "./status-table.ts";

/** What holds of the ledger's own states at all times, whatever the model thinks of them. */
export class Invariants {
  readonly #money: Map<string, bigint>;
  /** What payees have received in all payments so far, counted by the coins themselves. */
  #received = 0n;

  constructor(atFirst: ModelledLedger) {
    this.#money = atFirst.money;
  }

  /** A transaction has been accepted; the ledger does not know its outputs yet. */
  follow(
    ledger: ModelledLedger,
    { command }: InvoiceDraft,
    { spent, made }: { spent: readonly CashState[]; made: readonly Record<string, unknown>[] },
  ): void {
    const before = new Map(ledger.invoices.map((invoice) => [invoice.linearId, invoice]));
    const invoices = made.filter((state): state is InvoiceState => "payments" in state);
    const coins = made.filter((state): state is CashState => "amount" in state);
    for (const { linearId } of invoices) {
      const old = before.get(linearId);
      if (old !== undefined) expect(isTerminal(old.status), `${old.status} stays`).toBe(false);
    }
    if (command !== "pay") return;
    const payeeOf = ({ owner, amount }: CashState) => `${owner.identity}/${amount.currency}`;
    const [out, into] = [sumBy(spent, payeeOf), sumBy(coins, payeeOf)];
    const payees = new Set(invoices.map((each) => `${each.owner.identity}/${each.currency}`));
    for (const payee of payees) this.#received += (into.get(payee) ?? 0n) - (out.get(payee) ?? 0n);
  }

  /** Once the ledger has taken the transaction up. */
  hold(ledger: ModelledLedger): void {
    expect(ledger.money, "money is conserved").toEqual(this.#money);
    let counted = 0n;
    for (const invoice of ledger.invoices) {
      assertSums(invoice);
      counted += invoice.paidOnLedger;
    }
    expect(counted, "what counts as paid is what payees received").toBe(this.#received);
  }
}

function assertSums(invoice: InvoiceState): void {
  const { status, totals, paidOnLedger: paid, creditedOnLedger: credited, payments } = invoice;
  expect(STATUSES).toContain(status);
  const outstanding = totals.payable - paid - credited;
  expect(outstanding >= 0n && paid >= 0n && credited >= 0n, "no part is negative").toBe(true);
  expect(payments.reduce((sum, { amount }) => sum + amount, 0n)).toBe(paid);
  expect(payments.every(({ amount }) => amount > 0n)).toBe(true);
  const isSettled = status === "paid" || status === "credited";
  expect(outstanding === 0n, `nothing is owed if ${status}, and only then`).toBe(isSettled);
  const hasPayment = ["partially-paid", "paid"].includes(status);
  if (status !== "written-off") expect(paid > 0n, `something is paid, or not`).toBe(hasPayment);
  if (!isSettled && !["approved", "partially-paid", "written-off"].includes(status))
    expect(paid + credited, "nothing is settled before approval").toBe(0n);
}
