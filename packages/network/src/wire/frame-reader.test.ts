import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameReader } from "./frame-reader.ts";

const MAX = 100_000;

function framed(frames: readonly Uint8Array[]): Buffer {
  const parts = frames.flatMap((frame) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(frame.length);
    return [length, frame];
  });
  return Buffer.concat(parts);
}

test("frames come out as they went in, however the bytes are cut", () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 });
  fc.assert(
    fc.property(frames, fc.array(fc.nat({ max: 2500 })), (sent, cuts) => {
      const stream = framed(sent);
      const received: Uint8Array[] = [];
      const reader = new FrameReader(MAX, (frame) => received.push(frame));
      let offset = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), stream.length]) {
        const end = Math.max(offset, Math.min(cut, stream.length));
        reader.push(stream.subarray(offset, end));
        offset = end;
      }
      expect(received.map((frame) => [...frame])).toEqual(sent.map((frame) => [...frame]));
    }),
  );
});

test("a frame larger than the first room, byte by byte", () => {
  const frame = Uint8Array.from({ length: 70_000 }, (_, i) => i);
  const received: Uint8Array[] = [];
  const reader = new FrameReader(MAX, (found) => received.push(found));
  for (const byte of framed([frame])) reader.push(Uint8Array.of(byte));
  expect(received).toHaveLength(1);
  expect(Buffer.compare(received[0] as Uint8Array, frame)).toBe(0);
});

test("one that is too large is refused at its length, and the largest is taken", () => {
  const reader = new FrameReader(MAX, () => {});
  reader.push(framed([new Uint8Array(MAX)]));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(MAX + 1);
  expect(() => reader.push(length)).toThrow(
    expect.objectContaining({
      fault: { code: "network/frame-too-large", found: MAX + 1, max: MAX },
    }),
  );
});

test("an announcement takes no memory", () => {
  const reader = new FrameReader(2 ** 32, () => {});
  const before = process.memoryUsage().arrayBuffers;
  const announcement = Buffer.alloc(5);
  announcement.writeUInt32BE(2 ** 31);
  reader.push(announcement);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
});

test("a frame does not keep the chunk that it came in", () => {
  const received: Uint8Array[] = [];
  const reader = new FrameReader(MAX, (frame) => received.push(frame));
  reader.push(framed([Uint8Array.of(1), Uint8Array.of(2)]));
  expect(received.map(({ buffer }) => buffer.byteLength)).toEqual([1, 1]);
});

test("once stopped it gives out nothing more, even of the same chunk", () => {
  const received: Uint8Array[] = [];
  const reader = new FrameReader(MAX, (frame) => {
    received.push(frame);
    reader.stop();
  });
  reader.push(framed([Uint8Array.of(1), Uint8Array.of(2)]));
  expect(received).toHaveLength(1);
});
