import { publicKeyOf } from "@stateset/codec";
import { describe, expect, test } from "vitest";
import {
  addOutput,
  addState,
  alice,
  attach,
  bob,
  coin,
  command,
  type Draft,
  deed,
  emptyDraft,
  faultOf,
  mint,
  moveDraft,
  network,
  output,
  type Person,
  secretKey,
} from "../../test/coin-network.ts";
import type { LedgerFault } from "../ledger-error.ts";
import { consentToKey } from "../party/holder-consent.ts";
import type { Components } from "../transaction/components.ts";

const ownKey = publicKeyOf(secretKey(0x66));

type DeedChange = Parameters<typeof deed>[0];

/** Alice's deed gets another label and keeper, who signs too. */
function amendDraft(change: DeedChange = {}): Draft {
  const draft = emptyDraft();
  draft.components.inputs = [addState(draft, 0x10, output("deed", deed()))];
  addOutput(draft, output("deed", deed({ label: "second", keeper: bob.party, ...change })));
  draft.components.commands = [command("amend", {}, alice, bob)];
  draft.signers = [alice.key, bob.key];
  return draft;
}

test("the fixtures are valid", async () => {
  for (const draft of [moveDraft(), amendDraft()]) expect(await faultOf(draft)).toBeUndefined();
});

const signedBy = (draft: Draft, name: "move" | "amend", ...signers: Person[]) => {
  const data = name === "move" ? { memo: "rent" } : {};
  draft.components.commands = [command(name, data, ...signers)];
  draft.signers = signers.map(({ key }) => key);
};

/** Adds one more coin of Alice to what is spent. */
function addInput(draft: Draft, fill: number): void {
  const ref = addState(draft, fill, output("coin", coin(alice.holder, 1n)));
  draft.components.inputs.push(ref);
}

const firstOutput = ({ components }: Draft) => components.outputs[0] as Components["outputs"];
const firstCommand = ({ components }: Draft) => components.commands[0] as Components["commands"];

describe("of the move", () => {
  /** Each row breaks one thing. */
  test.each<[string, (draft: Draft) => void, Partial<LedgerFault>]>([
    [
      "an unknown command",
      (draft) => Object.assign(firstCommand(draft), { name: "melt" }),
      { code: "tx/unknown-command", contract: "coin", command: "melt" },
    ],
    [
      "a command by a name of the prototype",
      (draft) => Object.assign(firstCommand(draft), { name: "constructor" }),
      { code: "tx/unknown-command", command: "constructor" },
    ],
    [
      "data under another command's schema",
      (draft) => Object.assign(firstCommand(draft), { data: command("amend", {}, alice).data }),
      { code: "tx/command-malformed", contract: "coin", command: "move" },
    ],
    [
      "two commands for one contract",
      (draft) => void draft.components.commands.push(command("amend", {}, alice)),
      { code: "tx/command-repeated", contracts: ["coin", "coin"] },
    ],
    [
      "the same command twice",
      (draft) => void draft.components.commands.push(firstCommand(draft)),
      { code: "tx/command-repeated", contracts: ["coin", "coin"] },
    ],
    [
      "an unknown type of state",
      (draft) => Object.assign(firstOutput(draft), { type: "bond" }),
      { code: "tx/unknown-state-type", contract: "coin", type: "bond" },
    ],
    [
      "a state of another type's schema",
      (draft) => Object.assign(firstOutput(draft), { type: "deed" }),
      { code: "tx/state-malformed", contract: "coin", state: "output 0" },
    ],
    [
      "a state with a byte behind its end",
      ({ components }) => {
        const state = components.outputs[1] as Components["outputs"];
        state.data = Uint8Array.of(...state.data, 0);
      },
      { code: "tx/state-malformed", state: "output 1" },
    ],
    [
      "too few of a type consumed",
      (draft) => void addState(draft, 0x10, output("deed", deed())),
      rule("coin/move-counts", { consumes: "coin", found: 0, min: 1, max: 3 }),
    ],
    [
      "too many of a type consumed",
      (draft) => [0x12, 0x13, 0x14].forEach((fill) => void addInput(draft, fill)),
      rule("coin/move-counts", { consumes: "coin", found: 4, min: 1, max: 3 }),
    ],
    [
      "too many of a type created",
      (draft) =>
        [1n, 2n].forEach((n) => void addOutput(draft, output("coin", coin(bob.holder, n)))),
      rule("coin/move-counts", { creates: "coin", found: 4, min: 1, max: 3 }),
    ],
    [
      "a type created that is not declared",
      (draft) => addOutput(draft, output("deed", deed())),
      rule("coin/move-counts", { creates: "deed", found: 1, min: 0, max: 0 }),
    ],
    [
      "nothing created",
      (draft) => Object.assign(draft.components, { outputs: [], headers: [] }),
      rule("coin/move-counts", { creates: "coin", found: 0, min: 1, max: 3 }),
    ],
    [
      "the owner not among the signers",
      (draft) => signedBy(draft, "move", bob, mint),
      { code: "contract/rule-broken", rule: "coin/move-signed-by-owner" },
    ],
    [
      "the owner of one input of two not among the signers",
      (draft) => {
        draft.components.inputs.push(addState(draft, 0x12, output("coin", coin(bob.holder, 1n))));
      },
      { code: "contract/rule-broken", rule: "coin/move-signed-by-owner" },
    ],
  ])("%s", async (_, breakIt, expected) => {
    const draft = moveDraft();
    breakIt(draft);
    expect(await faultOf(draft)).toMatchObject(expected);
  });
});

describe("of the amendment", () => {
  test.each<[string, Draft, Partial<LedgerFault>]>([
    [
      "a field that may not change",
      amendDraft({ source: `${"09".repeat(31)}0a` }),
      rule("coin/amend-keeps-source", { field: "source" }),
    ],
    [
      "an owner that may not change",
      amendDraft({ owner: bob.holder }),
      rule("coin/amend-keeps-owner", { field: "owner" }),
    ],
    [
      "a blinding that may not change",
      amendDraft({ owner: { ...alice.holder, blinding: "08".repeat(32) } }),
      rule("coin/amend-keeps-owner", { field: "owner" }),
    ],
    [
      "an owner's key, where there was none",
      amendDraft({ owner: consentToKey(network, { ...alice.holder, key: ownKey }, alice.key) }),
      rule("coin/amend-keeps-owner", { field: "owner" }),
    ],
    [
      "another linear id, which is another deed",
      amendDraft({ linearId: "08".repeat(16) }),
      rule("coin/amend-counts", { consumes: "deed", found: 1, max: 0 }),
    ],
    [
      "the new keeper not among the signers",
      with_(amendDraft(), (draft) => signedBy(draft, "amend", alice, mint)),
      { code: "contract/rule-broken", rule: "coin/amend-signed-by-keeper" },
    ],
    [
      "the owner not among the signers",
      with_(amendDraft(), (draft) => signedBy(draft, "amend", bob)),
      { code: "contract/rule-broken", rule: "coin/amend-signed-by-owner" },
    ],
    [
      "one linear id twice among the outputs",
      with_(amendDraft(), (draft) => addOutput(draft, output("deed", deed({ label: "third" })))),
      rule("coin/amend-counts", { twice: JSON.stringify(["deed", "07".repeat(16)]) }),
    ],
    [
      "one linear id twice among the inputs",
      with_(amendDraft(), (draft) => {
        draft.components.inputs.push(addState(draft, 0x12, output("deed", deed())));
      }),
      rule("coin/amend-counts", { twice: JSON.stringify(["deed", "07".repeat(16)]) }),
    ],
  ])("%s", async (_, draft, expected) => {
    expect(await faultOf(draft)).toMatchObject(expected);
  });

  test("a keeper that stays need not be registered again, and signs all the same", async () => {
    const draft = amendDraft({ keeper: mint.party });
    draft.parties.delete(mint.party.id);
    signedBy(draft, "amend", alice, mint);
    expect(await faultOf(draft)).toBeUndefined();
  });
});

test("every contract with states has a command", async () => {
  const draft = moveDraft();
  const gold = attach((bundle) => (bundle.name = "gold"));
  draft.bundles.push(gold);
  draft.components.attachments.push({ contract: "gold", bundle: gold.hash });
  draft.components.commands = [{ ...command("issue", {}, alice), contract: "gold" }];
  expect(await faultOf(draft)).toEqual({ code: "tx/command-missing", contract: "coin" });
});

test("an authority that names one holder twice is malformed", () => {
  const owner = { weight: 1, node: { kind: "holder", field: "owner" } } as const;
  const twice = () =>
    attach((bundle) => {
      for (const state of bundle.states)
        state.authority = { kind: "threshold", threshold: 2, children: [owner, owner] };
    });
  expect(twice).toThrow(/bundle\/malformed.*keys\/children-unsorted/);
});

function rule(name: string, facts: Record<string, unknown>): Partial<LedgerFault> {
  return { code: "contract/rule-broken", rule: name, facts: expect.objectContaining(facts) };
}

function with_(draft: Draft, change: (draft: Draft) => void): Draft {
  change(draft);
  return draft;
}
