import type { IdentityId } from "@stateset/ledger";
import { expect, test } from "vitest";
import type { Network } from "../ports/network.ts";
import { FlowSession } from "./flow-session.ts";
import { SessionHub } from "./session-hub.ts";

const [alice, bob] = ["a1", "b2"].map((each) => each.repeat(32)) as [IdentityId, IdentityId];
const protocol = { name: "test/told", version: 1 };
const place = { id: "5e".repeat(16), side: "initiator", peer: bob, protocol } as const;

/** Alice's and Bob's hubs, of whom Bob refuses to begin flows for as long as the test says. */
function connected() {
  const wire: { to: IdentityId; frame: Uint8Array }[] = [];
  const opened: FlowSession[] = [];
  const bobs = { refusal: undefined as string | undefined };
  const network = {
    connect() {},
    send: (to: IdentityId, frame: Uint8Array) => wire.push({ to, frame }) > 0,
  } as unknown as Network;
  const hub = () =>
    new SessionHub({
      network,
      log: () => {},
      host: {
        responder: (session) => {
          if (bobs.refusal !== undefined) return { code: bobs.refusal, detail: "not now" };
          opened.push(session);
          return undefined;
        },
        storedFlow: async () => undefined,
        delivered: () => {},
      },
    });
  const [a, b] = [hub(), hub()];
  const connect = async () => {
    a.peerUp(bob, { incarnation: "one", run: 1 });
    b.peerUp(alice, { incarnation: "one", run: 1 });
    while (wire.length > 0) {
      for (const { to, frame } of wire.splice(0))
        if (to === bob) b.frame(alice, frame);
        else a.frame(bob, frame);
      // Looking up a session in the store takes a turn.
      await new Promise(setImmediate);
    }
  };
  return { a, opened, bobs, connect };
}

/** What a flow said once, and may have left behind. */
function said(hub: SessionHub, { isOver }: { isOver: boolean }): FlowSession {
  const session = new FlowSession(place);
  session.enqueue("recorded", new Uint8Array());
  session.stored = 1;
  session.released = 1;
  if (isOver) session.outcome = {};
  hub.add(session);
  return session;
}

test.each(["flow/stopping", "flow/too-many"])(
  "what an ended flow left is sent again to a peer that refused it with %s",
  async (code) => {
    const { a, opened, bobs, connect } = connected();
    bobs.refusal = code;
    const session = said(a, { isOver: true });
    await connect();
    expect(opened).toEqual([]);
    expect(session.outgoing).toHaveLength(1);
    bobs.refusal = undefined;
    await connect();
    expect(await opened[0]?.take()).toMatchObject({ name: "recorded" });
  },
);

test("what is refused for good is not sent again", async () => {
  const { a, bobs, connect } = connected();
  bobs.refusal = "flow/unknown-protocol";
  const session = said(a, { isOver: true });
  await connect();
  expect(session.outgoing).toEqual([]);
});

test("a flow that goes on is told at once that its peer is stopping", async () => {
  const { a, bobs, connect } = connected();
  bobs.refusal = "flow/stopping";
  const session = said(a, { isOver: false });
  await connect();
  await expect(session.take()).rejects.toMatchObject({ code: "flow/stopping" });
  expect(session.outgoing).toEqual([]);
});
