import { encode } from "@stateset/codec";
import { expect, test } from "vitest";
import { id32, ledgerFault, notary } from "../../test/coin-network.ts";
import type { TransactionId } from "../transaction/ids.ts";
import { receiptSchema } from "./receipt.ts";
import { decodeReceiptFile, encodeReceiptFile, type ReceiptFile } from "./receipt-file.ts";

const place = { index: 0, size: 1, path: [] };
const file: ReceiptFile = {
  id: id32(1) as TransactionId,
  receipt: {
    block: {
      cluster: notary,
      height: 1,
      blockTime: 0,
      memberEpoch: 0,
      memberSetHash: id32(2) as never,
      blockRoot: id32(3) as never,
      historyRoot: id32(4) as never,
    },
    signatures: [{ kind: "ed25519", key: id32(5), signature: id32(6) + id32(7) }],
    inBlock: place,
  },
};
const encoded = encodeReceiptFile(file);

test("a receipt file survives being written and read", () => {
  expect(decodeReceiptFile(encoded)).toEqual(file);
});

test("a file cut short anywhere is malformed", () => {
  for (let length = 0; length < encoded.length; length++)
    expect(ledgerFault(() => decodeReceiptFile(encoded.subarray(0, length)))).toMatchObject({
      code: "receipt/malformed",
    });
});

test.each<[string, Uint8Array]>([
  ["with a byte behind it", Uint8Array.from([...encoded, 0])],
  ["without its id", encode(receiptSchema, file.receipt)],
  ["of more bytes than any has", new Uint8Array((1 << 20) + 1)],
])("a receipt file %s is malformed", (_, bytes) => {
  expect(ledgerFault(() => decodeReceiptFile(bytes))?.code).toBe("receipt/malformed");
});
