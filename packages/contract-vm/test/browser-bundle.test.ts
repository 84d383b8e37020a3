import { createContext, runInContext } from "node:vm";
import { publicKeyOf, record, type SecretKey } from "@stateset/codec";
import {
  encodeTransaction,
  signTransaction,
  TransactionBuilder,
  transactionId,
} from "@stateset/ledger";
import { TestLedger } from "@stateset/testing";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** What an expression over the ledger gives in a web page: a context that has nothing of Node. */
async function inBrowser(expression: string, globals: Record<string, unknown>): Promise<unknown> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as ledger from "@stateset/ledger"; globalThis.result = ${expression};`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
  });
  const context = createContext({ TextEncoder, TextDecoder, Uint8Array, ...globals });
  runInContext(outputFiles[0]?.text ?? "", context);
  return context.result;
}

test("a browser reads a transaction, finds the same id, and checks its signatures", async () => {
  const { parameters, notary, random, network } = await TestLedger.start({ contracts: [] });
  const bundle = "00".repeat(32) as never;
  const contract = { name: "note", states: {}, commands: { say: { data: record({}) } } };
  const governing = { contract, bundle, constraint: { kind: "exact" as const, bundle } };
  const keys = ["ed25519", "p256"].map((kind) => ({ kind, secret: random(32) }) as SecretKey);
  const signers = keys.map((key) => ({ kind: "key" as const, key: publicKeyOf(key) }));
  const transaction = new TransactionBuilder({ parameters, notary, random })
    .addCommand(governing, "say", {}, signers)
    .build();
  const id = transactionId(transaction);
  const bytes = encodeTransaction(transaction);
  const signatures = keys.map((key) => signTransaction(key, network, id));
  const globals = { bytes, signatures, network };
  const found = await inBrowser("ledger.transactionId(ledger.decodeTransaction(bytes))", globals);
  expect(found).toBe(id);
  const check = "signatures.map((each) => ledger.isTransactionSignatureValid(each, network, id))";
  expect(await inBrowser(check, { ...globals, id })).toEqual([true, true]);
  const otherId = id.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  expect(await inBrowser(check, { ...globals, id: otherId })).toEqual([false, false]);
});
