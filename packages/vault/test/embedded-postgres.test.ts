import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, PostgresError, startEmbeddedPostgres } from "@stateset/vault";
import { afterAll, afterEach, beforeAll, test } from "vitest";
import { query } from "./postgres-subject.ts";

const isRoot = process.getuid?.() === 0;

/** Holds the folders of a test that has some of its own. */
let parent: string;
/** The server that most tests share, so that its data are made once. */
let folder: string;
const running = new Set<EmbeddedPostgres>();
const children = new Set<ChildProcess>();

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "stateset-embedded-"));
  await chmod(parent, 0o755);
  folder = join(parent, "shared");
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  for (const server of running) await server.stop();
  running.clear();
});
afterAll(() => rm(parent, { recursive: true, force: true }));

async function start(at = folder, options: { port?: number; accounts?: string[] } = {}) {
  const server = await startEmbeddedPostgres({ folder: at, ...options });
  running.add(server);
  return server;
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  await server.stop();
  running.delete(server);
}

/** Starts a server in a process of its own. @returns the server's process id */
async function startElsewhere(): Promise<{ child: ChildProcess; pid: number }> {
  const script = new URL("start-and-stay.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  if (child.stdout === null) throw new Error("no output");
  const [line] = await once(child.stdout, "data");
  return { child, pid: Number(String(line)) };
}

async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setImmediate(resolve));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("data outlive the server, and a database is made once", async () => {
  const first = await start();
  const database = await first.createDatabase("node");
  await query(database, "create table kept as select 1 as one");
  await stop(first);
  assert.equal(isAlive(first.pid), false);
  const second = await start();
  assert.equal(await second.createDatabase("node"), database);
  assert.deepEqual(await query(database, "select one from kept"), [{ one: 1 }]);
  const [settings] = await query<{ fsync: string; sync: string }>(
    database,
    "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync",
  );
  assert.deepEqual(settings, { fsync: "on", sync: "on" });
});

test("a name of a database that clients would write differently is refused", async () => {
  const server = await start();
  await server.createDatabase("Node_1-a");
  for (const name of ["a b", "", "a/b", 'a"b', "x".repeat(64)]) {
    await assert.rejects(server.createDatabase(name), { code: "postgres/bad-name" });
  }
});

test("a folder has one server", async () => {
  const { pid } = await start();
  const inUse = { code: "postgres/folder-in-use" };
  await assert.rejects(startEmbeddedPostgres({ folder }), inUse);
  assert.equal(isAlive(pid), true);
});

test("a folder has one server, whichever process started it", async () => {
  const { child, pid } = await startElsewhere();
  await assert.rejects(startEmbeddedPostgres({ folder }), (error: PostgresError) => {
    assert.equal(error.code, "postgres/folder-in-use");
    assert.equal("pid" in error.fault && error.fault.pid, child.pid);
    return true;
  });
  assert.equal(isAlive(pid), true);
});

test("a server dies with the process that started it", async () => {
  const { child, pid } = await startElsewhere();
  await kill(child);
  await until(() => !isAlive(pid));
});

test("a server that was killed is started again", async () => {
  const server = await start();
  const database = await server.createDatabase("node");
  const { pid } = server;
  process.kill(pid, "SIGKILL");
  await until(async () => {
    const rows = await query(database, "select 1 as one").catch(() => []);
    return rows.length === 1 && server.pid !== pid;
  });
});

test("what a killed process left behind is stopped or cleared away", async () => {
  const { child, pid } = await startElsewhere();
  process.kill(pid, "SIGSTOP");
  await kill(child);
  process.kill(pid, "SIGCONT");
  const server = await start();
  assert.notEqual(server.pid, pid);
  assert.equal(isAlive(pid), false);
});

test("a process that came to have the number of a dead server is left alone", async () => {
  await stop(await start());
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1 << 30)"]);
  children.add(other);
  const data = join(folder, "data");
  await writeFile(join(data, "postmaster.pid"), `${other.pid}\n${data}\n1\n5432\n\n\n\n`);
  const server = await start();
  assert.notEqual(server.pid, other.pid);
  assert.equal(isAlive(other.pid ?? 0), true);
});

test("a start that was killed halfway leaves nothing that looks like data", async () => {
  const halfway = join(parent, "halfway");
  const draft = join(halfway, "data.new-2147483646");
  await mkdir(draft, { recursive: true });
  await stop(await start(halfway));
  await assert.rejects(stat(draft), { code: "ENOENT" });
});

test("a port that is taken is told, and one that is free is listened at", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const { port } = address;
  await assert.rejects(startEmbeddedPostgres({ folder, port }), (error: PostgresError) => {
    assert.equal(error.code, "postgres/port-busy");
    assert.equal("port" in error.fault && error.fault.port, port);
    return true;
  });
  other.close();
  await once(other, "close");
  const server = await start(folder, { port });
  const onSocket = server.connectionString("postgres");
  const overTcp = onSocket.replace("@/", `@127.0.0.1:${port}/`).replace(/\?.*/, "");
  await query(onSocket, "select 1");
  await query(overTcp, "select 1");
});

test("a folder that is damaged, of another version or in the way is told", async () => {
  const damaged = join(parent, "damaged");
  await mkdir(join(damaged, "data"), { recursive: true });
  await writeFile(join(damaged, "data", "PG_VERSION"), "9.6\n");
  const opening = () => startEmbeddedPostgres({ folder: damaged });
  await assert.rejects(opening(), { code: "postgres/other-version" });
  await writeFile(join(damaged, "server.json"), "{");
  await assert.rejects(opening(), { code: "postgres/folder-damaged" });
  const file = join(parent, "file");
  await writeFile(file, "");
  await assert.rejects(startEmbeddedPostgres({ folder: file }), (error) => {
    assert.ok(error instanceof PostgresError);
    assert.notEqual(error.fault.remedy, "");
    return true;
  });
});

test("root's server may lie below a folder that other accounts cannot enter", async () => {
  const closed = join(parent, "closed");
  await mkdir(closed, { mode: 0o700 });
  const deep = join(closed, "server");
  const first = await start(deep);
  const database = await first.createDatabase("node");
  await query(database, "create table kept as select 1 as one");
  await stop(first);
  const { home } = JSON.parse(await readFile(join(deep, "server.json"), "utf8"));
  assert.equal(home !== undefined, isRoot);
  if (home === undefined) return;

  const copy = join(closed, "copy");
  await cp(deep, copy, { recursive: true });
  await assert.rejects(startEmbeddedPostgres({ folder: copy }), { code: "postgres/folder-copied" });
  await rm(deep, { recursive: true });
  const moved = await start(copy);
  assert.deepEqual(await query(moved.connectionString("node"), "select one from kept"), [
    { one: 1 },
  ]);
  await moved.remove();
  running.delete(moved);
  for (const path of [copy, home]) await assert.rejects(stat(path), { code: "ENOENT" });
});

test("root may let any account run it, and is told where there is none", async () => {
  if (!isRoot) return;
  const own = join(parent, "account");
  const unknown = { accounts: ["no-such-account"] };
  await assert.rejects(start(own, unknown), { code: "postgres/no-account" });
  await stop(await start(own, { accounts: ["nobody"] }));
  const { uid } = await stat(join(own, "data"));
  assert.ok(uid > 0);
  // The data keep their account, whichever would be chosen today.
  await start(own, unknown);
  assert.equal((await stat(join(own, "data"))).uid, uid);
});

test("what is secret is for its owner alone", async () => {
  await start();
  await chmod(folder, 0o755);
  for (const name of ["server.json", "data", "run"]) {
    assert.equal((await stat(join(folder, name))).mode & 0o077, 0, name);
  }
});
