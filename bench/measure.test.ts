import { expect, test } from "vitest";
import { measure } from "./measure.ts";

test("counts operations over all rounds, without the warm-up", async () => {
  let runs = 0;
  const figure = await measure({
    name: "count",
    run: () => runs++,
    iterations: 100,
    operationsPerRun: 3,
    rounds: 2,
  });
  expect(figure).toMatchObject({ figure: "count", unit: "op/s", n: 600 });
  expect(runs).toBe(220);
  expect(figure.value).toBeGreaterThan(0);
});

test("awaits promises and stops after the time given", async () => {
  const figure = await measure({
    name: "wait",
    run: () => new Promise((resolve) => setTimeout(resolve, 5)),
    seconds: 0.02,
    rounds: 1,
    pick: "best",
  });
  expect(figure.n).toBeLessThanOrEqual(6);
  expect(figure.value).toBeLessThan(250);
});
