import { list, optional, record, toHex, uint } from "@stateset/codec";
import { encodeNotarisationRequest, type NotarisationRequest } from "@stateset/flow";
import {
  decodeSignedTransaction,
  encodeTransaction,
  type Transaction,
  type TransactionSignature,
  transactionSignatureSchema,
} from "@stateset/ledger";
import {
  bytesHex,
  looseRequestBytes,
  requestBytes,
  signedBytes,
  transactionBytes,
} from "./loose-bytes.ts";
import type { Make, RefusedTable } from "./row.ts";

const CODE = "notary/malformed";

/** Bytes that are no request, or hold no signed transaction. */
export const REFUSED_BYTES: RefusedTable = [
  ["no bytes", CODE, "codec/truncated", bytesAs(() => new Uint8Array())],
  ["a list for a request", CODE, "codec/wrong-type", bytesAs(() => Uint8Array.of(0x80))],
  ["a request with a byte missing", CODE, "codec/truncated", bytesAs((b) => b.slice(0, -1))],
  ["half a request", CODE, "codec/truncated", bytesAs((b) => b.slice(0, b.length / 2))],
  ["a request with a byte behind", CODE, "trailing-bytes", bytesAs((b) => Uint8Array.of(...b, 0))],
  ["a request twice", CODE, "codec/trailing-bytes", bytesAs((b) => Uint8Array.of(...b, ...b))],
  ["no openings", CODE, "codec/missing-field", fields("signed", "headers")],
  ["fields in another order", CODE, "codec/", fields("headers", "signed", "openings")],
  ["a field twice", CODE, "codec/", fields("signed", "signed", "headers", "openings")],
  [
    "a field too many",
    CODE,
    "codec/unknown-field",
    fields("signed", "extra", "headers", "openings"),
  ],
  ["no transaction at all", CODE, "codec/bad-length", withFields({ signed: "40" })],
  ["a text for a transaction", CODE, "codec/wrong-type", withFields({ signed: "6141" })],
  ["a head that is not the shortest", CODE, "non-minimal", withFields({ openings: "9800" })],
  ["a list without an end", CODE, "indefinite-length", withFields({ openings: "9fff" })],
  ["a null for openings", CODE, "codec/forbidden-item", withFields({ openings: "f6" })],
  ["a head of 641 header proofs", CODE, "codec/", cutAfterHead("headers", "990281")],
  ["a head of 2^32 header proofs", CODE, "codec/", cutAfterHead("headers", "9b0000000100000000")],
  ["a head of 1025 openings", CODE, "codec/", cutAfterHead("openings", "990401")],
  [
    "a head of a transaction of 2^40 bytes",
    CODE,
    "codec/",
    cutAfterHead("signed", "5b0000010000000000"),
  ],
  ["an identity of 31 bytes in an opening", CODE, "codec/bad-length", withOpening(31, 32)],
  ["a blinding of 33 bytes in an opening", CODE, "codec/bad-length", withOpening(32, 33)],
  ["a proof of group 12", CODE, "codec/out-of-range", withProof({ group: 12 })],
  ["a proof of index 65536", CODE, "codec/out-of-range", withProof({ index: 65_536 })],
  ["a proof with a count of zero", CODE, "codec/out-of-range", withProof({ count: 0 })],
  ["a proof with a count of 65537", CODE, "codec/out-of-range", withProof({ count: 65_537 })],
  ["a proof with a short nonce", CODE, "codec/bad-length", withProof({ nonce: "00" })],
  [
    "a proof without a component",
    CODE,
    "codec/bad-length",
    withProof({ component: new Uint8Array() }),
  ],
  [
    "a proof with a path of 17",
    CODE,
    "codec/",
    withProof({ path: Array(17).fill("00".repeat(32)) }),
  ],
  ["a proof with a short sibling", CODE, "codec/bad-length", withProof({ groupPath: ["00"] })],
  ["three bytes for a signed transaction", CODE, "tx/malformed", signedAs(() => new Uint8Array(3))],
  ["a signed transaction with a byte missing", CODE, "truncated", signedAs((b) => b.slice(0, -1))],
  [
    "a signed transaction with a byte behind",
    CODE,
    "trailing",
    signedAs((b) => Uint8Array.of(...b, 0)),
  ],
  ["129 signatures", CODE, "codec/", signaturesAs(([one]) => Array(129).fill(one))],
  [
    "a platform version of 2^32",
    CODE,
    "codec/out-of-range",
    signaturesAs(([one]) => [{ ...one, platformVersion: 2 ** 32 }]),
  ],
  ["a batch of no ids", CODE, "codec/out-of-range", inBatch({ index: 0, size: 0 })],
  ["a batch index of 2^20", CODE, "codec/out-of-range", inBatch({ index: 2 ** 20, size: 2 ** 20 })],
  [
    "a batch of more than 2^20",
    CODE,
    "codec/out-of-range",
    inBatch({ index: 0, size: 2 ** 20 + 1 }),
  ],
  ["a batch path of 21", CODE, "codec/bad-length", inBatch({ index: 0, size: 1, path: 21 })],
  [
    "no transaction in the signed one",
    CODE,
    "codec/bad-length",
    transactionAs(() => new Uint8Array()),
  ],
  [
    "a transaction with a byte missing",
    CODE,
    "codec/truncated",
    transactionAs((b) => b.slice(0, -1)),
  ],
  [
    "a transaction with a byte behind",
    CODE,
    "trailing",
    transactionAs((b) => Uint8Array.of(...b, 0)),
  ],
  [
    "eleven groups",
    CODE,
    "tx/malformed",
    transactionAs((_, { groups }) => transactionBytes(groups.slice(1))),
  ],
  [
    "thirteen groups",
    CODE,
    "tx/malformed",
    transactionAs((_, { groups }) => transactionBytes([...groups, ...groups.slice(11)])),
  ],
];

/** Other bytes for those of a coin's move. */
function bytesAs(change: (encoded: Uint8Array, request: NotarisationRequest) => Uint8Array): Make {
  return (scene) => {
    const request = scene.request(scene.move([scene.coin()]));
    return { shown: change(encodeNotarisationRequest(request), request) };
  };
}

function signedAs(change: (signed: Uint8Array) => Uint8Array): Make {
  return bytesAs((_, request) =>
    encodeNotarisationRequest({ ...request, signed: change(request.signed) }),
  );
}

function transactionAs(
  change: (encoded: Uint8Array, transaction: Transaction) => Uint8Array,
): Make {
  return signedAs((signed) => {
    const { transaction, signatures } = decodeSignedTransaction(signed);
    return signedBytes(change(encodeTransaction(transaction), transaction), signatures);
  });
}

/** Signatures under a schema that admits any such number in their fields. */
function signaturesAs(
  change: (signatures: [TransactionSignature]) => TransactionSignature[],
): Make {
  return signedAs((signed) => {
    const { transaction, signatures } = decodeSignedTransaction(signed);
    return signedBytes(
      encodeTransaction(transaction),
      change(signatures as [TransactionSignature]),
      looseSignature,
    );
  });
}

/** A place in a batch that the format's own schema refuses. */
function inBatch(place: { index: number; size: number; path?: number }): Make {
  const path = Array<string>(place.path ?? 0).fill("00".repeat(32));
  return signaturesAs(([one]) => [{ ...one, batch: { ...place, path } }]);
}

const { by, batch } = transactionSignatureSchema.fields;
const looseBatch = record({
  index: uint(),
  size: uint(),
  path: list(batch.of.fields.path.item, { max: 99 }),
});
const looseSignature = record({ by, platformVersion: uint(), batch: optional(looseBatch) });

/** A coin's move with these fields, in this order; one that the format has not holds nothing. */
function fields(...names: string[]): Make {
  return bytesAs((_, request) => {
    const known = fieldsOf(request);
    return requestBytes(...names.map((name): [string, string] => [name, known[name] ?? "40"]));
  });
}

/** A coin's move with other bytes for a field. */
function withFields(change: { [name: string]: string }): Make {
  return bytesAs((_, request) =>
    requestBytes(...Object.entries({ ...fieldsOf(request), ...change })),
  );
}

/** The request ends behind a field's head, which claims more than there is. */
function cutAfterHead(field: string, head: string): Make {
  return bytesAs((_, request) => {
    const entries = Object.entries(fieldsOf(request));
    const before = entries.slice(
      0,
      entries.findIndex(([name]) => name === field),
    );
    const whole = requestBytes(...before, [field, head]);
    // The map's own head still says three.
    whole[0] = 0xa3;
    return whole;
  });
}

/** Encoded fields, in their canonical order. */
function fieldsOf({ signed, headers }: NotarisationRequest): { [name: string]: string } {
  const list = encodedHeaders(headers);
  return { signed: bytesHex(signed), headers: list, openings: "80" };
}

/** The encoding of one header proof in a list, cut from a request's own encoding. */
function encodedHeaders(headers: NotarisationRequest["headers"]): string {
  const signed = Uint8Array.of(0);
  const encoded = toHex(encodeNotarisationRequest({ signed, headers, openings: [] }));
  const before = requestBytes(["signed", "4100"], ["headers", ""]).length * 2;
  const behind = requestBytes(["openings", "80"]).length * 2 - 2;
  return encoded.slice(before, encoded.length - behind);
}

function withOpening(identityBytes: number, blindingBytes: number): Make {
  const opening = { identity: "00".repeat(identityBytes), blinding: "00".repeat(blindingBytes) };
  return bytesAs((_, request) => looseRequestBytes({ ...request, openings: [opening] }));
}

function withProof(change: Partial<NotarisationRequest["headers"][number]>): Make {
  return bytesAs((_, request) =>
    looseRequestBytes({
      ...request,
      headers: request.headers.map((each) => ({ ...each, ...change })),
    }),
  );
}
