import { publicKeyOf, type SecretKey } from "@stateset/codec";
import { describe, expect, test } from "vitest";
import {
  addOutput,
  addState,
  alice,
  bob,
  coin,
  command,
  type Draft,
  emptyDraft,
  faultOf,
  id32,
  mint,
  moveDraft,
  network,
  output,
  secretKey,
} from "../../test/coin-network.ts";
import { consentToKey } from "../party/holder-consent.ts";
import type { Holder } from "../party/holder-schema.ts";
import type { NetworkId } from "../transaction/ids.ts";

const bobsOwn = secretKey(0x66);
const alicesOwn = secretKey(0x67);

/** Alice pays a coin of 100 to a holder. */
function paidTo(holder: Holder): Draft {
  const draft = emptyDraft();
  draft.components.inputs = [addState(draft, 0x10, output("coin", coin(alice.holder, 100n)))];
  addOutput(draft, output("coin", coin(holder, 100n)));
  draft.components.commands = [command("move", { memo: "rent" }, alice)];
  draft.signers = [alice.key];
  return draft;
}

const said = { ...bob.holder, key: publicKeyOf(bobsOwn), recoveryDelayMs: 1_000 };
const proven = consentToKey(network, said, bob.key);
const by = (change: Partial<Holder>, ...keys: SecretKey[]) =>
  consentToKey(network, { ...said, ...change }, ...keys);

test("a one-time key counts with its identity's consent", async () => {
  expect(await faultOf(paidTo(proven))).toBeUndefined();
  expect(await faultOf(paidTo(bob.holder))).toBeUndefined();
});

describe("a payer keeps the key to what it pays", () => {
  /** Bob's identity over a key of Alice's: from this she could take the money back. */
  const stolen = { ...said, key: publicKeyOf(alicesOwn) };

  test.each<[string, Holder, string]>([
    ["without consent", stolen, "its identity did not consent to the one-time key"],
    [
      "with her own consent",
      by({ key: stolen.key }, alice.key),
      "its identity did not consent to the one-time key",
    ],
    [
      "with Bob's consent to another key",
      { ...proven, key: stolen.key },
      "a signature of its consent is not valid",
    ],
    [
      "with that key's own consent",
      by({ key: stolen.key }, alicesOwn),
      "its identity did not consent to the one-time key",
    ],
  ])("%s", async (_, holder, reason) => {
    const { id: identity } = bob.party;
    expect(await faultOf(paidTo(holder))).toMatchObject({
      code: "tx/holder-unproven",
      output: 0,
      identity,
      reason,
    });
  });
});

test.each<[string, Holder]>([
  ["another blinding", { ...proven, blinding: id32(9) }],
  ["another delay", { ...proven, recoveryDelayMs: 2_000 }],
  ["the usual delay", without(proven, "recoveryDelayMs")],
  ["another identity", { ...proven, identity: mint.party.id }],
  ["another network", consentToKey(id32(0xa1) as NetworkId, said, bob.key)],
  ["an invalid signature beside a valid one", withInvalid(proven)],
  [
    "the same signature twice",
    { ...proven, consent: [...(proven.consent ?? []), ...(proven.consent ?? [])] },
  ],
  ["consent without a key", without(proven, "key")],
  ["a delay without a key", without(without(proven, "key"), "consent")],
])("consent does not count for %s", async (_, holder) => {
  expect(await faultOf(paidTo(holder))).toMatchObject({ code: "tx/holder-unproven" });
});

test("what an input holds was checked when it was made", async () => {
  const draft = moveDraft();
  const old = { ...alice.holder, key: publicKeyOf(alicesOwn), recoveryDelayMs: 0 };
  draft.components.inputs = [addState(draft, 0x10, output("coin", coin(old, 100n)))];
  draft.components.outputs = [];
  draft.components.headers = [];
  addOutput(draft, output("coin", coin(old, 100n)));
  draft.signers = [alice.key, alicesOwn];
  expect(await faultOf(draft)).toBeUndefined();
});

function without(holder: Holder, field: keyof Holder): Holder {
  const { [field]: _, ...rest } = holder;
  return rest as Holder;
}

function withInvalid(holder: Holder): Holder {
  const foreign = by({ recoveryDelayMs: 5 }, alice.key).consent ?? [];
  return { ...holder, consent: [...(holder.consent ?? []), ...foreign] };
}
