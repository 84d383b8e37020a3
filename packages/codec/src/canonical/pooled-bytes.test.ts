import fc from "fast-check";
import { expect, test } from "vitest";
import { pooledCopy, utf8 } from "./pooled-bytes.ts";

const lengths = fc.integer({ min: 0, max: 5000 });

test("copies are equal to what was copied, and no other copy changes them", () => {
  fc.assert(
    fc.property(fc.array(lengths, { maxLength: 40 }), (wanted) => {
      const copies = wanted.map((length, i) => {
        const copy = pooledCopy(new Uint8Array(length).fill(i + 1));
        expect(copy).toHaveLength(length);
        return copy;
      });
      for (const [i, copy] of copies.entries())
        expect(copy.every((octet) => octet === i + 1)).toBe(true);
    }),
  );
});

test("a part is copied, and stays as it is when its source changes", () => {
  const source = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
  const copy = pooledCopy(source, 100, 200);
  source.fill(0);
  expect([...copy]).toEqual(Array.from({ length: 100 }, (_, i) => (100 + i) % 256));
});

test("text is the UTF-8 that an encoder makes of it, at every length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 3000 }), (text) => {
      expect([...utf8(text)]).toEqual([...new TextEncoder().encode(text)]);
    }),
  );
  expect([...utf8("\ud800")]).toEqual([0xef, 0xbf, 0xbd]);
});
