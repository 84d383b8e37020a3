import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeOwnFolder } from "../../src/local/secret-file.ts";
import { DrillNetwork } from "./drill-network.ts";
import { IN_FLIGHT } from "./payment-load.ts";
import { MAY_MOUNT, SmallDisk } from "./small-disk.ts";

const AWAY = "503 store/unavailable";
const AWAY_MS = 30_000;
/** Nodes that hang are ended after 15 s each, and a server that hangs after 10. */
const STOP_MAX_MS = 90_000;
const NOT_STARTED = "postgres could not be started again";
/** The server's data at the start take about 100, half of it log that is written over. */
const DISK_MEGABYTES = 256;

let disk: SmallDisk | undefined;
let drill: DrillNetwork;
beforeAll(async () => {
  drill = await DrillNetwork.start(async (folder) => {
    if (!MAY_MOUNT) return;
    makeOwnFolder(folder.root);
    disk = await SmallDisk.under(folder.postgres, DISK_MEGABYTES);
  });
  await drill.fund("alice");
});
afterAll(async () => {
  const release = () => disk?.unmount();
  await drill?.stop(release);
  // Where the network did not start, there is a disk all the same.
  release();
}, STOP_MAX_MS);

describe("while 16 payments are under way, the database server", () => {
  test("is killed twice", async () => {
    const load = drill.pay("alice", "bob", { name: "database" });
    for (let kill = 0; kill < 2; kill++) {
      await load.further(40);
      const pid = drill.network.postgresPid;
      process.kill(pid, "SIGKILL");
      await expect.poll(() => drill.network.postgresPid).not.toBe(pid);
    }
    await load.further(20);
    await load.finish();
    expect([...load.troubles.keys()]).toContain(AWAY);
    expect(load.unclear()).toEqual([]);
    expect([...drill.deaths]).toEqual([]);
    await drill.assertBooks();
  });
});

if (MAY_MOUNT)
  describe("while 16 payments are under way, the disk of the database", () => {
    test("is full until payments that were begun and new ones wait", async () => {
      const load = drill.pay("alice", "bob", { name: "disk" });
      await load.further(40);
      disk?.fill();
      const isFull = () => drill.log("alice").some(({ code }) => code === "53100");
      await expect.poll(isFull, { timeout: AWAY_MS }).toBe(true);
      const late = drill.pay("alice", "bob", { name: "late" });
      await expect.poll(() => late.waits, { timeout: AWAY_MS }).toBeGreaterThanOrEqual(IN_FLIGHT);
      disk?.free();
      await load.further(20);
      await Promise.all([load.finish(), late.finish()]);
      expect([...load.unclear(), ...late.unclear()]).toEqual([]);
      expect([...drill.deaths]).toEqual([]);
      await drill.assertBooks();
    });

    test("is full until the server ends and cannot be started", async () => {
      const load = drill.pay("alice", "bob", { name: "no log" });
      await load.further(20);
      disk?.fill();
      const isDown = async () => {
        // A server that cannot go on with its log ends itself.
        const log = "select pg_logical_emit_message(true, 'drill', repeat('x', 4000000))";
        await drill.query("alice", log).catch(() => {});
        return drill.ownLog.some(({ message }) => message === NOT_STARTED);
      };
      await expect.poll(isDown, { timeout: AWAY_MS, interval: 20 }).toBe(true);
      disk?.free();
      await load.further(20);
      await load.finish();
      expect(load.unclear()).toEqual([]);
      expect([...drill.deaths]).toEqual([]);
      await drill.assertBooks();
    });
  });
