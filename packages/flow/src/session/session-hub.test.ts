import type { IdentityId } from "@stateset/ledger";
import { beforeEach, describe, expect, test } from "vitest";
import type { Network, NetworkHandlers } from "../ports/network.ts";
import type { FlowRecord } from "../ports/store.ts";
import { FlowSession } from "./flow-session.ts";
import { encodeSessionFrame, type SessionFrame } from "./session-frame.ts";
import { SessionHub } from "./session-hub.ts";

const [alice, bob, mallory] = ["a1", "b2", "c3"].map((each) => each.repeat(32)) as [
  IdentityId,
  IdentityId,
  IdentityId,
];
const protocol = { name: "test/talk", version: 1 };
const SESSION = "5e".repeat(16);
const bytes = (text: string) => new TextEncoder().encode(text);
const text = ({ body }: { body: Uint8Array }) => new TextDecoder().decode(body);

/** One node's hub, on a wire that the test delivers by hand. */
class Side {
  readonly hub: SessionHub;
  readonly opened: FlowSession[] = [];
  readonly records = new Map<string, FlowRecord>();
  readonly logs: string[] = [];
  refusal: { code: string; detail: string } | undefined;
  storeFault: Error | undefined;
  /** What left this side and has not arrived. */
  wire: { to: IdentityId; frame: Uint8Array }[] = [];
  isUp = true;
  /** How many more frames the network takes. */
  room = Number.POSITIVE_INFINITY;
  readonly delivered: number[] = [];

  constructor() {
    const network = {
      connect() {},
      send: (to: IdentityId, frame: Uint8Array) => {
        if (!this.isUp || this.room <= 0) return false;
        this.room--;
        this.wire.push({ to, frame });
        return true;
      },
    } as unknown as Network;
    this.hub = new SessionHub({
      network,
      log: (_, message) => this.logs.push(message),
      host: {
        responder: (session) => {
          if (this.refusal === undefined) this.opened.push(session);
          return this.refusal;
        },
        storedFlow: async (id) => {
          if (this.storeFault !== undefined) throw this.storeFault;
          return this.records.get(id);
        },
        delivered: (_, upTo) => this.delivered.push(upTo),
      },
    });
  }

  open(id = SESSION): FlowSession {
    const session = new FlowSession({ id, side: "initiator", peer: bob, protocol });
    this.hub.add(session);
    return session;
  }

  say(session: FlowSession, ...messages: string[]): void {
    for (const message of messages) session.enqueue("line", bytes(message));
    session.stored = session.nextSequence;
    session.released = session.nextSequence;
    this.hub.transmit(session);
  }

  /** As once what was consumed is in the journal. */
  makeDurable(session: FlowSession): void {
    session.consumedDurably = session.consumed;
    this.hub.tellProgress(session);
  }
}

let [a, b] = [new Side(), new Side()];
const handlers = (side: Side): Pick<NetworkHandlers, "frame"> => ({
  frame: (peer, frame) => side.hub.frame(peer, frame),
});

beforeEach(() => {
  [a, b] = [new Side(), new Side()];
  connect();
});

function connect(incarnations = { a: "one", b: "one" }): void {
  for (const side of [a, b]) side.isUp = true;
  a.hub.peerUp(bob, { incarnation: incarnations.b, run: 1 });
  b.hub.peerUp(alice, { incarnation: incarnations.a, run: 1 });
}

/** What is under way is lost. */
function cut(): void {
  for (const side of [a, b]) {
    side.isUp = false;
    side.wire = [];
  }
  a.hub.peerDown(bob);
  b.hub.peerDown(alice);
}

/** Delivers until nothing is under way; `times` each. */
async function settle(times = 1): Promise<void> {
  for (;;) {
    // Looking up a session in the store takes a turn.
    await new Promise(setImmediate);
    const [fromA] = a.wire.splice(0, 1);
    const [fromB] = b.wire.splice(0, 1);
    if (fromA === undefined && fromB === undefined) return;
    for (let i = 0; i < times; i++) {
      if (fromA !== undefined) handlers(b).frame(alice, fromA.frame);
      if (fromB !== undefined) handlers(a).frame(bob, fromB.frame);
    }
  }
}

async function heard(session: FlowSession | undefined, count: number): Promise<string[]> {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) lines.push(text((await session?.take()) ?? { body: bytes("") }));
  return lines;
}

describe("a session", () => {
  test("carries messages in order, and the first one opens it", async () => {
    a.say(a.open(), "one", "two");
    await settle();
    expect(b.opened).toHaveLength(1);
    expect(b.opened[0]?.place).toMatchObject({ id: SESSION, side: "responder", peer: alice });
    expect(await heard(b.opened[0], 2)).toEqual(["one", "two"]);
  });

  test("takes every message once, however often it arrives", async () => {
    a.say(a.open(), "one", "two");
    await settle(3);
    expect(b.opened).toHaveLength(1);
    expect(b.opened[0]?.expected).toBe(2);
  });

  test("loses nothing to a connection that is cut", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    a.say(session, "two", "three");
    cut();
    a.say(session, "four");
    connect();
    await settle();
    expect(await heard(b.opened[0], 4)).toEqual(["one", "two", "three", "four"]);
  });

  test("keeps its order where the network refuses in the middle", async () => {
    const session = a.open();
    a.room = 2;
    a.say(session, "one", "two", "three");
    await settle();
    a.room = 1;
    a.hub.drain(bob);
    await settle();
    expect(await heard(b.opened[0], 3)).toEqual(["one", "two", "three"]);
  });

  test("goes on after the network refused what was sent again", async () => {
    const session = a.open();
    a.say(session, "one", "two", "three");
    cut();
    a.room = 1;
    connect();
    await settle();
    a.room = Number.POSITIVE_INFINITY;
    a.hub.drain(bob);
    await settle();
    expect(await heard(b.opened[0], 3)).toEqual(["one", "two", "three"]);
  });

  test("forgets a message once it is durable at the peer, and not before", async () => {
    const session = a.open();
    a.say(session, "one", "two");
    await settle();
    const seen = b.opened[0] as FlowSession;
    await seen.take();
    b.hub.tellProgress(seen);
    await settle();
    expect(session.outgoing).toHaveLength(2);
    b.makeDurable(seen);
    await settle();
    expect(session.outgoing.map(({ sequence }) => sequence)).toEqual([1]);
    expect(a.delivered).toEqual([1]);
  });
});

describe("a responder that died", () => {
  test("before anything of it was durable begins again", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    cut();
    b = new Side();
    connect();
    a.say(session, "two");
    await settle();
    expect(b.opened).toHaveLength(1);
    expect(await heard(b.opened[0], 2)).toEqual(["one", "two"]);
  });

  test("is sent what its journal lacks", async () => {
    const session = a.open();
    a.say(session, "one", "two", "three");
    await settle();
    const seen = b.opened[0] as FlowSession;
    await heard(seen, 3);
    seen.consumedDurably = 1;
    cut();
    b = new Side();
    const again = new FlowSession({ ...seen.place });
    again.consumed = 1;
    again.consumedDurably = 1;
    b.hub.add(again);
    connect();
    await settle();
    expect(await heard(again, 2)).toEqual(["two", "three"]);
  });

  test("on its own connection asks for all of it, or for what it lacks", async () => {
    const session = a.open();
    a.say(session, "one", "two", "three");
    await settle();
    const [first] = b.opened as [FlowSession];
    b.hub.remove(first);
    b.hub.askAgain(first.place);
    await settle();
    const second = b.opened[1] as FlowSession;
    expect(await heard(second, 3)).toEqual(["one", "two", "three"]);
    const third = new FlowSession({ ...second.place });
    third.consumed = 2;
    b.hub.remove(second);
    b.hub.add(third);
    b.hub.tellProgress(third);
    await settle();
    expect(await heard(third, 1)).toEqual(["three"]);
  });

  test("and whose database is another one ends the session at its initiator", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    const seen = b.opened[0] as FlowSession;
    await seen.take();
    b.say(seen, "answer");
    await settle();
    b.makeDurable(seen);
    await settle();
    await session.take();
    cut();
    b = new Side();
    connect({ a: "one", b: "another" });
    await settle();
    await expect(session.take()).rejects.toMatchObject({ code: "flow/peer-restored" });
  });

  test("and has lost what was durable is noticed where it never answered", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    const seen = b.opened[0] as FlowSession;
    await seen.take();
    b.makeDurable(seen);
    await settle();
    expect(session.outgoing).toEqual([]);
    cut();
    b = new Side();
    connect();
    await settle();
    await expect(session.take()).rejects.toMatchObject({ code: "flow/peer-restored" });
  });

  test("leaves nothing to deliver of a flow that is over", async () => {
    const session = a.open();
    a.say(session, "one", "two");
    await settle();
    const seen = b.opened[0] as FlowSession;
    await seen.take();
    b.makeDurable(seen);
    await settle();
    session.outcome = {};
    cut();
    b = new Side();
    connect();
    await settle();
    expect(session.outgoing).toEqual([]);
    expect(a.delivered.at(-1)).toBe(2);
  });
});

describe("the end of a flow", () => {
  const failure = { code: "cash/no", detail: "not today", facts: { field: "amount" } };

  test("is told with its code and facts", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    b.hub.tellEnd(b.opened[0] as FlowSession, failure);
    await settle();
    const expected = { code: "cash/no", facts: { field: "amount", toldBy: bob } };
    await expect(session.take()).rejects.toMatchObject(expected);
    expect(session.outgoing).toEqual([]);
  });

  test("does not take back what arrived before it", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    b.say(b.opened[0] as FlowSession, "answer");
    b.hub.tellEnd(b.opened[0] as FlowSession, failure);
    await settle();
    expect(await heard(session, 1)).toEqual(["answer"]);
    await expect(session.take()).rejects.toMatchObject({ code: "cash/no" });
  });

  test("that nobody heard is asked for at the next connection", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    const seen = b.opened[0] as FlowSession;
    await seen.take();
    b.makeDurable(seen);
    await settle();
    cut();
    b.hub.remove(seen);
    b.records.set(SESSION, ended({ error: failure }));
    connect();
    await settle();
    await expect(session.take()).rejects.toMatchObject({ code: "cash/no" });
  });

  test("that the network refused is told once it takes frames again", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    b.room = 0;
    b.hub.tellEnd(b.opened[0] as FlowSession, failure);
    await settle();
    expect(session.hasEnded).toBe(false);
    b.room = Number.POSITIVE_INFINITY;
    b.hub.drain(alice);
    await settle();
    await expect(session.take()).rejects.toMatchObject({ code: "cash/no" });
  });

  test("is told to whoever asks later", async () => {
    b.records.set(SESSION, ended({}));
    const session = a.open();
    session.left = 1;
    a.say(session, "one");
    await settle();
    expect(b.opened).toEqual([]);
    await expect(session.take()).rejects.toMatchObject({ code: "flow/session-ended" });
  });

  test("is told to a responder whose initiator has no such session", async () => {
    a.say(a.open(), "one");
    await settle();
    const seen = b.opened[0] as FlowSession;
    await seen.take();
    a = new Side();
    cut();
    connect();
    await settle();
    await expect(seen.take()).rejects.toMatchObject({ code: "flow/session-ended" });
  });
});

function ended(change: Partial<FlowRecord>): FlowRecord {
  const before = { id: SESSION, flow: "test/talk", bundle: "00", input: "null", startedBy: "A" };
  const times = { startedAt: 1, endedAt: 2 };
  return { ...before, status: "FAILED", initiator: alice, ...times, ...change };
}

describe("a peer that does not keep to the rules", () => {
  const message = (change: object): SessionFrame =>
    ({
      kind: "message",
      session: SESSION,
      from: "initiator",
      received: 0,
      durable: 0,
      sequence: 0,
      name: "line",
      body: bytes("forged"),
      ...change,
    }) as SessionFrame;
  const open = { protocol: "test/talk", version: 1 };

  test("cannot speak in somebody else's session", async () => {
    const session = a.open();
    a.say(session, "one");
    await settle();
    const seen = b.opened[0] as FlowSession;
    const forged = [
      message({ sequence: 1 }),
      { kind: "end", session: SESSION, from: "initiator" } as const,
      { kind: "progress", session: SESSION, from: "initiator", received: 9, durable: 9 } as const,
    ];
    for (const frame of forged) b.hub.frame(mallory, encodeSessionFrame(frame));
    expect(seen.expected).toBe(1);
    expect(seen.hasEnded).toBe(false);
    // Nor its own side's part.
    a.hub.frame(bob, encodeSessionFrame(message({})));
    expect(session.expected).toBe(0);
    expect(b.logs).toEqual(Array(3).fill("frame for somebody else's session"));
  });

  test("learns nothing of a flow that answers another", async () => {
    b.records.set(SESSION, ended({}));
    b.hub.frame(mallory, encodeSessionFrame(message({ again: "yes", open })));
    await new Promise(setImmediate);
    expect([b.wire, b.opened]).toEqual([[], []]);
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["garbage", new Uint8Array([0xff, 0, 1])],
    ["half a frame", encodeSessionFrame(message({ open })).subarray(0, 40)],
    ["more than a frame", new Uint8Array([...encodeSessionFrame(message({ open })), 0])],
  ])("is not listened to: %s", (_, frame) => {
    b.hub.frame(alice, frame);
    expect(b.opened).toEqual([]);
    expect(b.logs).toEqual(["malformed session frame"]);
  });

  test("fills no session with what nobody asked for", async () => {
    const session = a.open();
    a.say(session, ...Array.from({ length: 300 }, (_, i) => `${i}`));
    await settle();
    const seen = b.opened[0] as FlowSession;
    expect(await heard(seen, 256)).toHaveLength(256);
    await expect(seen.take()).rejects.toMatchObject({ code: "flow/too-large" });
  });

  test("fills no memory with many sessions", () => {
    const body = new Uint8Array(30 << 20);
    for (let i = 0; i < 12; i++) {
      const session = i.toString(16).padStart(32, "0");
      b.hub.frame(alice, encodeSessionFrame(message({ session, open, body })));
    }
    const held = b.opened.filter(({ hasEnded }) => !hasEnded);
    expect(held).toHaveLength(8);
    for (const session of b.opened) b.hub.remove(session);
    expect(b.opened[0]?.waiting.bytes).toBe(0);
  });

  test("has no more looked up than a bounded number of frames", async () => {
    const body = new Uint8Array(30 << 20);
    for (let i = 0; i < 4; i++)
      b.hub.frame(alice, encodeSessionFrame(message({ again: "yes", sequence: 1, body })));
    expect(b.logs).toEqual(Array(2).fill("too many frames of unknown sessions"));
  });

  test("is told why it finds no responder", async () => {
    b.refusal = { code: "flow/unknown-protocol", detail: "no app here answers" };
    const session = a.open();
    a.say(session, "one");
    await settle();
    await expect(session.take()).rejects.toMatchObject({ code: "flow/unknown-protocol" });
    expect(b.hub.size).toBe(0);
  });

  test("that skips numbers is not heard beyond them", async () => {
    b.hub.frame(alice, encodeSessionFrame(message({ open, sequence: 5 })));
    b.hub.frame(alice, encodeSessionFrame(message({ sequence: 6 })));
    expect(b.opened[0]?.expected).toBe(0);
  });
});
