import type { IdentityId } from "@stateset/ledger";
import { expect, test } from "vitest";
import type { FlowRecord } from "../ports/store.ts";
import { FlowSession } from "../session/flow-session.ts";
import { FlowDeliveries } from "./flow-deliveries.ts";
import { FlowRun, type RunHost } from "./flow-run.ts";
import { Timers } from "./timers.ts";

const peer = "b2".repeat(32) as IdentityId;
const protocol = { name: "test/talk", version: 1 };
const record: FlowRecord = {
  id: "flow-1",
  flow: "test/talk",
  bundle: "00",
  status: "COMPLETED",
  input: "{}",
  startedBy: "test",
  startedAt: 0,
};

/** A run that has said something, which is not delivered. */
function endedRun(isAwaited: boolean): FlowRun {
  const run = new FlowRun({ ...record }, {} as RunHost);
  const session = new FlowSession({ id: "5e".repeat(16), side: "initiator", peer, protocol });
  session.isAwaited = isAwaited;
  session.enqueue("said", new Uint8Array());
  run.attach(session);
  return run;
}

test.each([
  ["waits for the delivery of what its counterparties must hear", true],
  ["does not wait for that of what only informs", false],
])("whoever waits for a flow's end %s", (_, isAwaited) => {
  const timers = new Timers({ now: () => 0, after: () => () => {} });
  const deliveries = new FlowDeliveries(timers);
  deliveries.ended(endedRun(isAwaited));
  expect(deliveries.has(record.id)).toBe(isAwaited);
});
