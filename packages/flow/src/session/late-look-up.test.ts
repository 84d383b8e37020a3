import type { IdentityId } from "@stateset/ledger";
import { expect, test } from "vitest";
import type { Network } from "../ports/network.ts";
import type { FlowSession } from "./flow-session.ts";
import { encodeSessionFrame, type SessionFrame } from "./session-frame.ts";
import { SessionHub } from "./session-hub.ts";

const alice = "a1".repeat(32) as IdentityId;
const SESSION = "5e".repeat(16);

function say(session: FlowSession, name: string): void {
  session.enqueue(name, new Uint8Array());
  session.stored = session.nextSequence;
  session.released = session.nextSequence;
}

test("a count that waited for the store longer than its session's beginning counts no more", async () => {
  const lookUps: (() => void)[] = [];
  const opened: FlowSession[] = [];
  const hub = new SessionHub({
    network: { connect() {}, send: () => true } as unknown as Network,
    log: () => {},
    host: {
      responder: (session) => {
        opened.push(session);
        return undefined;
      },
      storedFlow: () => new Promise((resolve) => lookUps.push(() => resolve(undefined))),
      delivered: () => {},
    },
  });
  const receive = (frame: Partial<SessionFrame>) => {
    const common = { session: SESSION, from: "initiator", received: 0, durable: 0 } as const;
    hub.frame(alice, encodeSessionFrame({ ...common, ...frame } as SessionFrame));
  };
  const open = { protocol: "test/talk", version: 1 };
  const message = { kind: "message", name: "line", body: new Uint8Array() } as const;

  // After a restart of this side its peer says its first message again, and how far it is.
  hub.peerUp(alice, { incarnation: "one", run: 1 });
  receive({ ...message, sequence: 0, again: "yes", open });
  receive({ kind: "progress" });
  lookUps.shift()?.();
  await new Promise(setImmediate);
  const [session] = opened;
  if (session === undefined) throw new Error("nobody was asked");

  await session.take();
  session.consumedDurably = 1;
  say(session, "answer");
  hub.transmit(session);
  receive({ ...message, sequence: 1, received: 1, durable: 1 });
  await session.take();
  say(session, "signature");
  hub.transmit(session);

  lookUps.shift()?.();
  await new Promise(setImmediate);
  expect(session.hasEnded).toBe(false);
  expect(session.outgoing.map(({ name }) => name)).toEqual(["signature"]);
});
