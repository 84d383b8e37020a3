import type { FlowRecord, VaultState } from "@stateset/flow";
import invoiceApp, { readUbl } from "@stateset/invoice";
import receivableApp from "@stateset/receivable";
import { expect } from "vitest";
import { appFolder } from "../../src/development/development-network.ts";
import { MemoryNodes } from "../flows/memory-nodes.ts";
import { assertBooksAgree } from "./books.ts";
import { MovableClock } from "./movable-clock.ts";
import { sampleDocument } from "./trade-documents.ts";

type Input = Record<string, unknown>;

/** A seller, its buyer, two lenders and a bank over memory, with an invoice between the first two. */
export class TradeNodes {
  readonly nodes: MemoryNodes;
  readonly document: Buffer;
  readonly ubl: ReturnType<typeof readUbl>;
  readonly clock: MovableClock;
  /** Cash that the bank has issued, in minor units. */
  issued = 0n;
  readonly #names: Record<string, string>;

  private constructor(
    nodes: MemoryNodes,
    clock: MovableClock,
    document: Buffer,
    names: Record<string, string>,
  ) {
    this.nodes = nodes;
    this.clock = clock;
    this.document = document;
    this.ubl = readUbl(document);
    this.#names = names;
  }

  static async start(sample = "invoice-eur-standard.xml"): Promise<TradeNodes> {
    const document = sampleDocument(sample);
    const { seller, buyer } = readUbl(document);
    const names = {
      ...{ seller: seller.name, buyer: buyer.name },
      ...{ lender: "Lender", rival: "Rival", bank: "Bank" },
    };
    const clock = new MovableClock(TODAY);
    const contractApps = [
      { app: invoiceApp, folder: appFolder("invoice") },
      { app: receivableApp, folder: appFolder("receivable") },
    ];
    const nodes = await MemoryNodes.startWith({ contractApps, clock }, ...Object.values(names));
    return new TradeNodes(nodes, clock, document, names);
  }

  get traders(): string[] {
    return Object.keys(this.#names);
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

  /**
   * Runs a flow that must fail with a code, and gives its error. What has signed already learns of
   * its end when the transaction's window is over.
   */
  async refused(trader: string, flow: string, input: Input, code: string) {
    const { engine } = this.node(trader);
    const { id } = await engine.start({ flow, input, startedBy: "test" });
    const waits = async () => {
      const { status, progress = "" } = (await engine.show(id)) ?? {};
      return status === "FAILED" || progress.startsWith("waits for the time");
    };
    await expect.poll(waits).toBe(true);
    if ((await engine.show(id))?.status !== "FAILED") this.windowsEnd();
    const { status, error } = await engine.ended(id);
    expect({ flow, status, code: error?.code, error }).toMatchObject({
      ...{ flow, code },
      status: "FAILED",
    });
    return error as NonNullable<FlowRecord["error"]>;
  }

  async fund(trader: string, minorUnits: bigint): Promise<void> {
    this.issued += minorUnits;
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
    const found = (await this.states(trader, type)).find(
      ({ state }) => state.linearId === linearId,
    );
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
    const coins = await this.#coins(trader);
    return coins.reduce((sum, { minorUnits }) => sum + minorUnits, 0n);
  }

  async #coins(trader: string): Promise<{ issuer: string; minorUnits: bigint }[]> {
    const { store } = this.node(trader);
    const query = { contract: "cash", type: "cash", isOurs: true, limit: 500 };
    const { items } = await store.query(query);
    return items.map(({ state }) => ({
      issuer: (state.issuer as { id: string }).id,
      minorUnits: BigInt((state.amount as { minorUnits: string }).minorUnits),
    }));
  }

  /** What of its cash a node could spend now; each issuer's is money of its own. */
  async freeCash(trader: string): Promise<bigint> {
    const { store } = this.node(trader);
    const issuers = new Map<string, bigint>();
    for (const { issuer, minorUnits } of await this.#coins(trader))
      issuers.set(issuer, (issuers.get(issuer) ?? 0n) + minorUnits);
    let free = 0n;
    for (const [issuer_id, quantity] of issuers) {
      const where = { currency: this.ubl.currency, issuer_id };
      const claim = { contract: "cash", type: "cash", flowId: "probe", where, statesMax: 100 };
      const refs = await store.claim({ ...claim, quantity }).catch(() => []);
      if (refs.length > 0) free += quantity;
    }
    await store.release("probe");
    return free;
  }

  /** Asks the lender, and has it offer on these terms. */
  async offered(invoice: string, terms: Input = {}, lender = "lender"): Promise<string> {
    const request = { invoice, lender: this.nameOf(lender) };
    const { offer } = await this.done("seller", "receivable/request", request);
    await this.done(lender, "receivable/quote", { offer, ...TERMS, ...terms });
    await this.agree("receivable/offer", offer as string, "seller", lender);
    return offer as string;
  }

  async accepted(invoice: string, terms: Input = {}, lender = "lender"): Promise<string> {
    const offer = await this.offered(invoice, terms, lender);
    await this.done("seller", "receivable/accept", { offer });
    return offer;
  }

  async assigned(invoice: string, terms: Input = {}): Promise<Assigned> {
    const offer = await this.accepted(invoice, terms);
    return (await this.done("lender", "receivable/assign", { offer })) as Assigned;
  }

  /** Assigns an invoice and gives its debtor notice. */
  async sold(invoice: string, terms: Input = {}): Promise<Assigned> {
    const assigned = await this.assigned(invoice, terms);
    await this.done("lender", "receivable/notify", { notice: assigned.notice });
    await this.agree("invoice/invoice", invoice, "seller", "buyer", "lender");
    return assigned;
  }

  /** Moves all clocks ahead once everything has come to rest. */
  async later(days: number): Promise<void> {
    await assertBooksAgree(this);
    this.clock.advance(days * DAY_MS);
  }

  /** Until the windows of all transactions are over, so that what was refused is known to be. */
  windowsEnd(): void {
    this.clock.advance(WINDOW_MS);
  }

  async stop(): Promise<void> {
    await this.nodes.stop();
  }
}

/** What an assignment results in. */
type Assigned = { receivable: string; notice: string; advance: string; reserve: string };

const DAY_MS = 86_400_000;
/** Longer than a transaction's window is. */
const WINDOW_MS = 600_000;
/** The sample was issued on the 2nd, and is due on the 1st of April. */
const TODAY = "2026-03-05T12:00:00Z";

/** What the lender of these tests offers. */
export const TERMS = {
  advanceRate: "80",
  discountRate: "7.5",
  feeRate: "0.5",
  dayCount: "A004",
  cashIssuer: "Bank",
};
