/** What can be wrong with bytes or a value at the codec's boundary. Codes are stable. */
export type CodecFault =
  | { code: "codec/truncated"; offset: number }
  | { code: "codec/trailing-bytes"; offset: number }
  | { code: "codec/non-minimal-integer"; offset: number }
  | { code: "codec/indefinite-length"; offset: number }
  | {
      code: "codec/forbidden-item";
      offset: number;
      item: "float" | "tag" | "null" | "undefined" | "simple";
    }
  | { code: "codec/wrong-type"; offset?: number; expected: string; found: string }
  | { code: "codec/unknown-field"; field: string }
  | { code: "codec/missing-field"; field: string }
  | { code: "codec/duplicate-field"; field: string }
  | { code: "codec/unsorted-fields"; field: string }
  | { code: "codec/unknown-variant"; variant: string; expected: readonly string[] }
  | { code: "codec/invalid-utf8"; offset: number }
  | { code: "codec/not-well-formed"; found: string }
  | { code: "codec/not-nfc"; found: string }
  | { code: "codec/unassigned-character"; found: string }
  | { code: "codec/bad-format"; format: string; found: string }
  | { code: "codec/not-listed"; found: string; expected: readonly string[] }
  | { code: "codec/out-of-range"; found: string; min: string; max: string }
  | { code: "codec/bad-length"; what: string; found: number; min: number; max: number }
  | { code: "codec/too-deep"; max: number };

/** Thrown by every encoder and decoder here; `path` leads from the document's root to the fault. */
export class CodecError extends Error {
  readonly fault: CodecFault;
  readonly path: string[] = [];

  constructor(fault: CodecFault) {
    super(fault.code);
    this.name = "CodecError";
    this.fault = fault;
  }

  get code(): CodecFault["code"] {
    return this.fault.code;
  }

  /** Called on the way out of each container, innermost first. */
  within(step: string): this {
    this.path.unshift(step);
    const { code, ...facts } = this.fault;
    this.message = `${code} at ${this.path.join(".")}: ${JSON.stringify(facts)}`;
    return this;
  }
}
