import type { NotaryId, TransactionId } from "@stateset/ledger";
import { beforeEach, describe, expect, test } from "vitest";
import { FlowFailure } from "../flow-context.ts";
import type { Verified } from "../ledger/ledger-service.ts";
import { RemoteFailure } from "../ports/network.ts";
import { type FlowRecord, StoreError, type Write } from "../ports/store.ts";
import { FlowSession } from "../session/flow-session.ts";
import { FlowRun, type RunHost } from "./flow-run.ts";
import {
  decodeJournal,
  decodeValue,
  encodeValue,
  JOURNAL_ENTRIES_MAX,
  type JournalEntry,
} from "./journal.ts";

const record: FlowRecord = {
  id: "f1",
  flow: "test/run",
  bundle: "00",
  status: "RUNNING",
  input: "null",
  startedBy: "test",
  startedAt: 0,
};

let commits: Write[][] = [];
/** What the next commits come to; the store is there where nothing is said. */
let outcomes: Promise<void>[] = [];
beforeEach(() => {
  commits = [];
  outcomes = [];
});

const host: RunHost = {
  async commit(writes) {
    commits.push([...writes]);
    await outcomes.shift();
  },
  transmit() {},
  tellProgress() {},
  changed() {},
  point() {},
};

function runOf(journal: readonly JournalEntry[] = []): FlowRun {
  const run = new FlowRun({ ...record }, host, journal);
  run.isStored = true;
  return run;
}

const value = (of: unknown) => () => encodeValue(of);

function journaled(): JournalEntry[] {
  const chunks = commits.flat().filter((write) => write.kind === "journal");
  return decodeJournal(chunks.map(({ chunk }) => chunk));
}

/** The journal that a run leaves which does what is given. */
async function journalOf(body: (run: FlowRun) => Promise<unknown>): Promise<JournalEntry[]> {
  const run = runOf();
  await body(run);
  await run.flush();
  const entries = journaled();
  commits = [];
  return entries;
}

describe("a replay", () => {
  test("gives what the journal has, and performs what comes after it", async () => {
    const journal = await journalOf((run) => run.effect("now", "", value(1)));
    const run = runOf(journal);
    expect(run.isReplaying).toBe(true);
    const never = () => {
      throw new Error("performed again");
    };
    expect(decodeValue((await run.effect("now", "", never)) as Uint8Array)).toBe(1);
    expect(run.isReplaying).toBe(false);
    expect(decodeValue((await run.effect("now", "", value(2))) as Uint8Array)).toBe(2);
  });

  test.each([
    ["another effect", "sleep", "5"],
    ["other arguments", "query", "b"],
  ])("with %s has diverged, and says where", async (_, effect, args) => {
    const journal = await journalOf((run) => run.effect("query", "a", value(1)));
    const run = runOf(journal);
    const fault = { code: "flow/diverged", flowId: "f1", entry: 0 };
    await expect(run.effect(effect, args, value(1))).rejects.toMatchObject({ fault });
  });

  test("that ends before its journal has diverged", async () => {
    const run = runOf(await journalOf((first) => first.effect("now", "", value(1))));
    expect(() => run.assertReplayed("the flow completes")).toThrow(/flow\/diverged.*completes/);
    await run.effect("now", "", value(1));
    expect(() => run.assertReplayed("the flow completes")).not.toThrow();
  });

  test("finds a failure as the flow saw it the first time", async () => {
    const refuse = () => {
      throw new RemoteFailure("history/not-allowed", "no", { n: 1n });
    };
    const seen: unknown[] = [];
    const body = async (run: FlowRun) => {
      await run.effect("claim", "", refuse).catch((error) => seen.push(error));
    };
    const journal = await journalOf(body);
    await body(runOf(journal));
    expect(seen).toHaveLength(2);
    for (const each of seen) {
      expect(each).toBeInstanceOf(FlowFailure);
      expect(each).toMatchObject({ code: "history/not-allowed", message: "no", facts: { n: "1" } });
    }
  });

  test("performs again what failed for no reason that a flow may go on from", async () => {
    const journal = await journalOf(async (run) => {
      const away = () => Promise.reject(new StoreError({ code: "store/unavailable", reason: "" }));
      await run.effect("query", "", away).catch(() => {});
      const bug = () => Promise.reject(new TypeError("bug"));
      await run.effect("query", "", bug).catch(() => {});
    });
    expect(journal).toEqual([]);
  });
});

describe("effects", () => {
  test("are performed one at a time", async () => {
    const run = runOf();
    const slow = run.effect("now", "", () => new Promise<undefined>(() => {}));
    await expect(run.effect("now", "", value(1))).rejects.toThrow(/one effect at a time/);
    expect(slow).toBeInstanceOf(Promise);
  });

  test("end at the journal's limit", async () => {
    const run = runOf();
    for (let i = 0; i < JOURNAL_ENTRIES_MAX; i++) await run.effect("call", "", () => undefined);
    await expect(run.effect("call", "", () => undefined)).rejects.toMatchObject({
      code: "flow/too-large",
    });
  });

  test("of an abandoned run never come to anything", async () => {
    const run = runOf();
    let finish: (of: undefined) => void = () => {};
    let isSettled = false;
    const effect = run.effect(
      "query",
      "",
      () =>
        new Promise<undefined>((resolve) => {
          finish = resolve;
        }),
    );
    void effect.finally(() => {
      isSettled = true;
    });
    run.abandon();
    finish(undefined);
    void run.effect("now", "", value(1)).finally(() => {
      isSettled = true;
    });
    await run.flush();
    expect(isSettled).toBe(false);
    expect(journaled()).toEqual([]);
  });
});

describe("a flush", () => {
  test("holds the flow's row, the journal and the messages, in one commit", async () => {
    const run = new FlowRun({ ...record }, host);
    const place = { side: "initiator", peer: "p", protocol: { name: "a/b", version: 1 } } as never;
    const session = new FlowSession({ id: "00".repeat(16), ...(place as object) } as never);
    run.attach(session);
    await run.effect("send", "", () => {
      session.enqueue("offer", new Uint8Array());
      return undefined;
    });
    await run.flush();
    expect(commits.map((writes) => writes.map(({ kind }) => kind))).toEqual([
      ["flow", "journal", "send"],
    ]);
    await run.flush();
    expect(commits).toHaveLength(1);
  });

  test("writes each entry once, in order", async () => {
    const run = runOf();
    for (const effect of ["a", "b", "c"]) {
      await run.effect(effect, "", value(1));
      await run.flush();
    }
    expect(journaled().map(({ effect }) => effect)).toEqual(["a", "b", "c"]);
    expect(run.durable).toBe(3);
  });

  test("waits for the one before, and is not made after one that failed", async () => {
    const run = runOf();
    let fail: (error: Error) => void = () => {};
    outcomes = [
      new Promise((_, reject) => {
        fail = reject;
      }),
    ];
    await run.effect("a", "", value(1));
    const first = run.flush();
    await run.effect("b", "", value(1));
    const second = run.flush();
    fail(new StoreError({ code: "store/unavailable", reason: "away" }));
    await expect(first).rejects.toMatchObject({ code: "store/unavailable" });
    await expect(second).rejects.toMatchObject({ code: "store/unavailable" });
    await expect(run.end("COMPLETED", {}, 1)).rejects.toMatchObject({ code: "store/unavailable" });
    expect(commits).toHaveLength(1);
    expect(run.record.status).toBe("RUNNING");
  });

  test("that failed lets the flow be held, and nothing else be written of it", async () => {
    const run = runOf();
    const away = new StoreError({ code: "store/unavailable", reason: "away" });
    outcomes = [Promise.reject(away)];
    await run.effect("a", "", value(1));
    await run.flush().catch(() => {});
    await run.effect("b", "", value(1));
    await run.hold("PAUSED", undefined);
    expect(commits.at(-1)).toEqual([{ kind: "progress", flowId: "f1", status: "PAUSED" }]);
  });
});

test("a responder's row that nothing happened to is written when it must be", async () => {
  const run = new FlowRun({ ...record }, host);
  await run.flushRow();
  expect(commits.map((writes) => writes.map(({ kind }) => kind))).toEqual([["flow"]]);
});

describe("what may be recorded", () => {
  const id = "1d".repeat(32) as TransactionId;
  const notVerified = expect.objectContaining({ code: "flow/not-verified" });

  test("is what the flow has verified, and nothing else", () => {
    const run = runOf();
    expect(() => run.verifiedAs(id)).toThrow(notVerified);
    const found = {} as Verified;
    run.verified.set(id, found);
    expect(run.verifiedAs(id)).toBe(found);
  });

  test("is not what was judged by a signature that the flow has not given", () => {
    const run = runOf();
    run.verified.set(id, { isOursUngiven: true } as Verified);
    expect(() => run.verifiedAs(id)).toThrow(notVerified);
    run.signed.set(id, { until: 1, notary: "" as NotaryId, at: 1 });
    expect(run.verifiedAs(id)).toMatchObject({ isOursUngiven: true });
  });
});
