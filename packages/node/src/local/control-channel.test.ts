import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { RequestError } from "../request-error.ts";
import { askControl, ControlChannel } from "./control-channel.ts";

const root = mkdtempSync(join(tmpdir(), "stateset-control-"));
afterAll(() => rmSync(root, { recursive: true }));
const LONG = join(root, "a-folder-with-quite-a-long-name".repeat(4));
mkdirSync(LONG);

test.each([
  ["a short path", root],
  ["a path too long for a socket", LONG],
])("what is asked is answered, in %s", async (_, folder) => {
  const asked: unknown[] = [];
  const channel = await ControlChannel.open(folder, async (request) => {
    asked.push(request);
    if (request.party !== undefined)
      throw new RequestError("network/unknown-party", "who?", { party: request.party });
    return { pid: 1 };
  });
  expect(await askControl(folder, { command: "status" })).toEqual({ pid: 1 });
  await expect(askControl(folder, { command: "restart", party: "x" })).rejects.toMatchObject({
    code: "network/unknown-party",
    facts: { party: "x" },
  });
  expect(asked).toHaveLength(2);
  await expect(ControlChannel.open(folder, async () => {})).rejects.toMatchObject({
    code: "network/already-running",
  });
  channel.release();
  await expect(askControl(folder, { command: "down" })).rejects.toMatchObject({
    code: "network/not-running",
  });
});
