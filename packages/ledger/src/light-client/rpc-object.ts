import { type Hex, toHex } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";

/** More than a commit of a hundred validators; the largest proof and its value in base64 fit in. */
const BODY_LENGTH_MAX = 2 ** 23;

/** What is being read, as its fault names it. */
export type RpcSubject = "header" | "validators" | "proof";

/**
 * The `result` of a JSON-RPC answer of CometBFT.
 * @throws LedgerError `light-client/malformed` where there is none
 */
export function readRpcResult(what: RpcSubject, body: string): RpcObject {
  if (body.length > BODY_LENGTH_MAX)
    throw malformed(what, `more than ${BODY_LENGTH_MAX} characters`);
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw malformed(what, "it is not JSON");
  }
  return new RpcObject(what, "answer", answer).object("result");
}

/** An object of CometBFT's JSON, each field read in the one form that CometBFT writes. */
export class RpcObject {
  readonly #what: RpcSubject;
  readonly #path: string;
  readonly #fields: Record<string, unknown>;

  constructor(what: RpcSubject, path: string, value: unknown) {
    this.#what = what;
    this.#path = path;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw malformed(what, `${path} is no object`);
    this.#fields = value as Record<string, unknown>;
  }

  object(name: string): RpcObject {
    return new RpcObject(this.#what, name, this.#field(name));
  }

  list(name: string, max: number): RpcObject[] {
    const value = this.#field(name);
    if (!Array.isArray(value) || value.length > max)
      throw this.fault(name, `no list of at most ${max}`);
    return value.map((item) => new RpcObject(this.#what, `one of ${name}`, item));
  }

  isAbsent(name: string): boolean {
    return (this.#field(name) ?? "") === "";
  }

  text(name: string, max: number): string {
    const value = this.#field(name);
    if (typeof value !== "string" || value.length > max)
      throw this.fault(name, `no text of at most ${max} characters`);
    return value;
  }

  /** Upper-case hexadecimal text of so many bytes. */
  hex<T extends Hex>(name: string, bytes: number): T {
    const text = this.text(name, 2 * bytes);
    if (text.length !== 2 * bytes || !/^[0-9A-F]*$/.test(text))
      throw this.fault(name, `not ${bytes} bytes in hexadecimal`);
    return text.toLowerCase() as T;
  }

  /** Integers of 64 bits are texts, smaller ones numbers. */
  bigint(name: string, max: bigint): bigint {
    const text = this.text(name, INT64_DIGITS);
    if (!/^(0|[1-9]\d*)$/.test(text) || BigInt(text) > max)
      throw this.fault(name, `no integer up to ${max} as text`);
    return BigInt(text);
  }

  int64(name: string): number {
    return Number(this.bigint(name, BigInt(Number.MAX_SAFE_INTEGER)));
  }

  int32(name: string, max: number): number {
    const value = this.#field(name);
    if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > max)
      throw this.fault(name, `no integer up to ${max}`);
    return value as number;
  }

  base64(name: string, max: number): Uint8Array {
    const text = this.text(name, 4 * Math.ceil(max / 3));
    const bytes = decodeBase64(text);
    if (bytes === undefined || bytes.length > max)
      throw this.fault(name, `not at most ${max} bytes in base64`);
    return bytes;
  }

  base64Hex(name: string, bytes: number): Hex {
    const value = this.base64(name, bytes);
    if (value.length !== bytes) throw this.fault(name, `not ${bytes} bytes`);
    return toHex(value);
  }

  fault(name: string, reason: string): LedgerError {
    return malformed(this.#what, `${name} of ${this.#path} is ${reason}`);
  }

  #field(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }
}

const INT64_DIGITS = 19;

/** Undefined where it is not the one form of the bytes. */
function decodeBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text);
    if (btoa(binary) !== text) return undefined;
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function malformed(what: RpcSubject, reason: string): LedgerError {
  return new LedgerError({ code: "light-client/malformed", what, reason });
}
