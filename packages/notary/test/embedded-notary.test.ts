import { fromHex, merkleRoot, type SecretKey, sign, toHex } from "@stateset/codec";
import { notarisationRequest } from "@stateset/flow";
import { hashBlock, LedgerError, type SignedTransaction, transactionId } from "@stateset/ledger";
import {
  EmbeddedNotary,
  MemoryNotaryStore,
  type NotaryBlock,
  type NotaryStore,
} from "@stateset/notary";
import { NotaryFixture, seededRandom } from "@stateset/testing";
import { expect, test } from "vitest";
import { embeddedSubject, type ManualClock, memberSet, optionsOf } from "./notary-subject.ts";

/** A store in memory whose writes wait for the test, or fail. */
function storeWith(append: (block: NotaryBlock, memory: MemoryNotaryStore) => Promise<void>) {
  const memory = new MemoryNotaryStore();
  const store: NotaryStore = {
    tip: () => memory.tip(),
    lookup: (query) => memory.lookup(query),
    block: (height) => memory.block(height),
    close: () => memory.close(),
    append: (block) => append(block, memory),
  };
  return { store, memory };
}

test.each([
  ["before", false],
  ["after", true],
])(
  "a write that fails %s it happened leaves the outcome open, and asking again closes it",
  async (_, isWritten) => {
    let failures = 1;
    const { store, memory } = storeWith(async (block, written) => {
      const fails = block.header.height === 2 && failures-- > 0;
      if (!fails || isWritten) await written.append(block);
      if (fails) throw new Error("connection lost");
    });
    const fixture = await NotaryFixture.start((map) => embeddedSubject(map, store), "failing");
    const move = fixture.move(await fixture.coin());
    await expect(fixture.notarise(move)).rejects.toMatchObject({ code: "notary/unavailable" });
    const answer = await fixture.notarise(move);
    expect(answer.kind).toBe("notarised");
    expect((await memory.tip())?.header.height).toBe(2);
  },
);

test("what arrives during a write is one block", async () => {
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const sizes: number[] = [];
  const { store } = storeWith(async (block, memory) => {
    sizes.push(block.transactions.length);
    if (block.header.height === 2) {
      begun.resolve();
      await release.promise;
    }
    await memory.append(block);
  });
  const fixture = await NotaryFixture.start((map) => embeddedSubject(map, store), "batches");
  const holders = Array.from({ length: 5 }, () => fixture.alice.holder({ oneTimeKey: true }));
  const [first, ...others] = await fixture.issue(holders);
  const moving = fixture.notarise(fixture.move(first as (typeof others)[number]));
  await begun.promise;
  const rest = others.map((coin) => fixture.notarise(fixture.move(coin)));
  await Promise.resolve();
  release.resolve();
  const answers = await Promise.all([moving, ...rest]);
  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(["notarised"]));
  expect(sizes).toEqual([1, 1, 4]);
});

test("each block's history is the tree over the blocks before it, in every run", async () => {
  const memory = new MemoryNotaryStore();
  for (const run of [1, 2, 3]) {
    const fixture = await NotaryFixture.start((map) => embeddedSubject(map, memory), `run ${run}`);
    for (let i = 0; i < run; i++) await fixture.coin();
  }
  const hashes: Uint8Array[] = [];
  for (let height = 1; height <= 6; height++) {
    const header = (await memory.block(height))?.header;
    expect(header?.historyRoot).toBe(toHex(merkleRoot(hashes)));
    if (header !== undefined) hashes.push(fromHex(hashBlock(header)));
  }
  expect(hashes).toHaveLength(6);
});

test("where the clock goes back, time stands still", async () => {
  let clock: ManualClock | undefined;
  const fixture = await NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, new MemoryNotaryStore());
    clock = subject.clock;
    return subject;
  }, "clock");
  const before = fixture.subject.now();
  const move = fixture.move(await fixture.coin(), { timeWindow: [{ until: before }] });
  clock?.advance(-60_000);
  const refused = await fixture.notarise(move);
  expect(refused).toMatchObject({ fault: { kind: "notary/outside-time-window" } });
  const answer = await fixture.notarise(fixture.move(await fixture.coin()));
  expect(answer).toMatchObject({ receipt: { block: { blockTime: before } } });
});

test("more than it can hold is refused at once, and answered once there is room", async () => {
  const release = Promise.withResolvers<void>();
  const { store } = storeWith(async (block, memory) => {
    if (block.header.height > 1) await release.promise;
    await memory.append(block);
  });
  const fixture = await NotaryFixture.start((map) => embeddedSubject(map, store), "overload");
  const request = fixture.request(fixture.move(await fixture.coin()));
  const { notary } = fixture.subject;
  const asked = Array.from({ length: 4096 }, () => notary.notarise(request));
  const refused = await notary.notarise(request);
  expect(refused).toMatchObject({ fault: { kind: "notary/overloaded", retryAfterMs: 500 } });
  const id = transactionId(fixture.build({}));
  await expect(notary.absence(id, 1)).rejects.toMatchObject({ code: "notary/overloaded" });
  release.resolve();
  const kinds = new Set((await Promise.all(asked)).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(["notarised"]));
  expect((await notary.notarise(request)).kind).toBe("notarised");
});

test("a closed notary answers what it was asked, and takes no more", async () => {
  const release = Promise.withResolvers<void>();
  const { store } = storeWith(async (block, memory) => {
    await release.promise;
    await memory.append(block);
  });
  const closing: { notary?: EmbeddedNotary } = {};
  const fixture = await NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, store);
    closing.notary = subject.notary;
    return subject;
  }, "closing");
  const coin = fixture.coin();
  const closed = closing.notary?.close();
  release.resolve();
  await closed;
  const move = fixture.move(await coin);
  await expect(fixture.notarise(move)).rejects.toMatchObject({ code: "notary/unavailable" });
});

test("a key that is not the member's signs nothing", async () => {
  const stranger: SecretKey = { kind: "ed25519", secret: seededRandom("stranger")(32) };
  const memory = new MemoryNotaryStore();
  const fixture = await NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, memory);
    const options = optionsOf(map, memory, subject.clock);
    const notary = await EmbeddedNotary.open({
      ...options,
      sign: async (payload) => sign(stranger, payload),
    });
    return { ...subject, notary };
  }, "wrong key");
  await expect(fixture.coin()).rejects.toMatchObject({ code: "notary/unavailable" });
  expect(await memory.tip()).toBeUndefined();
});

test("an embedded notary has one member", async () => {
  const memory = new MemoryNotaryStore();
  const members = [...memberSet.members, ...memberSet.members];
  const opening = NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, memory);
    const options = optionsOf(map, memory, subject.clock);
    await EmbeddedNotary.open({ ...options, memberSet: { ...memberSet, members } });
    return subject;
  }, "two members");
  await expect(opening).rejects.toThrow("one member");
});

/** The whole transaction but for `private`, which a validating notary is shown. */
function wholeRequest(signed: SignedTransaction) {
  const creating = () => {
    throw new Error("it has no inputs");
  };
  return notarisationRequest(signed, { creating, openings: [], kind: "validating" });
}

test("a validating notary is shown all but what is private, and asks for a verdict", async () => {
  const seen: string[] = [];
  let verdict: Error | undefined;
  const memory = new MemoryNotaryStore();
  const fixture = await NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, memory);
    const notary = await EmbeddedNotary.open({
      ...optionsOf(map, memory, subject.clock),
      async verify({ transaction }) {
        seen.push(transactionId(transaction));
        if (verdict !== undefined) throw verdict;
      },
    });
    return { ...subject, notary };
  }, "validating");
  const { notary } = fixture.subject;
  const issue = fixture.sign(fixture.build({ headers: [fixture.header(fixture.bob.holder())] }));
  const id = transactionId(issue.transaction);
  const tornOff = fixture.request(issue);
  expect(await notary.notarise(tornOff)).toMatchObject({ fault: { kind: "notary/malformed" } });
  expect(seen).toEqual([]);
  const rule = { rule: "coin/conserves", facts: { paid: "1 \u{1F4B6}" } };
  verdict = new LedgerError({ code: "contract/rule-broken", ...rule });
  expect(await notary.notarise(wholeRequest(issue))).toEqual({
    kind: "refused",
    fault: {
      kind: "notary/invalid-transaction",
      code: "coin/conserves",
      reason: 'coin/conserves: {"paid":"1 ??"}',
    },
  });
  verdict = new Error("no history");
  const asked = notary.notarise(wholeRequest(issue));
  await expect(asked).rejects.toMatchObject({ code: "notary/unavailable" });
  verdict = undefined;
  expect((await notary.notarise(wholeRequest(issue))).kind).toBe("notarised");
  expect(seen).toEqual([id, id, id]);
});

test("a tear-off that is too large is refused unread", async () => {
  const fixture = await NotaryFixture.start(
    (map) => embeddedSubject(map, new MemoryNotaryStore()),
    "large",
  );
  const request = fixture.request(fixture.move(await fixture.coin()));
  const { notary } = fixture.subject;
  const signed = new Uint8Array((2 << 20) + 1);
  expect(await notary.notarise({ ...request, signed })).toEqual({
    kind: "refused",
    fault: { kind: "notary/too-large", what: "tear-off", found: signed.length, max: 2 << 20 },
  });
  const [proof] = request.headers;
  const component = new Uint8Array(1 << 20);
  const headers = Array.from({ length: 5 }, () => ({ ...(proof as object), component }));
  expect(await notary.notarise({ ...request, headers: headers as never })).toMatchObject({
    fault: { kind: "notary/too-large", what: "headers" },
  });
});
