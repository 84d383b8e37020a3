import { join } from "node:path";
import { type CashState, cashContract } from "@stateset/cash/contract";
import { invoiceContract } from "@stateset/invoice/contract";
import type { VerifiedTransaction } from "@stateset/ledger";
import {
  CoinPurses,
  sumBy,
  TestLedger,
  type TestParty,
  type TestTransaction,
} from "@stateset/testing";
import { expect } from "vitest";
import { receivableContract } from "../../src/contract/index.ts";
import { BANKS, COMPANIES, CURRENCIES } from "./model-cast.ts";
import { ModelledStates } from "./modelled-states.ts";
import type { Change, ModelWorld, Name, ReceivableDraft } from "./receivable-draft.ts";

const APPS = join(import.meta.dirname, "../../..");
/** More than any sequence spends. */
const COIN = 100_000_000_000n;
type AnyState = Record<string, unknown>;

/** A draft as a transaction, and the coins that it spends. */
export type Built = { transaction: TestTransaction; spent: CashState[] };

/**
 * The real thing beside the model: the states of the last verified transactions, by which drafts
 * become transactions.
 */
export class ModelledLedger {
  readonly #ledger: TestLedger;
  readonly #states: ModelledStates;
  readonly #names = new Map<string, Name>();
  readonly #live = new Map<string, AnyState>();
  #coins: readonly CashState[] = [];
  #purses = new CoinPurses([]);

  private constructor(ledger: TestLedger) {
    this.#ledger = ledger;
    const parties = new Map<Name, TestParty>();
    for (const name of [...COMPANIES, ...BANKS]) {
      const party = ledger.party(name);
      parties.set(name, party);
      this.#names.set(party.party.id, name);
    }
    this.#states = new ModelledStates(parties);
  }

  static async start(): Promise<ModelledLedger> {
    const contracts = ["cash", "invoice", "receivable"].map((app) => join(APPS, app));
    return new ModelledLedger(await TestLedger.start({ contracts }));
  }

  /** Coins of each bank and currency for each company, and the world's invoices. */
  reset({ invoices }: ModelWorld): void {
    this.#live.clear();
    for (const invoice of invoices.values())
      this.#live.set(invoice.id, this.#states.invoice(invoice));
    const kinds = BANKS.flatMap((issuer) => CURRENCIES.map((currency) => ({ issuer, currency })));
    this.#coins = COMPANIES.flatMap((owner) =>
      kinds.map(({ issuer, currency }) => this.#states.cash(issuer, owner, currency, COIN)),
    );
    this.#purses = new CoinPurses(this.#coins);
  }

  /** What everybody holds together, by issuer and currency. */
  get money(): Map<string, bigint> {
    return this.#purses.totals();
  }

  /** What each party holds of a currency, whoever issued it. */
  get purses(): Map<string, bigint> {
    return sumBy(
      this.#coins,
      ({ owner, amount }) => `${this.nameOf(owner.identity)}/${amount.currency}`,
    );
  }

  nameOf(id: string): Name {
    return this.#names.get(id) ?? id;
  }

  live(id: string): AnyState | undefined {
    return this.#live.get(id);
  }

  build(draft: ReceivableDraft): Built {
    const { command, signers, absent, window, ofInvoice } = draft;
    const transaction = this.#ledger.transaction().timeWindow(window);
    const states = this.#states;
    for (const { before, after } of draft.offers) {
      if (before) transaction.input(receivableContract, "offer", this.#of(before));
      if (after) transaction.output(receivableContract, "offer", states.offer(after));
    }
    for (const { before, after } of draft.receivables) {
      if (before) transaction.input(receivableContract, "receivable", this.#of(before));
      if (after) transaction.output(receivableContract, "receivable", states.receivable(after));
    }
    for (const { before, after } of draft.notices) {
      if (before) transaction.input(receivableContract, "notice", this.#of(before));
      if (after) transaction.output(receivableContract, "notice", states.notice(after));
    }
    for (const invoice of draft.shown)
      transaction.reference(invoiceContract, "invoice", states.invoice(invoice));
    for (const { before, after } of draft.invoices) {
      transaction.input(invoiceContract, "invoice", this.#of(before));
      transaction.output(invoiceContract, "invoice", states.invoice(after));
      if (ofInvoice?.command !== "credit") continue;
      const note = states.creditNote(before, after.credited - before.credited);
      transaction.input(invoiceContract, "credit-note", note);
    }
    const parties = (names: readonly Name[]) => names.map((name) => states.party(name));
    if (command !== undefined)
      transaction.command(receivableContract, command, {}, ...parties(signers));
    if (ofInvoice !== undefined)
      transaction.command(invoiceContract, ofInvoice.command, {}, ...parties(ofInvoice.signers));
    const spent = this.#moveCash(transaction, draft);
    if (absent !== undefined) transaction.withoutSignatureOf(states.party(absent));
    return { transaction, spent };
  }

  /** What a verified transaction leaves behind is what the next ones begin with. */
  keep(
    { outputs }: VerifiedTransaction,
    draft: ReceivableDraft,
    spent: readonly CashState[],
  ): void {
    const changes: Change<{ id: string }>[] = [
      ...draft.offers,
      ...draft.receivables,
      ...draft.notices,
      ...draft.invoices,
    ];
    for (const { before } of changes) if (before !== undefined) this.#live.delete(before.id);
    const made: CashState[] = [];
    for (const { type, state } of outputs) {
      if (type === "cash") made.push(state as CashState);
      else this.#live.set(state.linearId as string, state as AnyState);
    }
    this.#coins = [...this.#coins.filter((coin) => !spent.includes(coin)), ...made];
    this.#purses.replace(spent, made);
  }

  /** The ledger's own states are what the model has, each to the last field, and no more. */
  expectAsIn({ offers, receivables, notices, invoices }: ModelWorld): void {
    const states = this.#states;
    const expected = [
      ...[...offers.values()].map((each) => states.offer(each)),
      ...[...receivables.values()].map((each) => states.receivable(each)),
      ...[...notices.values()].map((each) => states.notice(each)),
      ...[...invoices.values()].map((each) => states.invoice(each)),
    ];
    expect(this.#live).toEqual(new Map(expected.map((state) => [state.linearId, state])));
  }

  /** As the ledger has it, not the model. */
  #of({ id }: { id: string }): never {
    const state = this.#live.get(id);
    if (state === undefined) throw new Error(`the model has a state ${id} to itself`);
    return state as never;
  }

  /** Each payer's coins of one kind are spent once, however many it pays with them. */
  #moveCash(transaction: TestTransaction, draft: ReceivableDraft): CashState[] {
    const spent: CashState[] = [];
    const legs = draft.cash.filter(({ amount }) => amount > 0n);
    const kinds = new Map<string, typeof legs>();
    for (const leg of legs) {
      const kind = `${leg.from}/${leg.issuer}/${leg.currency}`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), leg]);
    }
    for (const [leg, ...more] of kinds.values()) {
      if (leg === undefined) continue;
      const { from, issuer, currency } = leg;
      const [owner, bank] = [
        this.#states.party(from).party.id,
        this.#states.party(issuer).party.id,
      ];
      const sum = [leg, ...more].reduce((total, { amount }) => total + amount, 0n);
      const coins = this.#purses.take({ owner, issuer: bank, currency }, sum);
      const put = (to: Name, amount: bigint) =>
        transaction.output(cashContract, "cash", this.#states.cash(issuer, to, currency, amount));
      for (const coin of coins) transaction.input(cashContract, "cash", coin);
      spent.push(...coins);
      for (const { to, amount } of [leg, ...more]) put(to, amount);
      const change = coins.reduce((total, { amount }) => total + amount.minorUnits, -sum);
      if (change > 0n) put(from, change);
    }
    const payers = [...new Set(legs.map(({ from }) => from))];
    if (payers.length > 0)
      transaction.command(
        cashContract,
        "move",
        {},
        ...payers.map((name) => this.#states.party(name)),
      );
    return spent;
  }
}
