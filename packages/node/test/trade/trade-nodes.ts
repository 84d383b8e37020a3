import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FlowRecord, VaultState } from "@stateset/flow";
import invoiceApp, { readUbl } from "@stateset/invoice";
import receivableApp from "@stateset/receivable";
import { expect } from "vitest";
import { appFolder } from "../../src/development/development-network.ts";
import { MemoryNodes } from "../flows/memory-nodes.ts";

export type Trader = "seller" | "buyer" | "lender" | "bank";
type Input = Record<string, unknown>;

/** A seller, its buyer, two lenders and a bank over memory, with an invoice between the first two. */
export class TradeNodes {
  readonly nodes: MemoryNodes;
  readonly document: Buffer;
  readonly ubl: ReturnType<typeof readUbl>;
  readonly #names: Record<string, string>;

  private constructor(nodes: MemoryNodes, document: Buffer, names: Record<string, string>) {
    this.nodes = nodes;
    this.document = document;
    this.ubl = readUbl(document);
    this.#names = names;
  }

  static async start(sample = "invoice-eur-standard.xml"): Promise<TradeNodes> {
    const document = sampleDocument(sample);
    const { seller, buyer } = readUbl(document);
    const names = { seller: seller.name, buyer: buyer.name, lender: "Lender", bank: "Bank" };
    const contractApps = [
      { app: invoiceApp, folder: appFolder("invoice") },
      { app: receivableApp, folder: appFolder("receivable") },
    ];
    const nodes = await MemoryNodes.startWith({ contractApps }, ...Object.values(names), "Rival");
    return new TradeNodes(nodes, document, { ...names, rival: "Rival" });
  }

  nameOf(trader: string): string {
    return this.#names[trader] ?? trader;
  }

  node(trader: string) {
    return this.nodes.node(this.nameOf(trader));
  }

  async run(trader: string, flow: string, input: Input): Promise<FlowRecord> {
    const { engine } = this.node(trader);
    const { id } = await engine.start({ flow, input, startedBy: "test" });
    return await engine.ended(id);
  }

  /** Runs a flow that must complete, and gives its result. */
  async done(trader: string, flow: string, input: Input): Promise<Record<string, string>> {
    const record = await this.run(trader, flow, input);
    expect({ flow, status: record.status, error: record.error }).toEqual({
      flow,
      status: "COMPLETED",
      error: undefined,
    });
    return JSON.parse(record.result ?? "{}") as Record<string, string>;
  }

  async fund(trader: string, minorUnits: bigint): Promise<void> {
    const amount = { minorUnits: String(minorUnits), currency: this.ubl.currency };
    await this.done("bank", "cash/issue", { to: this.nameOf(trader), amount });
  }

  async issue(document = this.document): Promise<string> {
    const input = { document: document.toString("base64"), cashIssuers: ["Bank"] };
    const { linearId } = await this.done("seller", "invoice/issue", input);
    return linearId as string;
  }

  async approved(document = this.document): Promise<string> {
    const invoice = await this.issue(document);
    await this.done("buyer", "invoice/respond", { invoice, response: "AP" });
    return invoice;
  }

  async states(trader: string, type: string): Promise<VaultState[]> {
    const [contract = "", state = ""] = type.split("/");
    const { items } = await this.node(trader).store.query({ contract, type: state, limit: 500 });
    return items;
  }

  /** The one state of a type and linear id that a vault has, once it has the ref that is expected. */
  async state(trader: string, type: string, linearId: string): Promise<Record<string, unknown>> {
    const found = (await this.states(trader, type)).find(({ state }) => state.linearId === linearId);
    return found?.state ?? {};
  }

  /** Waits until all of them have the very same state. */
  async agree(type: string, linearId: string, ...traders: string[]): Promise<void> {
    const refs = async () =>
      await Promise.all(
        traders.map(async (trader) => {
          const all = await this.states(trader, type);
          return all.filter(({ state }) => state.linearId === linearId).map(({ ref }) => ref);
        }),
      );
    await expect
      .poll(async () => {
        const [first, ...others] = (await refs()).map((each) => JSON.stringify(each));
        return first !== "[]" && others.every((other) => other === first);
      })
      .toBe(true);
  }

  async balance(trader: string): Promise<bigint> {
    const { store } = this.node(trader);
    const query = { contract: "cash", type: "cash", isOurs: true, limit: 500 };
    const { items } = await store.query(query);
    return items.reduce(
      (sum, { state }) => sum + BigInt((state.amount as { minorUnits: string }).minorUnits),
      0n,
    );
  }

  /** Asks the lender, and has it offer on these terms. */
  async offered(invoice: string, terms: Input = {}, lender = "lender"): Promise<string> {
    const request = { invoice, lender: this.nameOf(lender) };
    const { offer } = await this.done("seller", "receivable/request", request);
    await this.done(lender, "receivable/quote", { offer, ...TERMS, ...terms });
    await this.agree("receivable/offer", offer as string, "seller", lender);
    return offer as string;
  }

  async assigned(invoice: string, terms: Input = {}): Promise<Record<string, string>> {
    const offer = await this.offered(invoice, terms);
    await this.done("seller", "receivable/accept", { offer });
    return await this.done("lender", "receivable/assign", { offer });
  }

  async stop(): Promise<void> {
    await this.nodes.stop();
  }
}

/** What the lender of these tests offers. */
export const TERMS = {
  advanceRate: "80",
  discountRate: "7.5",
  feeRate: "0.5",
  dayCount: "A004",
  cashIssuer: "Bank",
  overdueDaysMax: 3650,
};

export function sampleDocument(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../../../samples/${name}`, import.meta.url)));
}
