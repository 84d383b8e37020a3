import {
  bytes,
  encode,
  fromHex,
  hex,
  list,
  record,
  type Schema,
  text,
  toHex,
  uint,
  union,
} from "@stateset/codec";
import type { NotarisationRequest } from "@stateset/flow";
import {
  decodeSignedTransaction,
  GROUP_NAMES,
  type Group,
  type GroupName,
  type Transaction,
  type TransactionSignature,
  transactionSignatureSchema,
} from "@stateset/ledger";

const BYTES_MAX = 1 << 22;
const COUNT_MAX = 10_000;

const some = bytes({ max: BYTES_MAX });
const looseHex = hex({ max: 4096 });
const looseForm = union({
  open: record({ nonce: looseHex, component: some }),
  sealed: record({
    leaf: looseHex,
    keyId: text({ max: 99 }),
    algorithm: text({ max: 99 }),
    ciphertext: some,
  }),
  hashed: record({ leaf: looseHex }),
});
const looseGroup = union({
  listed: record({ components: list(looseForm, { max: COUNT_MAX }) }),
  closed: record({ count: uint(), root: looseHex }),
});
const looseTransaction = record({ groups: list(looseGroup, { max: 99 }) });

/** Canonical bytes of a transaction that the format's own schema refuses. */
export function transactionBytes(groups: readonly Group[]): Uint8Array {
  return encode(looseTransaction, { groups: [...groups] } as never);
}

/** Canonical bytes of a signed transaction with any bytes for a transaction. */
export function signedBytes(
  transaction: Uint8Array,
  signatures: readonly TransactionSignature[] = [],
  signature: Schema = transactionSignatureSchema,
): Uint8Array {
  const schema = record({ transaction: some, signatures: list(signature, { max: COUNT_MAX }) });
  return encode(schema, { transaction, signatures } as never);
}

const hashes = list(looseHex, { max: 99 });
const looseRequest = record({
  signed: some,
  headers: list(
    record({
      group: uint(),
      index: uint(),
      count: uint(),
      nonce: looseHex,
      component: some,
      path: hashes,
      groupPath: hashes,
    }),
    { max: COUNT_MAX },
  ),
  openings: list(record({ identity: looseHex, blinding: looseHex }), { max: COUNT_MAX }),
});

/** Canonical bytes of a request that the format's own schema refuses. */
export function looseRequestBytes(request: NotarisationRequest): Uint8Array {
  return encode(looseRequest, request as never);
}

/** The same signatures over a transaction with one group changed. */
export function withGroup(
  { signed }: NotarisationRequest,
  name: GroupName,
  change: (group: Group) => Group,
): { signed: Uint8Array } {
  const { transaction, signatures } = decodeSignedTransaction(signed);
  const groups = transaction.groups.map((group, i) =>
    GROUP_NAMES[i] === name ? change(group) : group,
  );
  return { signed: signedBytes(transactionBytes(groups), signatures) };
}

/** The same signatures over another form of the transaction. */
export function withTransaction(
  { signed }: NotarisationRequest,
  change: (transaction: Transaction) => Uint8Array,
): { signed: Uint8Array } {
  const { transaction, signatures } = decodeSignedTransaction(signed);
  return { signed: signedBytes(change(transaction), signatures) };
}

/** A request from hexadecimal texts of its fields, in any order, whatever they hold. */
export function requestBytes(...fields: [name: string, encoded: string][]): Uint8Array {
  const entries = fields.map(([name, encoded]) => textHex(name) + encoded);
  return fromHex(`a${fields.length}${entries.join("")}`);
}

/** A byte string, with its length in two bytes. */
export function bytesHex(content: Uint8Array): string {
  return `59${content.length.toString(16).padStart(4, "0")}${toHex(content)}`;
}

/** A text of less than 24 bytes. */
function textHex(content: string): string {
  return (0x60 + content.length).toString(16) + toHex(new TextEncoder().encode(content));
}
