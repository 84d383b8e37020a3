import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RemoteFailure } from "@stateset/flow";
import { EmbeddedNotary, type NotaryStore, openNotaryStore } from "@stateset/notary";
import { NOTARY_COMPLIANCE, NotaryFixture, seededRandom } from "@stateset/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddedSubject, memberSet, optionsOf } from "./notary-subject.ts";
import { startTestPostgres, type TestPostgres } from "./postgres.ts";

let postgres: TestPostgres;
const opened: NotaryStore[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
});

afterAll(async () => {
  for (const store of opened) await store.close();
  await postgres?.stop();
});

async function open(connectionString: string): Promise<NotaryStore> {
  const store = await openNotaryStore({ connectionString });
  opened.push(store);
  return store;
}

describe("the embedded notary over PostgreSQL", () => {
  let fixture: NotaryFixture;

  beforeAll(async () => {
    const store = await open(await postgres.createDatabase("compliance"));
    fixture = await NotaryFixture.start((map) => embeddedSubject(map, store), "postgres");
  });

  test.each(NOTARY_COMPLIANCE)("$name", async ({ run }) => {
    await run(fixture);
  });
});

const PROGRAM = fileURLToPath(new URL("kill-program.ts", import.meta.url));
type Run = { signal: string | null; lines: string[]; errors: string };

async function run(connectionString: string, ...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [PROGRAM, connectionString, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const signal = await new Promise<string | null>((resolve) =>
    child.once("close", (_, by) => resolve(by)),
  );
  return { signal, lines: output.split("\n").filter((line) => line !== ""), errors };
}

/** Writes come in pairs: a coin is issued, and moved. */
test.each([
  ["before", 4, 1],
  ["after", 4, 1],
  ["after", 8, 3],
])("killed %s write %i, it answers what it had written as before", async (when, write, printed) => {
  const connectionString = await postgres.createDatabase(`kill_${when}_${write}`);
  const killed = await run(connectionString, when, String(write), "0");
  expect(killed).toMatchObject({ signal: "SIGKILL", errors: "" });
  expect(killed.lines).toHaveLength(printed);
  const store = await open(connectionString);
  const tip = await store.tip();
  expect(tip?.header.height).toBe(when === "after" ? write : write - 1);
  const written = await store.block(write);
  const [again, onceMore] = [
    await run(connectionString, "never", "0", "5000"),
    await run(connectionString, "never", "0", "9000"),
  ];
  expect(again).toMatchObject({ signal: null, errors: "" });
  expect(again.lines).toHaveLength(4);
  expect(again.lines.slice(0, printed)).toEqual(killed.lines);
  expect(onceMore).toEqual(again);
  if (when === "after") expect(await store.block(write)).toEqual(written);
});

test("of two notaries on one store, one writes a block and the other starts over", async () => {
  const connectionString = await postgres.createDatabase("two_notaries");
  const [one, other] = [await open(connectionString), await open(connectionString)];
  let second: EmbeddedNotary | undefined;
  const fixture = await NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, one);
    second = await EmbeddedNotary.open(optionsOf(map, other, subject.clock));
    return subject;
  }, "two notaries");
  const coin = await fixture.coin();
  const first = fixture.move(coin);
  const rival = fixture.request(fixture.move(coin));
  const outcomes = await Promise.allSettled([fixture.notarise(first), second?.notarise(rival)]);
  const kinds = outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? outcome.value?.kind : outcome.reason.code,
  );
  expect(kinds.filter((kind) => kind === "notarised")).toHaveLength(1);
  const answers = [await fixture.notarise(first), await second?.notarise(rival)];
  expect(answers.map((answer) => answer?.kind).sort()).toEqual(["notarised", "refused"]);
  for (const answer of answers)
    if (answer?.kind === "refused") expect(answer.fault.kind).toBe("notary/conflict");
});

test("a store is of one cluster", async () => {
  const store = await open(await postgres.createDatabase("one_cluster"));
  const fixture = await NotaryFixture.start((map) => embeddedSubject(map, store), "one cluster");
  await fixture.coin();
  const foreign = { ...memberSet, epoch: 1 };
  await expect(
    NotaryFixture.start(async (map) => {
      const { clock } = await embeddedSubject(map, store);
      const options = { ...optionsOf(map, store, clock), memberSet: foreign };
      return { ...(await embeddedSubject(map, store)), notary: await EmbeddedNotary.open(options) };
    }, "one cluster"),
  ).rejects.toThrow("of other members");
});

test("where the database is away, the outcome is open", async () => {
  const store = await openNotaryStore({ connectionString: await postgres.createDatabase("away") });
  const fixture = await NotaryFixture.start((map) => embeddedSubject(map, store), "away");
  await store.close();
  await expect(fixture.coin()).rejects.toThrow(RemoteFailure);
  await expect(fixture.coin()).rejects.toMatchObject({ code: "notary/unavailable" });
});

test("a batch of any size is looked up at once", async () => {
  const store = await open(await postgres.createDatabase("batches"));
  const random = seededRandom("batches");
  const refs = Array.from({ length: 600 }, () => Buffer.from(random(32)).toString("hex"));
  const facts = await store.lookup({ ids: [], refs, uniqueKeys: refs });
  expect([facts.notarised.size, facts.consumed.size, facts.uniqueKeys.size]).toEqual([0, 0, 0]);
});
