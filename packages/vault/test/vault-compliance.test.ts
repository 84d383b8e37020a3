import { type StoreSubject, storeCompliance, vaultCompliance } from "@stateset/testing";
import { afterAll, afterEach, beforeAll, describe, test } from "vitest";
import { empty, openSubject, startTestServer, type TestServer } from "./postgres-subject.ts";

let server: TestServer;
let database: string;
let opened: StoreSubject[] = [];

beforeAll(async () => {
  server = await startTestServer();
  database = await server.server.createDatabase("compliance");
});
afterEach(async () => {
  await Promise.all(opened.map(({ store }) => store.close()));
  opened = [];
});
afterAll(() => server.end());

async function open(): Promise<StoreSubject> {
  await empty(database);
  return tracked(await openSubject(database));
}

/** Closes in the end whatever a case opened. */
function tracked(subject: StoreSubject): StoreSubject {
  opened.push(subject);
  return { ...subject, crash: async () => tracked(await subject.crash()) };
}

describe("as a store", () => {
  for (const { name, run } of storeCompliance(open)) test(name, run);
});

describe("as a vault", () => {
  for (const { name, run } of vaultCompliance(open)) test(name, run);
});
