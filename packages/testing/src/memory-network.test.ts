import type { IdentityId } from "@stateset/ledger";
import { expect, test } from "vitest";
import { NETWORK_COMPLIANCE } from "./compliance/network-compliance.ts";
import { NetworkPeer, type NetworkUnderTest } from "./compliance/network-peer.ts";
import { MemoryNetwork } from "./memory-network.ts";

const identity = (node: number) => `a${node}`.repeat(32) as IdentityId;

function underTest(hub: MemoryNetwork): NetworkUnderTest {
  return {
    identity,
    join: async (node, run) => hub.join(identity(node), run),
    cut: (a, b) => hub.cut(identity(a), identity(b)),
    mend: (a, b) => hub.mend(identity(a), identity(b)),
  };
}

test.each(NETWORK_COMPLIANCE)("$name", async ({ run }) => {
  const hub = new MemoryNetwork();
  // The peers that a case looks for are on every network's map, whether they run or not.
  for (const node of [0, 1, 2]) hub.join(identity(node), { incarnation: "never started", run: 0 });
  await run(underTest(hub));
});

test("a killed node hears nothing more, not even of its own requests", async () => {
  const hub = new MemoryNetwork();
  const subject = underTest(hub);
  const a = await NetworkPeer.start(subject, 0);
  const b = await NetworkPeer.start(subject, 1);
  b.answer = () => new Promise(() => {});
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  a.network
    .request(identity(1), "ask", new Uint8Array(), { timeoutMs: 30_000 })
    .then(settled, settled);
  await b.until(() => b.requests.length === 1);
  const told = a.events.length;
  hub.leave(identity(0));
  await b.until(() => !b.isUp(identity(0)));
  expect(isSettled).toBe(false);
  expect(a.events.length).toBe(told);
});

test("a scheduler may order links as it likes, but not the frames of one", async () => {
  const deliveries: (() => void)[] = [];
  const hub = new MemoryNetwork({ schedule: (deliver) => deliveries.push(deliver) });
  const subject = underTest(hub);
  const a = await NetworkPeer.start(subject, 0);
  const b = await NetworkPeer.start(subject, 1);
  a.network.connect(identity(1));
  for (let i = 0; i < 10; i++) expect(a.network.send(identity(1), Uint8Array.of(i))).toBe(true);
  for (let next = deliveries.pop(); next !== undefined; next = deliveries.pop()) next();
  expect(b.frames.map(([first]) => first)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
