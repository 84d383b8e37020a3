const FIRST_BYTES = 16 << 10;
/** One large batch must not hold its memory for ever. */
const KEPT_BYTES_MAX = 1 << 20;

/** Puts values in PostgreSQL's binary form one behind the other, big-endian. */
export class BinaryWriter {
  #buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written; the writer starts afresh. */
  take(): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(0, this.#length));
    if (this.#buffer.length > KEPT_BYTES_MAX) this.#buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.#length = 0;
    return taken;
  }

  bool(value: boolean): void {
    this.#reserve(1);
    this.#length = this.#buffer.writeUInt8(value ? 1 : 0, this.#length);
  }

  int4(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  int8(value: bigint): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeBigInt64BE(value, this.#length);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  text(value: string): void {
    this.#reserve(value.length * 3); // bytes of UTF-8 for each code unit, at most
    this.#length += this.#buffer.write(value, this.#length, "utf8");
  }

  /** An `int4` that was written at a place before. */
  setInt4(value: number, at: number): void {
    this.#buffer.writeInt32BE(value, at);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + count));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
