import type { KeyTree } from "@stateset/codec";
import { keyTreeSchema, publicKeyOf, type ThresholdNode, thresholdOf } from "@stateset/codec";
import { describe, expect, test } from "vitest";
import {
  addOutput,
  addState,
  alice,
  bob,
  coin,
  command,
  type Draft,
  deed,
  emptyDraft,
  faultOf,
  mint,
  moveDraft,
  output,
  parameters,
  secretKey,
} from "../../test/coin-network.ts";
import type { LedgerFault } from "../ledger-error.ts";
import { RECOVERY_DELAY_MS } from "../party/holder-consent.ts";
import type { Components } from "../transaction/components.ts";
import { uniqueKeyOf } from "../unique-key-value.ts";

const oneTime = secretKey(0x66);
const ref = `${"10".repeat(32)}:0`;

/** As the fixture, but Alice's coin names a one-time key. */
function oneTimeDraft(recoveryDelayMs?: number): Draft {
  const draft = moveDraft();
  const owner = {
    ...alice.holder,
    key: publicKeyOf(oneTime),
    ...(recoveryDelayMs === undefined ? {} : { recoveryDelayMs }),
  };
  addState(draft, 0x10, output("coin", coin(owner, 100n)));
  return draft;
}

function signedByKey(draft: Draft): Draft {
  const first = draft.components.commands[0] as Components["commands"];
  first.signers = [{ kind: "key", key: publicKeyOf(oneTime) }];
  draft.signers = [oneTime];
  return draft;
}

function at(draft: Draft, time: { blockTime?: number; from?: number }): Draft {
  draft.components.timeWindow = time.from === undefined ? [] : [{ from: time.from }];
  if (time.blockTime !== undefined) draft.blockTime = time.blockTime;
  return draft;
}

const unsatisfied: LedgerFault = { code: "tx/authority-unsatisfied", ref };
const CREATED = 1_000;
const DUE = CREATED + RECOVERY_DELAY_MS;

test.each<[string, Draft, LedgerFault | undefined]>([
  ["the identity of a holder without a key", moveDraft(), undefined],
  ["the one-time key, at once", signedByKey(oneTimeDraft()), undefined],
  ["the identity before its delay", at(oneTimeDraft(), { blockTime: DUE - 1 }), unsatisfied],
  ["the identity once its delay is over", at(oneTimeDraft(), { blockTime: DUE }), undefined],
  [
    "the identity, by a window that opens too early",
    at(oneTimeDraft(), { from: DUE - 1 }),
    unsatisfied,
  ],
  [
    "the identity, by a window that opens late enough",
    at(oneTimeDraft(), { from: DUE }),
    undefined,
  ],
  ["the identity, where no time is known", at(oneTimeDraft(), {}), unsatisfied],
  [
    "the identity before a delay of its own",
    at(oneTimeDraft(50), { blockTime: 1_049 }),
    unsatisfied,
  ],
  ["the identity after a delay of its own", at(oneTimeDraft(50), { blockTime: 1_050 }), undefined],
  ["the identity after no delay", at(oneTimeDraft(0), { blockTime: CREATED }), undefined],
  [
    "the identity in a block before the state's creation",
    at(oneTimeDraft(0), { blockTime: CREATED - 1 }),
    unsatisfied,
  ],
])("%s", async (_, draft, expected) => {
  expect(await faultOf(draft)).toEqual(expected);
});

describe("of the move", () => {
  /** Each row breaks one thing. */
  test.each<[string, (draft: Draft) => void, Partial<LedgerFault>]>([
    ["no signature at all", (draft) => Object.assign(draft, { signers: [] }), unsatisfied],
    [
      "a stranger's signature",
      (draft) => Object.assign(draft, { signers: [bob.key] }),
      unsatisfied,
    ],
    [
      "an identity that the network map does not know",
      (draft) => void draft.keys.delete(alice.party.id),
      unsatisfied,
    ],
    [
      "a key that the identity no longer has",
      (draft) => void draft.keys.set(alice.party.id, publicKeyOf(secretKey(0x55))),
      unsatisfied,
    ],
    [
      "a header whose commitment the state does not open",
      (draft) => {
        const { output: state } = output("coin", coin(alice.holder, 100n));
        const { header } = output("coin", coin({ ...alice.holder, blinding: "ee".repeat(32) }, 1n));
        addState(draft, 0x10, { output: state, header, createdAt: 0 });
      },
      unsatisfied,
    ],
    [
      "a signer that did not sign",
      (draft) =>
        Object.assign(draft.components, { commands: [command("move", { memo: "" }, alice, bob)] }),
      { code: "tx/signer-missing", command: "coin/move", signer: `identity:${bob.party.id}` },
    ],
    [
      "a signing key that did not sign",
      ({ components }) => {
        const first = components.commands[0] as Components["commands"];
        first.signers.push({ kind: "key", key: publicKeyOf(oneTime) });
      },
      { code: "tx/signer-missing", command: "coin/move" },
    ],
    [
      "a header that is not the contract's",
      (draft) => {
        const { header } = output("coin", coin(mint.holder, 1n));
        draft.components.headers[0] = header;
      },
      { code: "tx/header-authority", output: 0 },
    ],
    [
      "a header of a bare key",
      ({ components }) => {
        const header = components.headers[1] as Components["headers"];
        header.authority = { kind: "key", key: publicKeyOf(oneTime) };
      },
      { code: "tx/header-authority", output: 1 },
    ],
    [
      "a header with another delay",
      (draft) => {
        const owner = { ...bob.holder, key: publicKeyOf(oneTime) };
        const ours = output("coin", coin({ ...owner, recoveryDelayMs: 5 }, 60n));
        draft.components.outputs[0] = output("coin", coin(owner, 60n)).output;
        draft.components.headers[0] = ours.header;
      },
      { code: "tx/header-authority", output: 0 },
    ],
  ])("%s", async (_, breakIt, expected) => {
    const draft = moveDraft();
    breakIt(draft);
    expect(await faultOf(draft)).toMatchObject(expected);
  });
});

test("an identity of several signers needs as many as its tree says", async () => {
  const [first, second] = [secretKey(0x41), secretKey(0x42)];
  const children = [first, second].map((key) => ({ weight: 1, node: publicKeyOf(key) }));
  const tree: ThresholdNode<KeyTree> = thresholdOf(keyTreeSchema, 2, children);
  const draft = moveDraft();
  draft.keys.set(alice.party.id, tree);
  draft.signers = [first];
  expect(await faultOf(draft)).toEqual(unsatisfied);
  draft.signers = [first, first];
  expect(await faultOf(draft)).toEqual(unsatisfied);
  draft.signers = [first, second];
  expect(await faultOf(draft)).toBeUndefined();
});

/** The mint writes Alice a deed, whose label nobody else may use in the mint's name. */
function issueDraft(): Draft {
  const draft = emptyDraft();
  addOutput(draft, output("deed", deed()));
  draft.components.commands = [command("issue", {}, mint)];
  const claim = { kind: "coin/label", owner: mint.party.id, fields: ["first"] };
  draft.components.uniqueKeys = [uniqueKeyOf(claim, parameters.uniqueKeySalt)];
  draft.signers = [mint.key];
  return draft;
}

describe("of unique keys", () => {
  test("the fixture is valid", async () => {
    expect(await faultOf(issueDraft())).toBeUndefined();
  });

  test("the owner signs", async () => {
    const draft = issueDraft();
    const foreign = { ...draft.components.uniqueKeys[0], owner: bob.party.id };
    draft.components.uniqueKeys = [foreign as Components["uniqueKeys"]];
    const expected = { code: "tx/unique-key-owner-missing", owner: bob.party.id };
    expect(await faultOf(draft)).toMatchObject(expected);
  });

  test.each<[string, (keys: Components["uniqueKeys"][]) => Components["uniqueKeys"][]]>([
    ["missing", () => []],
    [
      "of another value",
      ([key]) => [{ ...(key as Components["uniqueKeys"]), value: "0a".repeat(32) }],
    ],
    ["of another kind", ([key]) => [{ ...(key as Components["uniqueKeys"]), kind: "coin/other" }]],
    [
      "more than claimed",
      ([key]) => [
        key as Components["uniqueKeys"],
        { ...(key as Components["uniqueKeys"]), kind: "coin/labels" },
      ],
    ],
  ])("one %s is refused", async (_, change) => {
    const draft = issueDraft();
    draft.components.uniqueKeys = change(draft.components.uniqueKeys);
    expect(await faultOf(draft)).toMatchObject({ code: "tx/unique-keys-differ" });
  });

  test("one made with another network's salt is refused", async () => {
    const draft = issueDraft();
    const claim = { kind: "coin/label", owner: mint.party.id, fields: ["first"] };
    draft.components.uniqueKeys = [uniqueKeyOf(claim, "00".repeat(32))];
    expect(await faultOf(draft)).toMatchObject({ code: "tx/unique-keys-differ" });
  });
});
