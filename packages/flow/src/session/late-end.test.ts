import type { IdentityId } from "@stateset/ledger";
import { expect, test } from "vitest";
import type { Network } from "../ports/network.ts";
import { FlowSession } from "./flow-session.ts";
import { SessionHub } from "./session-hub.ts";

const [alice, bob] = ["a1", "b2"].map((each) => each.repeat(32)) as [IdentityId, IdentityId];
const protocol = { name: "test/talk", version: 1 };
const place = { id: "5e".repeat(16), side: "initiator", peer: bob, protocol } as const;

/** As a flow says something that it need not say again in another way. */
function say(session: FlowSession, name: string): void {
  session.enqueue(name, new Uint8Array());
  session.stored = session.nextSequence;
  session.released = session.nextSequence;
}

test("an end that overtakes what a run before had taken is not the end of the run after", async () => {
  const wire: { to: IdentityId; frame: Uint8Array }[] = [];
  const opened: FlowSession[] = [];
  const hub = () =>
    new SessionHub({
      network: {
        connect() {},
        send: (to: IdentityId, frame: Uint8Array) => wire.push({ to, frame }) > 0,
      } as unknown as Network,
      log: () => {},
      host: {
        responder: (session) => {
          opened.push(session);
          return undefined;
        },
        storedFlow: async () => undefined,
        delivered: () => {},
      },
    });
  const [a, b] = [hub(), hub()];
  const deliver = () => {
    for (const { to, frame } of wire.splice(0))
      if (to === bob) b.frame(alice, frame);
      else a.frame(bob, frame);
  };
  a.peerUp(bob, { incarnation: "one", run: 1 });
  b.peerUp(alice, { incarnation: "one", run: 1 });

  const before = new FlowSession(place);
  say(before, "transaction");
  a.add(before);
  deliver();
  const [responder] = opened;
  if (responder === undefined) throw new Error("nobody was asked");
  await responder.take();
  responder.consumedDurably = 1;
  say(responder, "accepted");
  b.transmit(responder);
  deliver();
  await before.take();

  // The responder ends while the initiator, which had nothing durable of it, begins again.
  responder.outcome = {};
  b.transmit(responder);
  const after = new FlowSession(place);
  after.restore({ sequence: 0, name: "transaction", body: new Uint8Array() });
  a.remove(before);
  a.add(after);
  a.tellProgress(after);
  const taken = after.take().catch((error: Error) => error);
  while (wire.length > 0) deliver();
  expect(await taken).toMatchObject({ name: "accepted" });
});
