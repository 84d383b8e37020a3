import { afterAll, beforeAll, expect, test } from "vitest";
import { COMPANIES, DrillNetwork } from "./drill-network.ts";
import { verifyVault } from "./verify-vault.ts";

const PAYMENTS = 250;
const IN_FLIGHT = 8;
/** A few more than there are payments under way, so that each is spent again and again. */
const COINS = 12;

let drill: DrillNetwork;
beforeAll(async () => {
  drill = await DrillNetwork.start();
  await Promise.all(COMPANIES.map((name) => drill.fund(name, COINS)));
});
afterAll(() => drill.stop());

test("coins go to and fro, and every transaction of both vaults holds", async () => {
  const loads = [
    drill.pay("alice", "bob", { name: "there", paymentsMax: PAYMENTS, inFlight: IN_FLIGHT }),
    drill.pay("bob", "alice", { name: "back", paymentsMax: PAYMENTS, inFlight: IN_FLIGHT }),
  ];
  await Promise.all(loads.map((load) => load.settled()));
  for (const load of loads) {
    expect(load.completed.size).toBe(PAYMENTS);
    expect([...load.troubles]).toEqual([]);
  }
  await drill.assertBooks();
  for (const name of COMPANIES) {
    const { verified, depth } = await verifyVault(drill, name);
    expect(verified).toBeGreaterThanOrEqual(2 * PAYMENTS);
    expect(depth, "transactions one upon another").toBeGreaterThan(PAYMENTS / COINS / 2);
  }
});
