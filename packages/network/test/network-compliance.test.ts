import { NETWORK_COMPLIANCE } from "@stateset/testing";
import { test } from "vitest";
import { TestNodes } from "./test-nodes.ts";

test.each(NETWORK_COMPLIANCE)("$name", async ({ run }) => {
  const nodes = await TestNodes.create();
  try {
    await run(nodes);
  } finally {
    await nodes.close();
  }
});
