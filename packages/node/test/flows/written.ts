import { toHex } from "@stateset/codec";
import type { MemoryNodes } from "./memory-nodes.ts";

/** Shorter base64 would be found by chance in what is random. */
const FORM_BYTES_MIN = 8;

/** Every byte that nodes wrote down: rows, journals, outboxes, transactions, keys. */
export class Written {
  readonly #parts: Buffer[] = [];

  constructor(of?: MemoryNodes, ...names: string[]) {
    for (const name of names)
      if (of !== undefined)
        of.node(name).outage.losesAnswer = (writes) => {
          this.add(writes);
          return false;
        };
  }

  /** As they are, or as hexadecimal or base64 text, also where that text is in base64 again. */
  holds(bytes: Uint8Array): boolean {
    const texts = base64Forms(bytes);
    const encoded = [...texts, ...texts.flatMap(base64Forms)].filter(
      ({ length }) => length >= FORM_BYTES_MIN,
    );
    const all = Buffer.concat(this.#parts);
    const forms = [Buffer.from(bytes), Buffer.from(toHex(bytes)), ...encoded];
    return forms.some((form) => all.includes(form));
  }

  add(value: unknown): void {
    if (value instanceof Uint8Array) this.#parts.push(Buffer.from(value));
    else if (typeof value === "string") this.#parts.push(Buffer.from(value));
    else if (typeof value === "object" && value !== null)
      for (const each of Object.values(value)) this.add(each);
  }
}

/** One for each place in a group of three where they may begin; whole groups only. */
function base64Forms(bytes: Uint8Array): Buffer[] {
  return [0, 1, 2].map((from) => {
    const end = bytes.length - ((bytes.length - from) % 3);
    return Buffer.from(Buffer.from(bytes.subarray(from, end)).toString("base64"));
  });
}
