import { sign } from "@stateset/codec";
import { encodeNetworkMap } from "@stateset/network";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAuthorities } from "../../src/local/authorities.ts";
import { writeSecretFile } from "../../src/local/secret-file.ts";
import { COMPANIES, DrillNetwork } from "./drill-network.ts";
import { TcpRelay } from "./tcp-relay.ts";

const CUTS = 10;
const BETWEEN = 25;
/** Longer than a node waits for a peer's sign of life. */
const SILENCE_MS = 40_000;

let drill: DrillNetwork;
let relays: TcpRelay[] = [];
beforeAll(async () => {
  drill = await DrillNetwork.start();
  relays = await relayAll(drill);
  await drill.fund("alice");
});
afterAll(async () => {
  await drill.stop();
  for (const relay of relays) await relay.close();
});

describe("while 16 payments are under way, the link between payer and payee", () => {
  test("is cut and mended ten times", async () => {
    const load = drill.pay("alice", "bob", { name: "cut" });
    for (let cut = 0; cut < CUTS; cut++) {
      await load.further(BETWEEN);
      const lost = drill.log("alice").length;
      for (const relay of relays) relay.cut();
      const isTold = () =>
        drill
          .log("alice")
          .slice(lost)
          .some(({ message }) => message === "no connection to peer");
      await expect.poll(isTold, { timeout: SILENCE_MS, interval: 10 }).toBe(true);
      for (const relay of relays) relay.mend();
    }
    await load.further(BETWEEN);
    await load.finish();
    expect(load.unclear()).toEqual([]);
    await drill.assertBooks();
  });

  test("swallows everything until the silence is noticed", async () => {
    const load = drill.pay("alice", "bob", { name: "hold" });
    await load.further(BETWEEN);
    for (const relay of relays) relay.hold();
    const noticed = (name: string) =>
      drill.log(name).some(({ code }) => code === "network/peer-silent");
    const both = () => noticed("alice") && noticed("bob");
    await expect.poll(both, { timeout: SILENCE_MS }).toBe(true);
    for (const relay of relays) relay.mend();
    await load.further(BETWEEN);
    await load.finish();
    expect(load.unclear()).toEqual([]);
    await drill.assertBooks();
  });
});

/** Lets the network map lead to each company through a relay, and the companies begin anew with it. */
async function relayAll(drill: DrillNetwork): Promise<TcpRelay[]> {
  const { network, folder } = drill;
  const content = drill.networkMap();
  const companies = COMPANIES.map((name) => drill.party(name).legalName);
  const relays: TcpRelay[] = [];
  for (const { registration, address } of content.parties) {
    if (address === undefined || !companies.includes(registration.name)) continue;
    const relay = await TcpRelay.to({ ...address });
    relays.push(relay);
    address.port = relay.port;
  }
  content.serial++;
  const { map: key } = openAuthorities(folder);
  writeSecretFile(
    folder.networkMap,
    encodeNetworkMap(content, (payload) => sign(key, payload)),
  );
  for (const name of COMPANIES) await network.restart(name);
  return relays;
}
