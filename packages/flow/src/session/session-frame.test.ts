import { describe, expect, test } from "vitest";
import { decodeSessionFrame, encodeSessionFrame, faultOf } from "./session-frame.ts";

const session = "00".repeat(16);
const sent = (problem: Parameters<typeof faultOf>[0]) => {
  const end = { kind: "end", session, from: "initiator", fault: faultOf(problem) } as const;
  return decodeSessionFrame(encodeSessionFrame(end));
};

describe("a problem crosses the wire", () => {
  test.each([
    ["as it is", { code: "a/b", detail: "why", facts: { n: 1 } }, { code: "a/b", detail: "why" }],
    ["without a code", { code: "", detail: "why" }, { code: "flow/unexpected", detail: "why" }],
    ["too long", { code: "x".repeat(500), detail: "€".repeat(5000) }, { code: "x".repeat(128) }],
    ["not normalised", { code: "a/b", detail: "e\u0301" }, { detail: "\u00e9" }],
    ["with half a character", { code: "a/b", detail: "a\ud800" }, { detail: "a\ufffd" }],
    [
      "with facts too large",
      { code: "a/b", detail: "", facts: { x: "€".repeat(9000) } },
      { facts: "{}" },
    ],
    ["with facts not normalised", { code: "a/b", detail: "", facts: { x: "e\u0301" } }, {}],
    [
      "with characters that are none",
      { code: "a/b", detail: "\u0378" },
      { code: "a/b", detail: "" },
    ],
    ["with a code that is none", { code: "\u0378", detail: "why" }, { code: "flow/unexpected" }],
  ])("%s", (_, problem, expected) => {
    expect(sent(problem)).toMatchObject({ kind: "end", fault: expected });
  });
});
