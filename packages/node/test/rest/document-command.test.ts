import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PrivateComponent } from "@stateset/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contact, recordAt, sealedFor, source, transactionWith } from "./private-fixture.ts";
import { startRestFixture } from "./rest-fixture.ts";

const STATESET = join(import.meta.dirname, "../../bin/stateset.mjs");
const folder = mkdtempSync(join(tmpdir(), "stateset-document-"));
const hostile: PrivateComponent = {
  kind: "note",
  mediaType: "text/plain",
  content: new TextEncoder().encode("one\n\u001b]0;owned\u0007two"),
};
const picture: PrivateComponent = {
  kind: "picture",
  mediaType: "image/png",
  content: Uint8Array.of(0x89, 0x50, 0xff, 0x00),
};

let node: Awaited<ReturnType<typeof startRestFixture>>;
let id: string;
beforeAll(async () => {
  node = await startRestFixture();
  const { transaction, keys } = sealedFor(
    transactionWith(source, contact, hostile, picture, picture),
    node.encryptionKeys.publicKey,
  );
  // Of the second the key never came.
  id = await recordAt(node, transaction, keys.toSpliced(1, 1));
});
afterAll(() => node.server.close());

/** Runs the command line as a user would, while the node answers in this process. */
function document(...args: string[]): Promise<{ status: unknown; stdout: Buffer; stderr: string }> {
  const target = ["--node", node.url, "--token", node.operator];
  const all = [STATESET, "tx", "document", ...args, ...target];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { cwd: folder, encoding: "buffer" }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr: stderr.toString() }),
    );
  });
}

test("lists what there is, and what cannot be read", async () => {
  const { status, stdout } = await document(id);
  expect(status).toBe(0);
  const lines = stdout.toString().trimEnd().split("\n");
  expect(lines.slice(0, 2)).toEqual([
    "0  sealed  invoice/source  application/xml  10 bytes",
    "1  sealed  cannot be read here",
  ]);
  const { items } = JSON.parse((await document(id, "--json")).stdout.toString());
  expect(items).toHaveLength(5);
});

test("writes the document of a kind to a file, or its bytes to stdout", async () => {
  const args = [id, "--kind", "invoice/source"];
  const written = await document(...args, "--out", "invoice.xml", "--json");
  expect(JSON.parse(written.stdout.toString())).toMatchObject({
    ...{ index: 0, kind: "invoice/source", bytes: 10, file: "invoice.xml" },
  });
  expect(readFileSync(join(folder, "invoice.xml"), "utf8")).toBe("<Invoice/>");
  expect((await document(...args, "--out", "-")).stdout.toString()).toBe("<Invoice/>");
  const { content } = JSON.parse((await document(...args, "--json")).stdout.toString());
  expect(Buffer.from(content, "base64").toString()).toBe("<Invoice/>");
  const bytes = await document(id, "--index", "3", "--out", "-");
  expect(new Uint8Array(bytes.stdout)).toEqual(picture.content);
});

test("shows a document as text, without what would steer the terminal", async () => {
  const { stdout } = await document(id, "--kind", "note");
  expect(stdout.toString()).toBe("one\n·]0;owned·two\n");
  const { stdout: told } = await document(id, "--index", "3");
  expect(told.toString()).toBe("4 bytes that are no text: give --out\n");
});

test.each([
  [["--kind", "invoice/contact"], "tx/no-document"],
  [["--index", "1"], "tx/no-document"],
  [["--kind", "picture"], "tx/several-documents"],
  [["--out", "x"], "tx/several-documents"],
])("%j is refused with %s", async (args, code) => {
  const { status, stdout, stderr } = await document(id, ...args);
  expect(status).not.toBe(0);
  expect(`${stdout}${stderr}`).toContain(code);
});
