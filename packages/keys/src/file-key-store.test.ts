import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { toHex, verifySignature } from "@stateset/codec";
import type { IdentityId } from "@stateset/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKeyStore, type FileKeyStore, openKeyStore } from "./file-key-store.ts";

const password = "correct horse battery";
const identity = "1a".repeat(32) as IdentityId;
const blinding = "2b".repeat(32);
const payload = {
  purpose: "transaction" as const,
  networkId: "00".repeat(32),
  metadata: { platformVersion: 0 },
  hash: "3c".repeat(32),
};
/** The least that a file may have, so that tests are quick. */
const costLog2 = 14;
let folder: string;
let path: string;
let store: FileKeyStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stateset-keys-"));
  path = join(folder, "node.keys");
  store = await createKeyStore({ path, password, costLog2 });
});
afterAll(() => rm(folder, { recursive: true }));

test("opened again, it has the same keys", async () => {
  const again = await openKeyStore({ path, password });
  expect(again.identityKey).toEqual(store.identityKey);
  expect(again.tlsPrivateKey()).toBe(store.tlsPrivateKey());
  const [before, after] = [store.as(identity), again.as(identity)];
  const oneTime = { kind: "one-time", blinding } as const;
  expect(after.publicKey(oneTime)).toEqual(before.publicKey(oneTime));
  expect(toHex(after.derive("nonces"))).toBe(toHex(before.derive("nonces")));
});

test("every key is another", () => {
  const keys = store.as(identity);
  const found = [
    store.identityKey.key,
    store.tlsKey.key,
    keys.publicKey({ kind: "one-time", blinding }).key,
    keys.publicKey({ kind: "one-time", blinding: "2c".repeat(32) }).key,
    toHex(keys.derive("a")),
    toHex(keys.derive("b")),
    toHex(keys.derive("identity key")),
  ];
  expect(new Set(found).size).toBe(found.length);
});

test.each([{ kind: "identity" }, { kind: "one-time", blinding }] as const)(
  "signs with the $kind key",
  async (ref) => {
    const keys = store.as(identity);
    const signature = await keys.sign(ref, payload);
    expect(verifySignature(signature, payload)).toBe(true);
    expect(signature).toMatchObject(keys.publicKey(ref));
  },
);

test("a cached one-time key and one made anew are the same", () => {
  const ref = { kind: "one-time", blinding } as const;
  const before = store.as(identity).publicKey(ref);
  for (let i = 0; i < 5000; i++)
    store.as(identity).publicKey({ kind: "one-time", blinding: i.toString(16).padStart(64, "0") });
  expect(store.as(identity).publicKey(ref)).toEqual(before);
});

test("nothing secret is printed", () => {
  const printed = `${inspect(store, { depth: 9, showHidden: true })}${JSON.stringify(store)}`;
  expect(printed).not.toMatch(/master|secret/i);
});

test("the file is its owner's alone, and holds no secret in the clear", async () => {
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const content = await readFile(path);
  const pem = store.tlsPrivateKey().split("\n")[1] as string;
  expect(content.includes(Buffer.from(pem, "base64").subarray(16))).toBe(false);
});

test("an identity registered with another key", () => {
  const other = { kind: "ed25519", key: "4d".repeat(32) } as const;
  expect(() => store.as(identity, other)).toThrow(
    expect.objectContaining({ code: "keys/wrong-identity-key" }),
  );
});

/** Each row makes a valid file wrong in one way. */
const rows: [string, (content: Buffer) => Promise<{ password?: string; path?: string }>][] = [
  ["keys/wrong-password", async () => ({ password: `${password}!` })],
  ["keys/missing", async () => ({ path: join(folder, "nowhere") })],
  ["keys/missing", async () => ({ path: join(folder, "nowhere", "at all") })],
  ["keys/unreadable", async () => ({ path: await folderOf("folder") })],
  ["keys/exposed", async (content) => ({ path: await copy(content, 0o640) })],
  ["keys/exposed", async (content) => ({ path: await copy(content, 0o602) })],
  ["keys/malformed", async (content) => ({ path: await copy(content.subarray(1)) })],
  ["keys/malformed", async () => ({ path: await copy(Buffer.alloc(0)) })],
  ["keys/malformed", async () => ({ path: await copy(Buffer.alloc(1 << 20)) })],
  ["keys/malformed", async (content) => ({ path: await copy(replaced(content, [14], [63])) })],
  ["keys/malformed", async (content) => ({ path: await copy(replaced(content, [14], [21])) })],
  ["keys/wrong-password", async (content) => ({ path: await copy(replaced(content, [14], [15])) })],
  ["keys/wrong-password", async (content) => ({ path: await copy(lastChanged(content)) })],
];
test.each(rows)("%s", async (code, change) => {
  const changed = await change(await readFile(path));
  await expect(openKeyStore({ path, password, ...changed })).rejects.toMatchObject({ code });
});

test("a forged header is refused", async () => {
  const content = await readFile(path);
  const at = content.indexOf("stateset key store");
  const forged = Buffer.from(content);
  forged.write("stateset key stare", at);
  const opened = openKeyStore({ path: await copy(forged), password });
  await expect(opened).rejects.toMatchObject({ code: "keys/malformed" });
});

test("a key store is never overwritten", async () => {
  const before = await readFile(path);
  await expect(createKeyStore({ path, password, costLog2 })).rejects.toMatchObject({
    code: "keys/exists",
  });
  expect(await readFile(path)).toEqual(before);
});

test("a password must have eight characters", async () => {
  const made = createKeyStore({ path: join(folder, "weak"), password: "1234567" });
  await expect(made).rejects.toMatchObject({ code: "keys/weak-password" });
});

let copies = 0;
async function copy(content: Uint8Array, mode = 0o600): Promise<string> {
  const to = join(folder, `copy-${copies++}`);
  await writeFile(to, content);
  await chmod(to, mode);
  return to;
}

async function folderOf(name: string): Promise<string> {
  return mkdtemp(join(folder, name));
}

/** Replaces the value of the field `costLog2`, which stands in the one byte behind its name. */
function replaced(content: Buffer, from: number[], to: number[]): Buffer {
  const at = content.indexOf("costLog2") + "costLog2".length;
  expect([...content.subarray(at, at + from.length)]).toEqual(from);
  const copied = Buffer.from(content);
  // Above 23 an integer takes a byte more, which breaks the file as well.
  copied.set(to, at);
  return copied;
}

function lastChanged(content: Buffer): Buffer {
  const copied = Buffer.from(content);
  const last = copied.length - 1;
  copied[last] = (copied[last] as number) ^ 1;
  return copied;
}
