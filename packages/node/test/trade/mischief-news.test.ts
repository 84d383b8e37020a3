import type { Infer } from "@stateset/codec";
import {
  type CoreSession,
  coreSession,
  defineProtocol,
  informMessages,
  type recordedMessageSchema,
  showRecorded,
} from "@stateset/flow/app";
import {
  decodeSignedTransaction,
  encodeSignedTransaction,
  type TransactionId,
} from "@stateset/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { Mischief } from "./mischief.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let mischief: Mischief;
let invoice: string;

beforeEach(async () => {
  trade = await TradeNodes.start();
  mischief = new Mischief();
  await mischief.installAt(trade, "seller");
  invoice = await trade.approved();
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
});
afterEach(async () => {
  await trade.stop();
});

type News = Infer<typeof recordedMessageSchema>;
type About = { app: "invoice" | "receivable"; id: TransactionId; times?: number };
type Change = (news: News, show: (id: TransactionId) => Promise<News>) => Promise<News> | News;

/** The seller tells a trader of a transaction, changed as the test likes. */
async function tells(trader: string, { app, id, times = 1 }: About, change?: Change) {
  const protocol = defineProtocol({ name: `${app}/news`, version: 1, messages: informMessages });
  mischief.how.runs = async (flow) => {
    for (let i = 0; i < times; i++) {
      const session: CoreSession = coreSession(await flow.open(protocol, partyOf(trader)));
      const shown = await showRecorded(flow, id, session);
      const show = async (other: TransactionId) => await showRecorded(flow, other, session);
      await session.send("recorded", (await change?.(shown, show)) ?? shown);
    }
  };
  const before = await heard(trader, app);
  await trade.done("seller", "mischief/own", {});
  const ended = async () => {
    const told = (await heard(trader, app)).slice(0, -before.length || undefined);
    return told.filter((each) => !each.startsWith("RUNNING") && !each.startsWith("WAITING"));
  };
  await expect.poll(async () => (await ended()).length, { timeout: 20_000 }).toBe(times);
  return await ended();
}

const partyOf = (trader: string) => trade.node(trader).party.id;

/** What has become of all news so far, the latest first. */
async function heard(trader: string, app: string): Promise<string[]> {
  const { items } = await trade.node(trader).engine.list({ flow: `${app}/news`, limit: 500 });
  return items.map(({ status, error }) => `${status} ${error?.code ?? ""}`.trim());
}

async function latest(trader: string, type: string): Promise<TransactionId> {
  const [state] = await trade.states(trader, type);
  if (state === undefined) throw new Error(`${trader} has no ${type}`);
  return state.ref.txId;
}

async function known(trader: string, id: TransactionId): Promise<boolean> {
  return (await trade.node(trader).engine.transaction(id)) !== undefined;
}

describe("news about strangers' business is neither kept nor anybody's trouble", () => {
  test("an invoice", async () => {
    const id = await latest("seller", "invoice/invoice");
    for (const app of ["invoice", "receivable"] as const)
      expect(await tells("bank", { app, id })).toEqual([`FAILED ${app}/not-concerned`]);
    expect(await known("bank", id)).toBe(false);
    await assertBooksAgree(trade);
  });

  test("an offer, also where another lender hears of it", async () => {
    await trade.offered(invoice);
    const id = await latest("seller", "receivable/offer");
    for (const app of ["invoice", "receivable"] as const)
      expect(await tells("rival", { app, id })).toEqual([`FAILED ${app}/not-concerned`]);
    expect(await known("rival", id)).toBe(false);
    await assertBooksAgree(trade);
  });
});

describe("of news of an assignment that the buyer has not heard of", () => {
  let id: TransactionId;

  beforeEach(async () => {
    await trade.fund("lender", trade.ubl.totals.payable);
    await trade.assigned(invoice);
    await trade.agree("receivable/receivable", await receivable(), "seller", "lender");
    id = await latest("seller", "receivable/receivable");
  });

  const receivable = async () =>
    String((await trade.states("lender", "receivable/receivable"))[0]?.state.linearId);

  async function isRefused(change: Change, code: string | RegExp) {
    const about = { app: "receivable", id } as const;
    expect(await tells("buyer", about, change)).toEqual([expect.stringMatching(code)]);
    expect(await known("buyer", id)).toBe(false);
    await assertBooksAgree(trade, [invoice]);
    // The very same is taken when it comes as it is.
    expect(await tells("buyer", about)).toEqual(["COMPLETED"]);
    await assertBooksAgree(trade);
  }

  test("that with another's receipt is refused", async () => {
    const other = await latest("buyer", "invoice/invoice");
    const change: Change = async (news, show) => ({
      ...news,
      receipt: (await show(other)).receipt,
    });
    await isRefused(change, /^FAILED receipt\//);
  });

  test("that with a broken signature is refused", async () => {
    const change: Change = (news) => {
      const { transaction, signatures } = decodeSignedTransaction(news.signed);
      const broken = signatures.map((each) => {
        const { by } = each;
        if (by.kind === "composite") throw new Error("nodes sign with simple keys");
        const written = by.signature.startsWith("0") ? "1" : "0";
        return { ...each, by: { ...by, signature: `${written}${by.signature.slice(1)}` } };
      });
      return { ...news, signed: encodeSignedTransaction({ transaction, signatures: broken }) };
    };
    await isRefused(change, "FAILED tx/signature-invalid");
  });

  test("that without signatures is refused", async () => {
    const change: Change = (news) => {
      const { transaction } = decodeSignedTransaction(news.signed);
      return { ...news, signed: encodeSignedTransaction({ transaction, signatures: [] }) };
    };
    await isRefused(change, /^FAILED tx\//);
  });
});

test("the same news two hundred times change nothing, and leave nothing but ended flows", async () => {
  const id = await latest("seller", "invoice/invoice");
  const rows = async () => {
    const { items } = await trade.node("buyer").store.query({
      ...{ contract: "invoice", type: "invoice", status: "all", limit: 500 },
    });
    return items;
  };
  const before = await rows();
  const ended = await tells("buyer", { app: "invoice", id, times: 200 });
  expect(new Set(ended)).toEqual(new Set(["COMPLETED"]));
  expect(await rows()).toEqual(before);
  await assertBooksAgree(trade);
});
