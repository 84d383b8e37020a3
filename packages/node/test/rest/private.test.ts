import { hpke } from "@stateset/codec";
import {
  type PrivateComponent,
  type Transaction,
  tearOff,
  type WrappedKey,
} from "@stateset/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  contact,
  random,
  recordAt,
  sealedFor,
  source,
  transactionWith,
} from "./private-fixture.ts";
import { startRestFixture } from "./rest-fixture.ts";

let node: Awaited<ReturnType<typeof startRestFixture>>;
beforeAll(async () => {
  node = await startRestFixture();
});
afterAll(() => node.server.close());

const stored = (transaction: Transaction, keys?: readonly WrappedKey[]) =>
  recordAt(node, transaction, keys);
const sealed = (...components: PrivateComponent[]) =>
  sealedFor(transactionWith(...components), node.encryptionKeys.publicKey);

const list = (id: string) => node.call("GET", `/v1/transactions/${id}/private`);
const content = (id: string, index: number | string) =>
  node.call("GET", `/v1/transactions/${id}/private/${index}`);

test("what is sealed for this node is listed and read", async () => {
  const { transaction, keys } = sealed(source, contact);
  const id = await stored(transaction, keys);
  expect(await list(id)).toMatchObject({
    status: 200,
    json: {
      items: [
        {
          ...{ index: 0, form: "sealed", readable: true, bytes: source.content.length },
          ...{ kind: "invoice/source", mediaType: "application/xml" },
        },
        { index: 1, form: "sealed", readable: true, subject: "customer 4711" },
      ],
    },
  });
  const read = await content(id, 0);
  expect(read).toMatchObject({ status: 200, text: "<Invoice/>" });
  expect(Object.fromEntries(read.headers)).toMatchObject({
    "content-type": "application/xml",
    "content-disposition": expect.stringMatching(/^attachment; /),
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox",
    "cache-control": "no-store",
  });
});

test("a media type that is none, or would be a header of its own, is not repeated", async () => {
  const { transaction, keys } = sealed(contact);
  const { headers, text } = await content(await stored(transaction, keys), 0);
  expect(headers.get("content-type")).toBe("application/octet-stream");
  expect(headers.get("x-injected")).toBeNull();
  expect(text).toContain("alert");
});

test("what is open is read as well", async () => {
  const id = await stored(transactionWith(source));
  expect((await list(id)).json.items).toMatchObject([{ form: "open", readable: true }]);
  expect((await content(id, 0)).text).toBe("<Invoice/>");
});

describe("what cannot be read is told so", () => {
  test("hashed", async () => {
    const whole = transactionWith(source);
    const groups = ["meta", "commands", "private"] as const;
    const torn = tearOff(whole, { groups, hide: (group) => group === "private" });
    const id = await stored(torn);
    expect((await list(id)).json.items).toEqual([{ index: 0, form: "hashed", readable: false }]);
    expect(await content(id, 0)).toMatchObject({ status: 422, json: { code: "tx/not-open" } });
  });

  test("sealed, without its key", async () => {
    const id = await stored(sealed(source).transaction);
    expect((await list(id)).json.items).toEqual([{ index: 0, form: "sealed", readable: false }]);
    expect(await content(id, 0)).toMatchObject({ status: 422, json: { code: "tx/not-open" } });
  });

  test("sealed, its key erased", async () => {
    const { transaction, keys } = sealed(source, contact);
    const id = await stored(transaction, keys);
    await node.store.eraseContentKeys(id, ["key 0"]);
    expect((await list(id)).json.items).toMatchObject([{ readable: false }, { readable: true }]);
    expect(await content(id, 0)).toMatchObject({ status: 422, json: { code: "tx/not-open" } });
  });

  test("sealed for another node", async () => {
    const other = hpke.deriveKeys(random(32));
    const { transaction, keys } = sealedFor(transactionWith(source), other.publicKey);
    const id = await stored(transaction, keys);
    expect((await list(id)).json.items).toEqual([{ index: 0, form: "sealed", readable: false }]);
    expect(await content(id, 0)).toMatchObject({ status: 422, json: { code: "tx/cannot-unwrap" } });
  });
});

describe("refuses", () => {
  test.each(["1", "64"])("a place %s that is not there", async (index) => {
    const id = await stored(transactionWith(source));
    expect(await content(id, index)).toMatchObject({
      status: 404,
      json: { code: "rest/not-found" },
    });
  });

  test.each(["-1", "x", "01", "100"])("%s as a place", async (index) => {
    const id = await stored(transactionWith(source));
    expect((await content(id, index)).status).toBe(400);
  });

  test("a transaction that the node does not hold", async () => {
    const refusal = { status: 404, json: { code: "rest/not-found" } };
    expect(await list("0f".repeat(32))).toMatchObject(refusal);
    expect(await content("0f".repeat(32), 0)).toMatchObject(refusal);
  });

  test("whoever has no token", async () => {
    const id = await stored(transactionWith(source));
    for (const path of [`/v1/transactions/${id}/private`, `/v1/transactions/${id}/private/0`])
      expect(await node.call("GET", path, { token: "" })).toMatchObject({ status: 401 });
  });
});
