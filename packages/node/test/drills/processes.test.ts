import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DrillNetwork } from "./drill-network.ts";
import { SEED, seededInt } from "./seed.ts";

const KILLS = 5;
/** Payments between two kills: some instants fall into the first payments after a recovery. */
const PAYMENTS_BETWEEN_MAX = 25;
/** A payment takes some milliseconds; a kill may fall anywhere in it. */
const INSTANT_MAX_MS = 40;

let drill: DrillNetwork;
beforeAll(async () => {
  drill = await DrillNetwork.start();
  await drill.fund("alice");
});
afterAll(() => drill.stop());

describe(`while 16 payments are under way (STATESET_DRILL_SEED=${SEED})`, () => {
  test.each(["bob", "alice", "notary"])("%s is killed five times", async (victim) => {
    const draw = seededInt(victim);
    const load = drill.pay("alice", "bob", { name: `kill ${victim}` });
    for (let kill = 0; kill < KILLS; kill++) {
      await load.further(1 + draw(PAYMENTS_BETWEEN_MAX));
      await new Promise((resolve) => setTimeout(resolve, draw(INSTANT_MAX_MS)));
      await drill.kill(victim);
      await drill.network.restart(victim);
    }
    await load.further(1);
    await load.finish();
    expect(load.unclear(victim === "alice" ? ["none"] : [])).toEqual([]);
    await drill.assertBooks();
  });

  test("the payer is stopped in order, and started again", async () => {
    const load = drill.pay("alice", "bob", { name: "stop alice" });
    await load.further(50);
    await drill.kill("alice", "SIGTERM");
    expect(drill.deaths.get("alice")).toEqual({ code: 0, signal: null });
    await drill.network.restart("alice");
    await load.further(20);
    await load.finish();
    expect(load.unclear(["none"])).toEqual([]);
    await drill.assertBooks();
  });
});
