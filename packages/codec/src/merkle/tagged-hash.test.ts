import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type HashTag, taggedHash } from "./tagged-hash.ts";

const TAGS = [
  "absence",
  "app",
  "attachment",
  "batch",
  "block",
  "cluster",
  "commitment",
  "component",
  "consumed",
  "development-key",
  "empty",
  "engine",
  "group",
  "holder",
  "identity",
  "member-set",
  "network",
  "network-map",
  "node",
  "one-time-key",
  "parameters",
  "receipt",
  "seal",
  "signature",
  "transaction",
  "unique-key",
] as const;
TAGS satisfies readonly HashTag[];

test.each(TAGS)("%s: SHA-256 over the prefix's length, the prefix and the parts", (tag) => {
  const prefix = `stateset/0/${tag}`;
  const expected = createHash("sha256").update(Uint8Array.of(prefix.length)).update(prefix);
  expected.update(Uint8Array.of(1, 2, 3));
  expect(taggedHash(tag, Uint8Array.of(1), Uint8Array.of(2, 3))).toBe(expected.digest("hex"));
});

test("no tag's prefix begins another's, so that no content can continue a tag", () => {
  const prefixes = TAGS.map((tag) => `${String.fromCharCode(11 + tag.length)}stateset/0/${tag}`);
  for (const [i, prefix] of prefixes.entries())
    expect(prefixes.some((other, j) => i !== j && other.startsWith(prefix))).toBe(false);
});

test("two nodes are hashed in two blocks of SHA-256", () => {
  const padding = 9;
  expect(1 + "stateset/0/node".length + 64 + padding).toBeLessThanOrEqual(128);
});
