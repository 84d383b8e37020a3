import fc from "fast-check";
import { expect, test } from "vitest";
import * as portable from "./bytes-as-text.ts";
import * as node from "./bytes-as-text-node.ts";

const part = fc
  .tuple(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200))
  .map(([bytes, a, b]) => {
    const [start, end] = [a, b].map((each) => Math.min(each, bytes.length)).sort((x, y) => x - y);
    return { bytes, start: start as number, end: end as number };
  });

test("Node and other platforms give the same hexadecimal text", () => {
  fc.assert(
    fc.property(part, ({ bytes, start, end }) => {
      const text = node.toHexText(bytes, start, end);
      expect(text).toBe(portable.toHexText(bytes, start, end));
      expect(text).toBe(Buffer.from(bytes.slice(start, end)).toString("hex"));
    }),
  );
});

test("and the same ASCII text", () => {
  fc.assert(
    fc.property(part, ({ bytes, start, end }) => {
      const ascii = bytes.map((octet) => octet & 0x7f);
      const text = node.toAsciiText(ascii, start, end);
      expect(text).toBe(portable.toAsciiText(ascii, start, end));
      expect(text).toBe(String.fromCharCode(...ascii.slice(start, end)));
    }),
  );
});
