import { expect, test } from "vitest";
import { chainGoesOn } from "./chain-goes-on.ts";

const chain = { tip: async () => ({ chainHeight: 5, chainTime: 1_000, height: 1 }) };

test("a chain with a new block goes on", async () => {
  await chainGoesOn(chain, () => 31_000);
  await chainGoesOn(chain, () => 0); // the member's clock is ahead
});

test("one with an old block stands still", async () => {
  await expect(chainGoesOn(chain, () => 31_001)).rejects.toThrow(/30001 ms old/);
});

test("one that does not answer is as it says", async () => {
  const away = { tip: () => Promise.reject(new Error("away")) };
  await expect(chainGoesOn(away)).rejects.toThrow(/away/);
});
