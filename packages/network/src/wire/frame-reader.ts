import { NetworkError } from "../network-error.ts";

/** The big-endian length of what follows. */
export const LENGTH_BYTES = 4;
/** What a frame starts with; it doubles as bytes come, so that an announcement costs nothing. */
const CAPACITY_BYTES_MIN = 16 << 10;

/** Cuts a stream of bytes into frames. Holds no more than twice what was received of one frame. */
export class FrameReader {
  /** A longer frame is refused before any of it is kept. */
  frameBytesMax: number;
  readonly #onFrame: (frame: Uint8Array) => void;
  #length = 0;
  #lengthBytes = 0;
  #frame: Uint8Array | undefined;
  #received = 0;
  #isStopped = false;

  constructor(frameBytesMax: number, onFrame: (frame: Uint8Array) => void) {
    this.frameBytesMax = frameBytesMax;
    this.#onFrame = onFrame;
  }

  /** Nothing more is given out, even of what was received already. */
  stop(): void {
    this.#isStopped = true;
    this.#frame = undefined;
  }

  /**
   * Frames given out are arrays of their own.
   * @throws NetworkError `network/frame-too-large`
   */
  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length && !this.#isStopped) {
      offset =
        this.#lengthBytes < LENGTH_BYTES
          ? this.#readLength(chunk, offset)
          : this.#readBody(chunk, offset);
    }
  }

  #readLength(chunk: Uint8Array, start: number): number {
    let offset = start;
    while (this.#lengthBytes < LENGTH_BYTES && offset < chunk.length) {
      this.#length = this.#length * 256 + (chunk[offset++] as number);
      this.#lengthBytes++;
    }
    if (this.#lengthBytes < LENGTH_BYTES) return offset;
    const [found, max] = [this.#length, this.frameBytesMax];
    if (found > max) throw new NetworkError({ code: "network/frame-too-large", found, max });
    if (found === 0) this.#finish(new Uint8Array());
    return offset;
  }

  #readBody(chunk: Uint8Array, offset: number): number {
    const missing = this.#length - this.#received;
    const end = Math.min(chunk.length, offset + missing);
    const part = chunk.subarray(offset, end);
    if (this.#frame === undefined && part.length === missing) {
      // Copied, as a small frame would otherwise keep the whole chunk alive.
      this.#finish(Uint8Array.from(part));
      return end;
    }
    const frame = this.#room(part.length);
    frame.set(part, this.#received);
    this.#received += part.length;
    if (this.#received === this.#length) this.#finish(frame);
    return end;
  }

  #room(more: number): Uint8Array {
    const needed = this.#received + more;
    const frame = this.#frame ?? new Uint8Array(0);
    if (needed <= frame.length) return frame;
    const capacity = Math.min(this.#length, Math.max(CAPACITY_BYTES_MIN, needed * 2));
    const larger = new Uint8Array(capacity);
    larger.set(frame.subarray(0, this.#received));
    this.#frame = larger;
    return larger;
  }

  #finish(frame: Uint8Array): void {
    this.#length = 0;
    this.#lengthBytes = 0;
    this.#received = 0;
    this.#frame = undefined;
    this.#onFrame(frame);
  }
}
