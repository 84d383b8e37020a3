import type { IdentityId } from "@stateset/ledger";
import { expect, test } from "vitest";
import type { Network } from "../ports/network.ts";
import type { FlowSession } from "./flow-session.ts";
import { decodeSessionFrame, encodeSessionFrame, type SessionFrame } from "./session-frame.ts";
import { SessionHub } from "./session-hub.ts";

const alice = "a1".repeat(32) as IdentityId;
const SESSION = "5e".repeat(16);

/** A hub that answers a peer, over a store that answers when it is told to. */
function responding() {
  const lookUps: (() => void)[] = [];
  const opened: FlowSession[] = [];
  const sent: SessionFrame[] = [];
  const send = (_: IdentityId, frame: Uint8Array) => {
    sent.push(decodeSessionFrame(frame));
    return true;
  };
  const hub = new SessionHub({
    network: { connect() {}, send } as unknown as Network,
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
  hub.peerUp(alice, { incarnation: "one", run: 1 });
  const receive = (sequence: number, isFirst = sequence === 0) => {
    const common = { session: SESSION, from: "initiator", received: 0, durable: 0 } as const;
    const open = isFirst ? { again: "yes", open: { protocol: "test/talk", version: 1 } } : {};
    const message = { kind: "message", name: `line ${sequence}`, body: new Uint8Array() } as const;
    hub.frame(alice, encodeSessionFrame({ ...common, ...message, ...open, sequence } as never));
  };
  return { lookUps, opened, sent, receive };
}

const settled = () => new Promise(setImmediate);

test("messages that come while the store is asked are taken in their order, however it answers", async () => {
  const { lookUps, opened, receive } = responding();
  for (const sequence of [0, 1, 2]) receive(sequence);
  for (const answer of lookUps.toReversed()) answer();
  await settled();
  receive(3);
  const [session] = opened;
  const names = [];
  for (let i = 0; i < 4; i++) names.push((await session?.take())?.name);
  expect(names).toEqual(["line 0", "line 1", "line 2", "line 3"]);
});

test("what is missing is asked for, once", async () => {
  const { lookUps, opened, sent, receive } = responding();
  receive(0);
  lookUps[0]?.();
  await settled();
  sent.length = 0;
  receive(2);
  receive(3);
  expect(sent).toMatchObject([{ kind: "progress", received: 1 }]);
  for (const sequence of [1, 2, 3]) receive(sequence);
  expect(opened[0]?.expected).toBe(4);
  expect(sent).toHaveLength(1);
});
