import { afterAll, describe, expect, test } from "vitest";
import { PaymentNetwork } from "./payment-network.ts";

const FUNDS = 100_000;
const RECOVERY_MS = 60_000;

const subject = await PaymentNetwork.start();
afterAll(() => subject.stop());

const chf = (minorUnits: number) => ({ minorUnits: String(minorUnits), currency: "CHF" });
let payments = 0;

function pay(clientId: string, waitSeconds = 55) {
  const body = { flow: "cash/pay", input: { to: "Bob", amount: chf(1) }, clientId };
  return subject.start("alice", body, waitSeconds);
}

async function payOnce(): Promise<void> {
  payments++;
  expect(await pay(`payment ${payments}`)).toMatchObject({ status: "COMPLETED" });
}

// The points come from a payment that nothing happens to, so that a new effect is a new row here.
const issue = { flow: "cash/issue", input: { to: "Alice", amount: chf(FUNDS) } };
expect(await subject.start("bank", issue, 55)).toMatchObject({ status: "COMPLETED" });
const matrix: [victim: string, point: string][] = [];
for (const victim of ["alice", "bob", "notary"])
  for (const point of await subject.pointsPassed(victim, payOnce)) matrix.push([victim, point]);

describe("killed with -9", () => {
  test("every side passes points of its own", () => {
    const of = (name: string) => matrix.filter(([victim]) => victim === name).length;
    expect(of("alice")).toBeGreaterThan(25);
    expect(of("bob")).toBeGreaterThan(12);
    expect(of("notary")).toBeGreaterThanOrEqual(3);
  });

  test.each(matrix)(
    "%s at %s: nothing lost, nothing twice, nothing stuck",
    async (victim, point) => {
      await subject.armed(victim, point);
      payments++;
      const id = `payment ${payments}`;
      const first = pay(id, victim === "alice" ? 20 : 0).catch(() => undefined);
      await subject.hasDied(victim, RECOVERY_MS);
      await subject.network.restart(victim);
      await first;
      expect(await pay(id)).toMatchObject({ status: "COMPLETED" });
      await expect
        .poll(async () => [await subject.books("alice"), await subject.books("bob")], {
          timeout: RECOVERY_MS,
        })
        .toMatchObject([
          { cash: FUNDS - payments, unfinished: 0, undelivered: 0, transactions: payments + 1 },
          { cash: payments, unfinished: 0, undelivered: 0, transactions: payments + 1 },
        ]);
    },
  );
});
