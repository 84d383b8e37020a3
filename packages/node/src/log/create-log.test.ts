import { expect, test } from "vitest";
import { createLog } from "./create-log.ts";

function capture(pretty = false) {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  return { lines, log: createLog({ name: "alice", level: "info", pretty, write }) };
}

test("a line is one JSON object with time, level, node, message and fields", () => {
  const { lines, log } = capture();
  log("info", "flow ended", { flowId: "f1", amount: 12n });
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    level: "info",
    node: "alice",
    message: "flow ended",
    flowId: "f1",
    amount: 12,
  });
  expect(lines[0]?.endsWith("}\n")).toBe(true);
});

test("a field does not take the place of what every line has", () => {
  const { lines, log } = capture();
  log("warn", "postgres", { message: "out of memory", node: 7 });
  expect(lines[0]?.match(/"message":/g)).toHaveLength(1);
  const told = { message: "postgres", message_: "out of memory", node: "alice", node_: 7 };
  expect(JSON.parse(lines[0] ?? "")).toMatchObject(told);
});

test("what is below the level is not written", () => {
  const { lines, log } = capture();
  log("debug", "request");
  expect(lines).toEqual([]);
});

test("secrets do not get through", () => {
  const { lines, log } = capture();
  log("warn", "odd", { password: "p4ss", database: { connectionString: "postgres://a:p4ss@h" } });
  expect(lines[0]).not.toContain("p4ss");
});

test("an error is told with its code and cause", () => {
  const { lines, log } = capture();
  const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  log("error", "no database", { error: new Error("away", { cause }) });
  expect(JSON.parse(lines[0] ?? "").error).toMatchObject({
    message: "away",
    cause: { code: "ECONNREFUSED" },
  });
});

test("for people, one line that no terminal takes for a command", () => {
  const { lines, log } = capture(true);
  log("info", "peer up", { peer: "Bob\u001b[31m", tries: 2 });
  expect(lines[0]).toMatch(/^[\d:.]{12} info {2}alice {2}peer up peer=.*Bob.* tries=2\n$/);
  expect(lines[0]).not.toContain("\u001b");
});
