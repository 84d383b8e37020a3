import { cashContract } from "@stateset/cash/contract";
import { formatStateRef, type StateRef } from "@stateset/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { Mischief } from "./mischief.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
const mischief = new Mischief();

beforeEach(async () => {
  trade = await TradeNodes.start();
  mischief.how = {};
  await mischief.installAt(trade, "rival");
  await trade.fund("rival", 1_000n);
});
afterEach(async () => {
  await trade.stop();
});

const amount = (minorUnits: string) => ({ minorUnits, currency: trade.ubl.currency });

/** A coin that the rival has given to another, and so knows all of. */
async function paidTo(trader: string) {
  const payment = { to: trade.nameOf(trader), amount: amount("900") };
  await trade.done("rival", "cash/pay", payment);
  const found = async () => (await trade.states(trader, "cash/cash"))[0];
  await expect.poll(found).toBeDefined();
  return (await found()) as NonNullable<Awaited<ReturnType<typeof found>>>;
}

/** Puts a coin among the inputs, and its worth into what goes back to whoever redeems. */
function takeAlong(ref: StateRef): void {
  mischief.how.begins = async (builder, flow) => {
    builder.addInput(ref, await flow.governing(cashContract));
  };
  mischief.how.output = (_, state) => {
    const { minorUnits, currency } = state.amount as { minorUnits: bigint; currency: string };
    return { ...state, amount: { minorUnits: minorUnits + 900n, currency } };
  };
}

async function redeems(code: string, issuer = "Bank") {
  const input = JSON.stringify({ amount: amount("1"), issuer });
  return await trade.refused("rival", "mischief/tampered", { flow: "cash/redeem", input }, code);
}

describe("a holder that redeems, and takes along", () => {
  test("a coin of the issuer's own, so old that its identity may move it", async () => {
    const { ref } = await paidTo("bank");
    await trade.later(8);
    takeAlong(ref);
    const { facts } = await redeems("flow/spends-more");
    expect(facts).toMatchObject({ refs: [formatStateRef(ref)] });
    await nothingMoved("bank");
  });

  test("a coin of the issuer's own that is young: its key has not signed", async () => {
    const { ref } = await paidTo("bank");
    takeAlong(ref);
    await redeems("flow/spends-more");
    await nothingMoved("bank");
  });

  test("a coin of somebody who is not even asked", async () => {
    const { ref } = await paidTo("lender");
    await trade.later(8);
    takeAlong(ref);
    await redeems("cash/redeem-signed-by-owner");
    await nothingMoved("lender");
  });
});

async function nothingMoved(holder: string): Promise<void> {
  trade.windowsEnd();
  mischief.how = {};
  await assertBooksAgree(trade);
  expect([await trade.balance(holder), await trade.balance("rival")]).toEqual([900n, 100n]);
  // What was not taken is there to be spent, and so is what was set aside for it.
  const amount100 = { to: trade.nameOf("seller"), amount: amount("100") };
  await trade.done("rival", "cash/pay", amount100);
  await trade.done(holder, "cash/pay", { ...amount100, amount: amount("900") });
}
