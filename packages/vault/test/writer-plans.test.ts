import type { Write } from "@stateset/flow";
import { storeFixture } from "@stateset/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchStatements } from "../src/batch-statement.ts";
import { WriteBatch } from "../src/write-batch.ts";
import { WRITER_SESSION } from "../src/writer-connection.ts";
import { openSubject, query, startTestServer, type TestServer } from "./postgres-subject.ts";

const { chunkOf, consume, contentKeyOf, flowOf, messageOf, noteOf, transactionOf, uuidOf } =
  storeFixture;

let server: TestServer;
let database: string;

beforeAll(async () => {
  server = await startTestServer();
  database = await server.server.createDatabase("plans");
  const { store } = await openSubject(database);
  await store.close();
});
afterAll(() => server.end());

test("the writer finds rows by primary key alone, in tables that nobody has counted", async () => {
  const writes: Write[] = [
    { kind: "flow", record: flowOf(1) },
    { kind: "progress", flowId: uuidOf(2), status: "COMPLETED" },
    { kind: "journal", chunk: chunkOf(1, 0) },
    { kind: "send", message: messageOf(1, 0) },
    { kind: "delivered", session: messageOf(2, 0).session, upTo: 0 },
    { kind: "transaction", transaction: transactionOf(1) },
    { kind: "state", state: noteOf(1, { total: 1n }) },
    { kind: "content-key", contentKey: contentKeyOf(1, "a") },
    consume(2, 1),
  ];
  const batch = new WriteBatch([]);
  expect(batch.add(writes)).toBe(true);
  const { text } = new BatchStatements().queryFor(batch, 0);
  const [plan] = await query(
    database,
    WRITER_SESSION,
    `explain (generic_plan, format json) ${text}`,
  );
  const indexes = [...JSON.stringify(plan).matchAll(/"Index Name":"([^"]+)"/g)].map(
    ([, name]) => name,
  );
  expect(new Set(indexes)).toContain("states_pkey");
  expect(indexes.filter((name) => !name?.endsWith("_pkey"))).toEqual([]);
  expect(JSON.stringify(plan)).not.toContain('"Seq Scan"');
});
