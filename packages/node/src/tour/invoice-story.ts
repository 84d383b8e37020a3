import { type CashState, cashContract } from "@stateset/cash/contract";
import type { SecretKey } from "@stateset/codec";
import { buildIssueTransaction, formatMoney, type UblInvoice } from "@stateset/invoice";
import { type InvoiceState, invoiceContract } from "@stateset/invoice/contract";
import type {
  CommandSigner,
  Holder,
  SignedTransaction,
  VerifiedTransaction,
} from "@stateset/ledger";
import type { DevelopmentNetwork, DevelopmentParty } from "../development/development-network.ts";
import type { TourLedger } from "./tour-ledger.ts";

type Cast = {
  ubl: UblInvoice;
  xml: Uint8Array;
  network: DevelopmentNetwork;
  ledger: TourLedger;
  seller: DevelopmentParty;
  buyer: DevelopmentParty;
  bank: DevelopmentParty;
};
type Step = { step: string; say: string; run: () => Promise<VerifiedTransaction> };
type Trick = { trick: string; attempt: () => SignedTransaction };
type Held<S> = { state: S; txId: VerifiedTransaction["id"]; index: number };

/** One invoice from issue to payment, and the ways to cheat on the way. */
export class InvoiceStory {
  readonly #cast: Cast;
  /** One-time keys, by the public key that holders show. */
  readonly #keys = new Map<string, SecretKey>();
  #cash: Held<CashState> | undefined;
  #invoice: Held<InvoiceState> | undefined;
  #payment: SignedTransaction | undefined;

  constructor(cast: Cast) {
    this.#cast = cast;
  }

  /** The transaction that paid the invoice. */
  get payment(): SignedTransaction {
    return this.#payment as SignedTransaction;
  }

  steps(): Step[] {
    const { seller, buyer, bank, ubl } = this.#cast;
    const [sellerName, buyerName, bankName] = [seller, buyer, bank].map(({ party }) => party.name);
    const payable = formatMoney(ubl.totals.payable, ubl.currency);
    return [
      {
        step: "issue",
        say: `${bankName} issues ${payable} to ${buyerName}`,
        run: () => this.#fund(),
      },
      {
        step: "issue",
        say: `${sellerName} issues invoice ${ubl.number}`,
        run: () => this.#issue(),
      },
      { step: "approve", say: `${buyerName} approves it`, run: () => this.#approve() },
      { step: "pay", say: `${buyerName} pays: cash and invoice in one`, run: () => this.#pay() },
    ];
  }

  tricks(): Trick[] {
    const { seller, buyer } = this.#cast;
    const paid = this.#held(this.#invoice);
    const { state } = paid;
    return [
      {
        trick: "the seller voids an invoice that is paid",
        attempt: () => this.#update(paid, { ...state, status: "void" }, "void", {}, seller),
      },
      {
        trick: "the buyer disapproves after the fact",
        attempt: () => {
          const after = { ...state, status: "rejected" as const, clarification: "REF" };
          const data = { response: "RE", clarification: "REF" };
          return this.#update(paid, after, "respond", data, seller, buyer);
        },
      },
      {
        trick: "the buyer transfers the claim to itself",
        attempt: () => {
          const after = { ...state, owner: this.#holder(buyer) };
          return this.#update(paid, after, "transfer", {}, buyer);
        },
      },
      {
        trick: "the seller adds a zero to the total",
        attempt: () => {
          const totals = { ...state.totals, payable: state.totals.payable * 10n };
          return this.#update(paid, { ...state, totals }, "write-off", {}, seller);
        },
      },
      {
        trick: "somebody changes a digit of a signature",
        attempt: () => damaged(this.#update(paid, { ...state }, "write-off", {}, seller)),
      },
    ];
  }

  async #fund(): Promise<VerifiedTransaction> {
    const { ledger, bank, buyer, ubl } = this.#cast;
    const { totals, currency } = ubl;
    const amount = { minorUnits: totals.payable, currency };
    const state: CashState = { issuer: bank.party, owner: this.#holder(buyer), amount };
    const builder = ledger.builder();
    const governing = { ...ledger.cash.governing, contract: cashContract };
    builder.addOutput(governing, "cash", state);
    builder.addCommand(governing, "issue", {}, [signer(bank)]);
    const verified = await ledger.record(ledger.sign(builder.build(), bank.key));
    this.#cash = { state, txId: verified.id, index: 0 };
    return verified;
  }

  async #issue(): Promise<VerifiedTransaction> {
    const { ledger, seller, buyer, ubl, xml, network } = this.#cast;
    const transaction = buildIssueTransaction({
      ubl,
      xml: new Uint8Array(xml),
      seller: seller.party,
      buyer: buyer.party,
      owner: this.#holder(seller),
      governing: ledger.invoice.governing,
      network,
    });
    return await this.#keep(ledger.sign(transaction, seller.key));
  }

  async #approve(): Promise<VerifiedTransaction> {
    const { seller, buyer } = this.#cast;
    const before = this.#held(this.#invoice);
    const after = { ...before.state, status: "approved" as const };
    return await this.#keep(
      this.#update(before, after, "respond", { response: "AP" }, seller, buyer),
    );
  }

  async #pay(): Promise<VerifiedTransaction> {
    const { ledger, seller, buyer } = this.#cast;
    const before = this.#held(this.#invoice);
    const cash = this.#held(this.#cash);
    const builder = ledger.builder();
    const governing = { ...ledger.cash.governing, contract: cashContract };
    builder.addInput({ txId: cash.txId, index: cash.index }, governing);
    builder.addOutput(governing, "cash", { ...cash.state, owner: this.#holder(seller) });
    builder.addCommand(governing, "move", {}, [signer(buyer)]);
    const paidOnLedger = before.state.totals.payable;
    const after = { ...before.state, status: "paid" as const, paidOnLedger };
    this.#addUpdate(builder, before, after, "pay", {}, [seller]);
    const keys = [this.#keyOf(before), this.#keyOf(cash), seller.key, buyer.key];
    this.#payment = ledger.sign(builder.build(), ...keys);
    return await this.#keep(this.#payment);
  }

  /** Records, and holds on to the invoice that comes out. */
  async #keep(signed: SignedTransaction): Promise<VerifiedTransaction> {
    const verified = await this.#cast.ledger.record(signed);
    const index = verified.outputs.findIndex(({ type }) => type === "invoice");
    const state = verified.outputs[index]?.state as unknown as InvoiceState;
    this.#invoice = { state, txId: verified.id, index };
    return verified;
  }

  #update(
    before: Held<InvoiceState>,
    after: InvoiceState,
    command: keyof (typeof invoiceContract)["commands"] & string,
    data: object,
    ...signers: DevelopmentParty[]
  ): SignedTransaction {
    const { ledger } = this.#cast;
    const builder = ledger.builder();
    this.#addUpdate(builder, before, after, command, data, signers);
    const keys = [this.#keyOf(before), ...signers.map(({ key }) => key)];
    return ledger.sign(builder.build(), ...keys);
  }

  #addUpdate(
    builder: ReturnType<TourLedger["builder"]>,
    before: Held<InvoiceState>,
    after: InvoiceState,
    command: string,
    data: object,
    signers: readonly DevelopmentParty[],
  ): void {
    const governing = { ...this.#cast.ledger.invoice.governing, contract: invoiceContract };
    builder.addInput({ txId: before.txId, index: before.index }, governing);
    builder.addOutput(governing, "invoice", after);
    builder.addCommand(governing, command, data as never, signers.map(signer));
  }

  #holder(party: DevelopmentParty): Holder {
    const { holder, key } = this.#cast.network.holder(party);
    this.#keys.set(holder.key?.key ?? "", key);
    return holder;
  }

  #keyOf({ state }: Held<{ owner: Holder }>): SecretKey {
    return this.#keys.get(state.owner.key?.key ?? "") as SecretKey;
  }

  #held<S>(held: Held<S> | undefined): Held<S> {
    if (held === undefined) throw new Error("the story is told out of order");
    return held;
  }
}

function damaged({ transaction, signatures }: SignedTransaction): SignedTransaction {
  const [first, ...rest] = signatures;
  const by = { ...first?.by } as { signature: string };
  by.signature = `${by.signature.startsWith("0") ? "1" : "0"}${by.signature.slice(1)}`;
  return { transaction, signatures: [{ ...first, by } as never, ...rest] };
}

function signer({ party }: DevelopmentParty): CommandSigner {
  return { kind: "identity", identity: party.id };
}
