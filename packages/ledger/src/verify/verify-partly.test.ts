import { describe, expect, test } from "vitest";
import {
  alice,
  bob,
  command,
  contextOf,
  type Draft,
  moveDraft,
  secretKey,
  signDraft,
} from "../../test/coin-network.ts";
import { LedgerError } from "../ledger-error.ts";
import { signTransaction } from "../transaction/signed-transaction.ts";
import { transactionId } from "../transaction/transaction.ts";
import { verifyPartly, verifyTransaction } from "./verify-transaction.ts";

/** As the fixture, but Bob is to sign as well. */
function bothSign(...signers: Draft["signers"]): Draft {
  const draft = moveDraft();
  draft.components.commands = [command("move", { memo: "" }, alice, bob)];
  draft.signers = signers;
  return draft;
}

async function partly(draft: Draft) {
  return await verifyPartly(signDraft(draft), contextOf(draft));
}

const bobs = { code: "tx/signer-missing", signer: `identity:${bob.party.id}` };
const alices = { code: "tx/signer-missing", signer: `identity:${alice.party.id}` };

describe("while signatures are gathered", () => {
  test("those that are missing are named, each", async () => {
    const { missing } = await partly(bothSign());
    expect(missing).toMatchObject([{ code: "tx/authority-unsatisfied" }, alices, bobs]);
    expect((await partly(bothSign(alice.key))).missing).toMatchObject([bobs]);
    expect((await partly(bothSign(secretKey(0x55), alice.key))).missing).toMatchObject([bobs]);
    expect((await partly(bothSign(alice.key, bob.key))).missing).toEqual([]);
  });

  test("what is complete is what counts as verified, and nothing else is", async () => {
    const draft = bothSign(alice.key, bob.key);
    const { missing: _, ...verified } = await partly(draft);
    expect(verified).toEqual(await verifyTransaction(signDraft(draft), contextOf(draft)));
    const incomplete = bothSign(alice.key);
    await expect(
      verifyTransaction(signDraft(incomplete), contextOf(incomplete)),
    ).rejects.toMatchObject({ fault: bobs });
  });

  test("a signature that is there must hold", async () => {
    const draft = bothSign(alice.key);
    const { transaction, signatures } = signDraft(draft);
    const other = signDraft(moveDraft()).transaction;
    const { network } = contextOf(draft);
    const stray = signTransaction(bob.key, network, transactionId(other));
    const signed = { transaction, signatures: [...signatures, stray] };
    expect(transactionId(other)).not.toBe(transactionId(transaction));
    await expect(verifyPartly(signed, contextOf(draft))).rejects.toMatchObject({
      fault: { code: "tx/signature-invalid", index: 1 },
    });
  });

  test("all else is checked, the contracts' rules included", async () => {
    const draft = bothSign();
    draft.components.headers.pop();
    await expect(partly(draft)).rejects.toBeInstanceOf(LedgerError);
    const unbalanced = bothSign();
    unbalanced.components.outputs.pop();
    unbalanced.components.headers.pop();
    await expect(partly(unbalanced)).rejects.toMatchObject({
      fault: { code: "contract/rule-broken" },
    });
  });
});
