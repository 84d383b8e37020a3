import { ChainError } from "./chain-error.ts";

/** Reads values out of what a member answered, which may be anything. */
export class JsonReader {
  readonly #what: string;
  readonly #value: unknown;

  constructor(what: string, value: unknown) {
    this.#what = what;
    this.#value = value;
  }

  /** @param path names of nested fields */
  at(...path: string[]): JsonReader {
    let value = this.#value;
    for (const name of path)
      value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return new JsonReader(`${this.#what} ${path.join(".")}`, value);
  }

  isAbsent(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  isTrue(): boolean {
    return this.#value === true;
  }

  text(bytesMax = 1024): string {
    const value = this.#value ?? "";
    if (typeof value !== "string") throw this.malformed("no text");
    return value.slice(0, bytesMax);
  }

  /** CometBFT writes large numbers as text; absent is 0, as in protobuf. */
  count(): number {
    const value = this.#value ?? 0;
    const isNumeral = typeof value === "string" && /^\d{1,16}$/.test(value);
    const number = isNumeral ? Number(value) : value;
    if (!Number.isSafeInteger(number) || (number as number) < 0) throw this.malformed("no count");
    return number as number;
  }

  /** Absent is empty. */
  base64(bytesMax: number): Uint8Array {
    const value = this.#value ?? "";
    if (typeof value !== "string") throw this.malformed("no text");
    if (value.length > (bytesMax / 3 + 1) * 4)
      throw new ChainError({ code: "chain/answer-too-large", what: this.#what, max: bytesMax });
    if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
      throw this.malformed("no base64");
    return new Uint8Array(Buffer.from(value, "base64"));
  }

  /** A time as RFC 3339 writes it, in whole milliseconds since 1970, rounded down. */
  time(): number {
    const value = this.text();
    const ms = /^\d{4}-\d\d-\d\dT[\d:]{8}(\.\d{1,9})?Z$/.test(value) ? Date.parse(value) : -1;
    if (!(ms >= 0)) throw this.malformed("no time");
    return ms;
  }

  malformed(reason: string): ChainError {
    return new ChainError({ code: "chain/answer-malformed", what: this.#what, reason });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
