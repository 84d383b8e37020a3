import type { CodecFault } from "@stateset/codec";
import type { Sentences } from "./sentences.ts";

export const CODEC_SENTENCES: Sentences<CodecFault> = {
  "codec/truncated": ({ offset }) => `the bytes end at ${offset}, inside an item`,
  "codec/trailing-bytes": ({ offset }) => `more follows at byte ${offset}, behind the end`,
  "codec/non-minimal-integer": ({ offset }) =>
    `the integer at byte ${offset} takes more bytes than it needs`,
  "codec/indefinite-length": ({ offset }) => `the length at byte ${offset} is indefinite`,
  "codec/forbidden-item": ({ offset, item }) => `a ${item} stands at byte ${offset}: none may`,
  "codec/wrong-type": ({ expected, found }) => `${expected} is expected, and ${found} found`,
  "codec/unknown-field": ({ field }) => `there is no field ${field}`,
  "codec/missing-field": ({ field }) => `the field ${field} is missing`,
  "codec/duplicate-field": ({ field }) => `${field} stands twice`,
  "codec/unsorted-fields": ({ field }) => `the field ${field} is not in its place`,
  "codec/unknown-variant": ({ variant, expected }) =>
    `there is no ${variant}: it is one of ${expected.join(", ")}`,
  "codec/invalid-utf8": ({ offset }) => `the text at byte ${offset} is not UTF-8`,
  "codec/not-well-formed": () => "the text has half of a character",
  "codec/not-nfc": ({ found }) => `"${found}" is not in normalisation form C`,
  "codec/unassigned-character": ({ found }) => `"${found}" has a character that Unicode lacks`,
  "codec/bad-format": ({ format, found }) => `"${found}" is no ${format}`,
  "codec/not-listed": ({ found, expected }) => `"${found}" is none of ${expected.join(", ")}`,
  "codec/out-of-range": ({ found, min, max }) => `${found} is not from ${min} to ${max}`,
  "codec/bad-length": ({ what, found, min, max }) =>
    `the ${what} has a length of ${found}, which is not from ${min} to ${max}`,
  "codec/too-deep": ({ max }) => `it nests more than ${max} deep`,
};
