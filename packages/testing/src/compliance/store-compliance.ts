import assert from "node:assert/strict";
import type { FlowRecord, Store, StoreError, StoreRun, VaultError, Write } from "@stateset/flow";
import type { ComplianceCase, OpenStore, StoreSubject } from "./compliance-case.ts";
import {
  attachmentOf,
  chunkOf,
  coinOf,
  consume,
  contentKeyOf,
  flowOf,
  identityOf,
  messageOf,
  plain,
  recordStates,
  transactionIdOf,
  transactionOf,
  uuidOf,
} from "./store-fixture.ts";

/** What every Store must do. Each case opens a store of its own. */
export function storeCompliance(open: OpenStore): ComplianceCase[] {
  return Object.entries({ ...FLOWS, ...REST }).map(([name, run]) => ({
    name,
    run: async () => run(await open()),
  }));
}

type Case = (subject: StoreSubject) => Promise<void>;

const FLOWS: { [name: string]: Case } = {
  "a flow is made once": async ({ store }) => {
    await store.commit([newFlow(flowOf(1, { clientId: "order-1", initiator: identityOf(3) }))]);
    await store.commit([newFlow(flowOf(1, { input: "{}" }))]);
    const expected = flowOf(1, { clientId: "order-1", initiator: identityOf(3) });
    assert.deepEqual(await store.flow(uuidOf(1)), expected);
    assert.deepEqual(await store.flowByClientId("order-1"), expected);
    assert.equal(await store.flow(uuidOf(2)), undefined);
    assert.equal(await store.flow("nonsense"), undefined);
    assert.equal(await store.flowByClientId("order-2"), undefined);
  },

  "a client id belongs to one flow, and who takes it again writes nothing": async ({ store }) => {
    await store.commit([newFlow(flowOf(1, { clientId: "order-1" }))]);
    const again: Write[] = [
      { kind: "transaction", transaction: transactionOf(1) },
      newFlow(flowOf(2, { clientId: "order-1" })),
    ];
    const [refused, ...others] = await Promise.allSettled([
      store.commit(again),
      store.commit([newFlow(flowOf(3, { clientId: "order-3" }))]),
      store.commit([newFlow(flowOf(1, { clientId: "order-1" }))]),
    ]);
    assertRefused(refused, { code: "store/client-id-taken", clientId: "order-1" });
    assert.deepEqual(
      others.map(({ status }) => status),
      ["fulfilled", "fulfilled"],
    );
    assert.deepEqual(await store.transactions([transactionIdOf(1)]), []);
    assert.deepEqual(await idsOf(store), [uuidOf(3), uuidOf(1)]);
  },

  "of two that take a client id at once, the first has it": async ({ store }) => {
    const [first, second] = await Promise.allSettled([
      store.commit([newFlow(flowOf(1, { clientId: "order-1" }))]),
      store.commit([newFlow(flowOf(2, { clientId: "order-1" }))]),
    ]);
    assert.equal(first?.status, "fulfilled");
    assertRefused(second, { code: "store/client-id-taken", clientId: "order-1" });
    const both = [
      newFlow(flowOf(3, { clientId: "order-2" })),
      newFlow(flowOf(4, { clientId: "order-2" })),
    ];
    await assert.rejects(store.commit(both), { code: "store/client-id-taken" });
    assert.deepEqual(await idsOf(store), [uuidOf(1)]);
  },

  "progress sets what it gives, and of an unknown flow nothing": async ({ store }) => {
    await store.commit([newFlow(flowOf(1))]);
    await store.commit([
      { kind: "progress", flowId: uuidOf(1), status: "WAITING", progress: "asks the notary" },
      { kind: "progress", flowId: uuidOf(2), status: "WAITING" },
    ]);
    const error = { code: "x/y", detail: "A reason.", facts: { count: "3", nul: "\0" } };
    await store.commit([{ kind: "progress", flowId: uuidOf(1), status: "HOSPITAL", error }]);
    const expected = flowOf(1, { status: "HOSPITAL", progress: "asks the notary", error });
    assert.deepEqual(await store.flow(uuidOf(1)), expected);
    assert.equal(await store.flow(uuidOf(2)), undefined);
  },

  "an ended flow stays as it is, and its journal is dropped": async ({ store }) => {
    await store.commit([newFlow(flowOf(1)), journal(1, 0), newFlow(flowOf(2)), journal(2, 0)]);
    const end: Write[] = [
      journal(1, 1),
      { kind: "progress", flowId: uuidOf(1), status: "COMPLETED", result: '"done"', endedAt: 9 },
    ];
    await store.commit(end);
    await store.commit([
      { kind: "progress", flowId: uuidOf(1), status: "FAILED", result: '"late"' },
      journal(1, 2),
    ]);
    await store.commit(end);
    const expected = flowOf(1, { status: "COMPLETED", result: '"done"', endedAt: 9 });
    assert.deepEqual(await store.flow(uuidOf(1)), expected);
    assert.deepEqual(await store.journal(uuidOf(1)), []);
    assert.deepEqual(plain(await store.journal(uuidOf(2))), plain([chunkOf(2, 0)]));
  },

  "a flow may begin and end in one commit, or in commits made at once": async ({ store }) => {
    const end = (number: number): Write => ({
      kind: "progress",
      flowId: uuidOf(number),
      status: "KILLED",
    });
    await store.commit([newFlow(flowOf(1)), journal(1, 0), end(1)]);
    await Promise.all([
      store.commit([newFlow(flowOf(2)), journal(2, 0)]),
      store.commit([journal(2, 1)]),
      store.commit([end(2)]),
      store.commit([journal(2, 2)]),
    ]);
    for (const number of [1, 2]) {
      assert.equal((await store.flow(uuidOf(number)))?.status, "KILLED");
      assert.deepEqual(await store.journal(uuidOf(number)), []);
    }
    assert.deepEqual(await store.unfinished(), []);
  },

  "what has not ended is there after a crash, oldest first": async (subject) => {
    await subject.store.commit([newFlow(flowOf(5)), journal(5, 2), journal(5, 0)]);
    await subject.store.commit([newFlow(flowOf(4, { status: "PAUSED" }))]);
    await subject.store.commit([newFlow(flowOf(3, { status: "COMPLETED" })), journal(4, 0)]);
    const { store } = await subject.crash();
    assert.deepEqual(
      plain(await store.unfinished()),
      plain([
        { record: flowOf(5), journal: [chunkOf(5, 0), chunkOf(5, 2)] },
        { record: flowOf(4, { status: "PAUSED" }), journal: [chunkOf(4, 0)] },
      ]),
    );
  },

  "flows are listed newest first, by pages": async ({ store }) => {
    for (let number = 1; number <= 7; number++) {
      const status = number % 2 === 0 ? "COMPLETED" : "RUNNING";
      const flow = number === 7 ? "cash/issue" : "cash/pay";
      await store.commit([newFlow(flowOf(number, { status, flow }))]);
    }
    const query = { statuses: ["RUNNING"], flow: "cash/pay", limit: 2 } as const;
    const first = await store.flows(query);
    assert.deepEqual(
      first.items.map(({ id }) => id),
      [uuidOf(5), uuidOf(3)],
    );
    assert.deepEqual(
      first.items.map(({ input }) => input),
      ["", ""],
    );
    const second = await store.flows({ ...query, cursor: first.nextCursor ?? "" });
    assert.deepEqual(
      second.items.map(({ id }) => id),
      [uuidOf(1)],
    );
    assert.equal(second.nextCursor, undefined);
    assert.equal((await store.flows({ limit: 7 })).nextCursor, undefined);
    await assert.rejects(store.flows({ limit: 1, cursor: "x" }), (error: VaultError) => {
      assert.deepEqual(error.fault, { code: "vault/bad-cursor", cursor: "x" });
      return true;
    });
  },
};

const REST: { [name: string]: Case } = {
  "a run is counted, of one incarnation": async (subject) => {
    const first = await subject.store.begin();
    assert.equal(first.run, 1);
    assert.match(first.incarnation, /^[0-9a-f-]{36}$/);
    const second = await (await subject.crash()).store.begin();
    assert.deepEqual(counted(second), { ...counted(first), run: 2 });
  },

  "a run that it does not know begins a new incarnation": async (subject) => {
    let current = subject;
    const again = async (seen: StoreRun): Promise<StoreRun> => {
      current = await current.crash();
      return await current.store.begin(seen);
    };
    const first = await subject.store.begin();
    const second = await again(first);
    assert.deepEqual(counted(second), { ...counted(first), run: 2 });
    // Begun by a process that died before anybody remembered it.
    const third = await again(first);
    assert.deepEqual(counted(third), { ...counted(first), run: 3 });
    const restored = await again({ ...third, run: 4 });
    assert.notEqual(restored.incarnation, first.incarnation);
    assert.equal(restored.run, 1);
    assert.deepEqual(counted(await again(restored)), { ...counted(restored), run: 2 });
    const replaced = await again(third);
    assert.ok(![first, restored].some(({ incarnation }) => incarnation === replaced.incarnation));
    assert.equal(replaced.run, 1);
  },

  "messages wait in order until they are delivered": async (subject) => {
    const send = (session: number, sequence: number): Write => ({
      kind: "send",
      message: messageOf(session, sequence),
    });
    await subject.store.commit([send(2, 0), send(1, 0)]);
    await subject.store.commit([send(1, 1), send(1, 0), send(2, 1), send(1, 2)]);
    await subject.store.commit([{ kind: "delivered", session: uuidOf(1), upTo: 1 }]);
    await subject.store.commit([{ kind: "delivered", session: uuidOf(1), upTo: 0 }]);
    await Promise.all([
      subject.store.commit([send(3, 0), send(3, 1)]),
      subject.store.commit([{ kind: "delivered", session: uuidOf(3), upTo: 0 }]),
    ]);
    const { store } = await subject.crash();
    assert.deepEqual(
      plain(await store.undelivered()),
      plain([messageOf(2, 0), messageOf(2, 1), messageOf(1, 2), messageOf(3, 1)]),
    );
  },

  "transactions and attachments come in the order asked for": async (subject) => {
    const writes: Write[] = [1, 2, 3].flatMap((number): Write[] => [
      { kind: "transaction", transaction: transactionOf(number) },
      { kind: "attachment", attachment: attachmentOf(number) },
    ]);
    await subject.store.commit(writes);
    const other = { ...transactionOf(3), signed: new Uint8Array([9]) };
    await subject.store.commit([{ kind: "transaction", transaction: other }]);
    const { store } = await subject.crash();
    const ids = [3, 8, 1].map(transactionIdOf);
    assert.deepEqual(
      plain(await store.transactions(ids)),
      plain([transactionOf(3), transactionOf(1)]),
    );
    assert.deepEqual(
      plain(await store.attachments(ids)),
      plain([attachmentOf(3), attachmentOf(1)]),
    );
  },

  "content keys are kept once, by their transaction": async (subject) => {
    const other = { ...contentKeyOf(1, "a"), wrapped: new Uint8Array(80).fill(9) };
    await subject.store.commit([
      { kind: "transaction", transaction: transactionOf(1) },
      contentKey(1, "b"),
      contentKey(1, "a"),
      { kind: "content-key", contentKey: other },
      contentKey(2, "a"),
    ]);
    await subject.store.commit([{ kind: "content-key", contentKey: other }]);
    const { store } = await subject.crash();
    const expected = [contentKeyOf(1, "a"), contentKeyOf(1, "b")];
    assert.deepEqual(plain(await store.contentKeys(transactionIdOf(1))), plain(expected));
    assert.deepEqual(await store.contentKeys(transactionIdOf(3)), []);
  },

  "a content key that was erased does not come back": async (subject) => {
    const writes = [contentKey(1, "a"), contentKey(1, "b"), contentKey(2, "a")];
    await subject.store.commit(writes);
    await subject.store.eraseContentKeys(transactionIdOf(1), ["a", "unknown"]);
    await subject.store.commit(writes);
    const { store } = await subject.crash();
    await store.commit(writes);
    const kept = async (number: number) => plain(await store.contentKeys(transactionIdOf(number)));
    assert.deepEqual(await kept(1), plain([contentKeyOf(1, "b")]));
    await store.eraseContentKeys(transactionIdOf(1));
    assert.deepEqual(await kept(1), []);
    assert.deepEqual(await kept(2), plain([contentKeyOf(2, "a")]));
  },

  "attachments of some megabytes are kept whole": async ({ store }) => {
    const attachments = [1, 2, 3].map((number) => attachmentOf(number, 5 << 20));
    await Promise.all(
      attachments.map((attachment) => store.commit([{ kind: "attachment", attachment }])),
    );
    const found = await store.attachments(attachments.map(({ hash }) => hash));
    assert.ok(found.every(({ content }, i) => equal(content, attachments[i]?.content)));
    assert.equal(found.length, 3);
  },

  "writing everything twice is as writing it once": async (subject) => {
    const writes: Write[] = [
      newFlow(flowOf(1, { clientId: "order-1" })),
      journal(1, 0),
      { kind: "progress", flowId: uuidOf(1), status: "WAITING", progress: "waits" },
      { kind: "send", message: messageOf(1, 0) },
      { kind: "transaction", transaction: transactionOf(1) },
      { kind: "attachment", attachment: attachmentOf(1) },
      ...recordStates(coinOf(1, 5n), coinOf(2, 6n)),
      consume(2, 3),
      consume(4, 3),
      contentKey(1, "a"),
    ];
    const seen = async () => ({
      contentKeys: await subject.store.contentKeys(transactionIdOf(1)),
      unfinished: await subject.store.unfinished(),
      undelivered: await subject.store.undelivered(),
      states: await subject.vault.query({ contract: "cash", type: "cash", status: "all" }),
    });
    await subject.store.commit(writes);
    const once = plain(await seen());
    await subject.store.commit(writes);
    await Promise.all([subject.store.commit(writes), subject.store.commit([...writes, ...writes])]);
    assert.deepEqual(plain(await seen()), once);
  },

  "a commit may be empty, or come to nothing": async ({ store }) => {
    await store.commit([]);
    await store.commit([{ kind: "progress", flowId: uuidOf(1), status: "WAITING" }]);
    const chunk = journal(1, 0);
    await store.commit([{ kind: "progress", flowId: uuidOf(1), status: "KILLED" }, chunk]);
    assert.deepEqual(await store.unfinished(), []);
  },

  "what is committed at once by many is all there": async (subject) => {
    const numbers = Array.from({ length: 300 }, (_, i) => i + 1);
    await Promise.all(
      numbers.map((number) => subject.store.commit([newFlow(flowOf(number)), journal(number, 0)])),
    );
    const { store } = await subject.crash();
    const found = await store.unfinished();
    assert.deepEqual(numbersOf(found.map(({ record }) => record)), numbers);
    assert.ok(found.every(({ journal: chunks }) => chunks.length === 1));
  },

  "nothing can be written or read once it is closed": async ({ store }) => {
    await store.close();
    await store.close();
    const closed = { fault: { code: "store/closed" } };
    await assert.rejects(store.commit([newFlow(flowOf(1))]), closed);
    await assert.rejects(store.flow(uuidOf(1)), closed);
    await assert.rejects(store.begin(), closed);
  },
};

function counted({ incarnation, run }: StoreRun): StoreRun {
  return { incarnation, run };
}

function newFlow(record: FlowRecord): Write {
  return { kind: "flow", record };
}

function journal(flow: number, from: number): Write {
  return { kind: "journal", chunk: chunkOf(flow, from) };
}

function contentKey(transaction: number, keyId: string): Write {
  return { kind: "content-key", contentKey: contentKeyOf(transaction, keyId) };
}

async function idsOf(store: Store): Promise<string[]> {
  return (await store.flows({ limit: 100 })).items.map(({ id }) => id);
}

function numbersOf(records: readonly FlowRecord[]): number[] {
  return records.map(({ input }) => (JSON.parse(input) as { number: number }).number);
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}

function assertRefused(
  result: PromiseSettledResult<void> | undefined,
  fault: StoreError["fault"],
): void {
  assert.equal(result?.status, "rejected");
  assert.deepEqual((result.reason as StoreError).fault, fault);
}
