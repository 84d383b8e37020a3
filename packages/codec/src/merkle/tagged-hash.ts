import { crypto } from "#crypto";
import { utf8 } from "../canonical/pooled-bytes.ts";
import type { Branded } from "../canonical/schema.ts";

/** A SHA-256 hash as lower-case hexadecimal text. */
export type Hash = Branded<string, "Hash">;

/**
 * What a hash is for. The tag is part of what is hashed, so that no value of one purpose can be
 * taken for one of another.
 */
export type HashTag =
  | "absence"
  | "app"
  | "attachment"
  | "batch"
  | "block"
  | "cluster"
  | "commitment"
  | "development-key"
  | "component"
  | "consumed"
  | "empty"
  | "engine"
  | "group"
  | "holder"
  | "identity"
  | "member-set"
  | "network"
  | "network-map"
  | "node"
  | "one-time-key"
  | "parameters"
  | "receipt"
  | "seal"
  | "signature"
  | "transaction"
  | "unique-key";

const scratch = new Uint8Array(1024);
const prefixes = new Map<HashTag, Uint8Array>();
/** The first so many bytes of `scratch`, by their number. */
const beginnings: Uint8Array[] = [];

/**
 * SHA-256(length of prefix ‖ prefix ‖ parts), where the prefix is the ASCII text
 * `stateset/0/<tag>` and its length one byte. Tags are short enough that hashing two nodes takes
 * two blocks, as RFC 6962's one-byte prefixes do.
 */
export function taggedHashBytes(tag: HashTag, ...parts: Uint8Array[]): Uint8Array {
  return crypto.sha256(taggedMessage(tag, parts));
}

/** As `taggedHashBytes`, in the form that ids take in memory. */
export function taggedHash(tag: HashTag, ...parts: Uint8Array[]): Hash {
  return crypto.sha256Hex(taggedMessage(tag, parts)) as Hash;
}

/** What is hashed. Good until the next call: an array for each would cost as much as its hash. */
function taggedMessage(tag: HashTag, parts: readonly Uint8Array[]): Uint8Array {
  const prefix = prefixOf(tag);
  let length = prefix.length;
  for (const part of parts) length += part.length;
  const message = length <= scratch.length ? beginning(length) : new Uint8Array(length);
  message.set(prefix);
  let offset = prefix.length;
  for (const part of parts) {
    message.set(part, offset);
    offset += part.length;
  }
  return message;
}

function beginning(length: number): Uint8Array {
  const known = beginnings[length];
  if (known !== undefined) return known;
  const made = scratch.subarray(0, length);
  beginnings[length] = made;
  return made;
}

function prefixOf(tag: HashTag): Uint8Array {
  let prefix = prefixes.get(tag);
  if (prefix === undefined) {
    const name = utf8(`stateset/0/${tag}`);
    prefix = Uint8Array.of(name.length, ...name);
    prefixes.set(tag, prefix);
  }
  return prefix;
}
