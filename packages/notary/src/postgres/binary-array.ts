const BYTEA_OID = 17;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/**
 * A one-dimensional `bytea[]` in PostgreSQL's binary form, as the client sends Buffers: text would
 * cost an escape of every byte on one side and its reading on the other.
 */
export function byteaArray(items: readonly (Uint8Array | undefined)[]): Buffer {
  const size = items.reduce((sum, item) => sum + LENGTH_BYTES + (item?.length ?? 0), 0);
  const array = Buffer.allocUnsafe(HEADER_BYTES + size);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(items.includes(undefined) ? 1 : 0, 4);
  array.writeInt32BE(BYTEA_OID, 8);
  array.writeInt32BE(items.length, 12);
  array.writeInt32BE(1, 16);
  let offset = HEADER_BYTES;
  for (const item of items) {
    array.writeInt32BE(item?.length ?? NULL_LENGTH, offset);
    offset += LENGTH_BYTES;
    if (item === undefined) continue;
    array.set(item, offset);
    offset += item.length;
  }
  return array;
}
