import assert from "node:assert/strict";
import { RemoteFailure } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import { NetworkPeer, type NetworkUnderTest } from "./network-peer.ts";

export type NetworkCase = { name: string; run(subject: NetworkUnderTest): Promise<void> };

const MEBIBYTE = 1 << 20;
/** Long enough that only a fault can reach it. */
const LONG = { timeoutMs: 30_000 };
const SHORT = { timeoutMs: 50 };
const UNKNOWN = "0f".repeat(32) as IdentityId;

/** What every implementation of the Network port must do. Each case has a network of its own. */
export const NETWORK_COMPLIANCE: readonly NetworkCase[] = [
  {
    name: "both are told of each other's run, whoever connects",
    async run(subject) {
      const { a, b, idA, idB } = await two(subject);
      assert.deepEqual(a.events, [
        { kind: "up", peer: idB, run: { incarnation: "incarnation of 1", run: 1 } },
      ]);
      assert.deepEqual(b.events, [
        { kind: "up", peer: idA, run: { incarnation: "incarnation of 0", run: 1 } },
      ]);
    },
  },
  {
    name: "a peer may be wanted before it is there, and before the start",
    async run(subject) {
      const a = new NetworkPeer(await subject.join(0, { incarnation: "x", run: 7 }));
      a.network.connect(subject.identity(1));
      await a.network.start(a);
      const b = await NetworkPeer.start(subject, 1);
      await b.until(() => b.isUp(subject.identity(0)));
      await a.until(() => a.isUp(subject.identity(1)));
    },
  },
  {
    name: "frames arrive as they were sent, in order, both ways",
    async run(subject) {
      const { a, b, idA, idB } = await two(subject);
      const sizes = [0, 1, 5, 1000, 8191, 8192, 65_536, 3 * MEBIBYTE, 2];
      for (const size of sizes) {
        assert.ok(a.network.send(idB, pattern(size)));
        assert.ok(b.network.send(idA, pattern(size + 1)));
        await a.until(() => a.frames.at(-1)?.length === size + 1);
      }
      await b.until(() => b.frames.length === sizes.length);
      sizes.forEach((size, i) => {
        assertBytes(b.frames[i], pattern(size));
        assertBytes(a.frames[i], pattern(size + 1));
      });
    },
  },
  {
    name: "many small frames keep their order",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      const count = 5000;
      for (let i = 0; i < count; i++) assert.ok(a.network.send(idB, number(i)));
      await b.until(() => b.frames.length === count);
      b.frames.forEach((frame, i) => {
        assertBytes(frame, number(i));
      });
    },
  },
  {
    name: "a frame that finds no connection is refused, and the peer is sought",
    async run(subject) {
      const a = await NetworkPeer.start(subject, 0);
      const b = await NetworkPeer.start(subject, 1);
      assert.equal(a.network.send(subject.identity(1), number(1)), false);
      await a.until(() => a.isUp(subject.identity(1)));
      assert.equal(b.frames.length, 0);
    },
  },
  {
    name: "whoever is refused for too much under way hears when there is room",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      let accepted = 0;
      while (a.network.send(idB, pattern(256 << 10))) accepted++;
      assert.ok(accepted >= 8, `only ${accepted} frames were taken`);
      assert.ok(accepted <= 256, `${accepted} frames were taken`);
      await a.until(() => a.count("drain", idB) === 1);
      assert.ok(a.network.send(idB, number(accepted)));
      await b.until(() => b.frames.length === accepted + 1);
      assertBytes(b.frames.at(-1), number(accepted));
    },
  },
  {
    name: "a request connects, and is answered",
    async run(subject) {
      const a = await NetworkPeer.start(subject, 0);
      const b = await NetworkPeer.start(subject, 1);
      b.answer = async (kind, body) => Uint8Array.of(kind.length, ...body);
      const answer = await a.network.request(subject.identity(1), "ask", pattern(3), LONG);
      assertBytes(answer, Uint8Array.of(3, ...pattern(3)));
      assert.equal(b.requests[0]?.peer, subject.identity(0));
    },
  },
  {
    name: "many requests at once, answered in any order",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      // Every second one waits until all the first that fit are asked.
      b.answer = async (_, body) => {
        if ((body[3] as number) % 2 === 0) await b.until(() => b.requests.length >= 100);
        return body;
      };
      const count = 2000;
      const asked = Array.from({ length: count }, (_, i) =>
        a.network.request(idB, "echo", number(i), LONG),
      );
      (await Promise.all(asked)).forEach((answer, i) => {
        assertBytes(answer, number(i));
      });
    },
  },
  {
    name: "large bodies cross",
    async run(subject) {
      const { a, idB } = await two(subject);
      const body = pattern(24 * MEBIBYTE);
      assertBytes(await a.network.request(idB, "echo", body, LONG), body);
    },
  },
  {
    name: "a failure crosses with code, message and facts",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      b.answer = async () => {
        throw new RemoteFailure("app/refused", "“no”", { amount: 2n ** 63n, of: ["é", 1, null] });
      };
      await assertFails(a.network.request(idB, "ask", number(1), LONG), {
        code: "app/refused",
        message: "“no”",
        facts: { amount: "9223372036854775808", of: ["é", 1, null] },
      });
    },
  },
  {
    name: "any other failure crosses without its text",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      b.answer = async () => {
        throw new Error("a secret");
      };
      const failure = await assertFails(a.network.request(idB, "ask", number(1), LONG), {
        code: "network/failed",
      });
      assert.ok(!failure.message.includes("secret"));
    },
  },
  {
    name: "an unknown peer is not asked",
    async run(subject) {
      const a = await NetworkPeer.start(subject, 0);
      for (const peer of [UNKNOWN, subject.identity(0)]) {
        const asked = a.network.request(peer, "ask", number(1), LONG);
        await assertFails(asked, { code: "network/unknown-peer" });
        assert.equal(a.network.send(peer, number(1)), false);
      }
    },
  },
  {
    name: "what is too large is refused",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      const tooLarge = new Uint8Array(32 * MEBIBYTE + 1);
      const asked = a.network.request(idB, "ask", tooLarge, LONG);
      await assertFails(asked, { code: "network/too-large" });
      assert.throws(() => a.network.send(idB, tooLarge), { code: "network/too-large" });
      b.answer = async () => tooLarge;
      const answered = a.network.request(idB, "ask", number(1), LONG);
      await assertFails(answered, { code: "network/too-large" });
    },
  },
  {
    name: "a request ends in time, be the peer away or silent",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      b.answer = () => new Promise(() => {});
      const silent = a.network.request(idB, "ask", number(1), SHORT);
      await assertFails(silent, { code: "network/timeout" });
      subject.cut(0, 1);
      await a.until(() => !a.isUp(idB));
      const away = a.network.request(idB, "ask", number(1), SHORT);
      await assertFails(away, { code: "network/timeout" });
    },
  },
  {
    name: "whoever asked may stop waiting",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      b.answer = () => new Promise(() => {});
      const abort = new AbortController();
      const asked = a.network.request(idB, "ask", number(1), { ...LONG, signal: abort.signal });
      await b.until(() => b.requests.length === 1);
      abort.abort(new Error("enough"));
      await assert.rejects(asked, { message: "enough" });
      const again = a.network.request(idB, "ask", number(1), { ...LONG, signal: abort.signal });
      await assert.rejects(again, { message: "enough" });
      assert.equal(b.requests.length, 1);
    },
  },
  {
    name: "a link that was cut and mended comes up again, and frames pass",
    async run(subject) {
      const { a, b, idA, idB } = await two(subject);
      subject.cut(0, 1);
      await a.until(() => !a.isUp(idB));
      await b.until(() => !b.isUp(idA));
      assert.equal(a.network.send(idB, number(1)), false);
      subject.mend(0, 1);
      await a.until(() => a.isUp(idB));
      await b.until(() => b.isUp(idA));
      await sendUntilTaken(b, idA, number(2));
      await a.until(() => a.frames.length > 0);
      assertBytes(a.frames[0], number(2));
    },
  },
  {
    name: "a request under way when the link was cut is asked again and answered once",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      b.answer = (_, body) =>
        b.requests.length === 1 ? new Promise(() => {}) : Promise.resolve(body);
      const asked = a.network.request(idB, "ask", number(1), LONG);
      await b.until(() => b.requests.length === 1);
      subject.cut(0, 1);
      await a.until(() => !a.isUp(idB));
      subject.mend(0, 1);
      assertBytes(await asked, number(1));
      assert.ok(b.requests.length >= 2);
    },
  },
  {
    name: "one link that is cut does not touch the others",
    async run(subject) {
      const { a, b, idA, idB } = await two(subject);
      const c = await NetworkPeer.start(subject, 2);
      c.network.connect(idA);
      c.network.connect(idB);
      await c.until(() => c.isUp(idA) && c.isUp(idB));
      subject.cut(0, 1);
      await a.until(() => !a.isUp(idB));
      await b.until(() => !b.isUp(idA));
      for (const peer of [idA, idB])
        assertBytes(await c.network.request(peer, "echo", number(9), LONG), number(9));
      assert.ok(c.isUp(idA) && c.isUp(idB));
    },
  },
  {
    name: "a peer that starts anew is told with its new run",
    async run(subject) {
      const { a, b, idB } = await two(subject);
      await b.network.stop();
      await a.until(() => !a.isUp(idB));
      const again = await NetworkPeer.start(subject, 1, { incarnation: "restored", run: 3 });
      await a.until(() => a.isUp(idB));
      const run = { incarnation: "restored", run: 3 };
      assert.deepEqual(a.events.at(-1), { kind: "up", peer: idB, run });
      await again.until(() => again.isUp(subject.identity(0)));
    },
  },
  {
    name: "two that connect at the same time end with one connection",
    async run(subject) {
      const a = await NetworkPeer.start(subject, 0);
      const b = await NetworkPeer.start(subject, 1);
      const [idA, idB] = [subject.identity(0), subject.identity(1)];
      a.network.connect(idB);
      b.network.connect(idA);
      for (let i = 0; i < 20; i++) {
        assertBytes(await a.network.request(idB, "echo", number(i), LONG), number(i));
        assertBytes(await b.network.request(idA, "echo", number(i), LONG), number(i));
      }
      await a.until(() => a.isUp(idB));
      await b.until(() => b.isUp(idA));
      await sendUntilTaken(a, idB, number(1));
      await b.until(() => b.frames.length > 0);
    },
  },
  {
    name: "a stop fails what waits, and silences the handlers",
    async run(subject) {
      const { a, b, idA, idB } = await two(subject);
      b.answer = () => new Promise(() => {});
      const asked = a.network.request(idB, "ask", number(1), LONG);
      const failed = assertFails(asked, { code: "network/stopped" });
      await b.until(() => b.requests.length === 1);
      const told = a.events.length;
      await a.network.stop();
      await failed;
      await b.until(() => !b.isUp(idA));
      assert.equal(a.events.length, told);
    },
  },
];

async function two(subject: NetworkUnderTest) {
  const a = await NetworkPeer.start(subject, 0);
  const b = await NetworkPeer.start(subject, 1);
  const [idA, idB] = [subject.identity(0), subject.identity(1)];
  a.network.connect(idB);
  await a.until(() => a.isUp(idB));
  await b.until(() => b.isUp(idA));
  return { a, b, idA, idB };
}

/** A connection that both had dialled may be replaced once more: `peerUp` then says to try again. */
async function sendUntilTaken(from: NetworkPeer, to: IdentityId, frame: Uint8Array): Promise<void> {
  while (!from.network.send(to, frame)) {
    const before = from.count("up", to);
    await from.until(() => from.count("up", to) > before);
  }
}

async function assertFails(
  asked: Promise<Uint8Array>,
  expected: Record<string, unknown>,
): Promise<RemoteFailure> {
  const failure: unknown = await asked.then(
    () => undefined,
    (error) => error,
  );
  assert.ok(failure instanceof RemoteFailure, `expected a RemoteFailure, found ${failure}`);
  for (const [name, value] of Object.entries(expected))
    assert.deepEqual(failure[name as keyof RemoteFailure], value);
  return failure;
}

function assertBytes(found: Uint8Array | undefined, expected: Uint8Array): void {
  assert.ok(found !== undefined && Buffer.compare(found, expected) === 0, "other bytes arrived");
}

/** Bytes of which no two stretches are alike. */
function pattern(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = size + 1;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function number(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}
