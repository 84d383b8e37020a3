const OPENING_BRACE = 0x7b;
const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];

/** Whether a file is a JSON object rather than canonical bytes, no record of which begins like one. */
export function isJson(content: Uint8Array): boolean {
  return content.find((byte) => !WHITE_SPACE.includes(byte)) === OPENING_BRACE;
}

/** @throws SyntaxError where it is no JSON, or no UTF-8 */
export function parseJson(content: Uint8Array): unknown {
  return JSON.parse(textOf(content));
}

function textOf(content: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new SyntaxError("the bytes are not UTF-8");
  }
}
