/** The wasm is not what the rewriter can treat soundly; it never guesses. */
export class WasmFormatError extends Error {
  readonly offset: number;

  constructor(message: string, offset = -1) {
    super(offset < 0 ? message : `${message} at byte ${offset}`);
    this.name = "WasmFormatError";
    this.offset = offset;
  }
}
