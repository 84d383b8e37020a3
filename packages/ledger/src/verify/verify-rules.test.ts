import { expect, test } from "vitest";
import {
  addOutput,
  alice,
  attach,
  bob,
  coin,
  coinBundle,
  coinContract,
  command,
  type Draft,
  faultOf,
  governedBy,
  mint,
  moveDraft,
  output,
  parameters,
} from "../../test/coin-network.ts";
import type { ContractInput } from "../contract/run-contract.ts";
import type { LedgerFault } from "../ledger-error.ts";
import { uniqueKeyOf } from "../unique-key-value.ts";

const claiming = attach((bundle) => {
  for (const command of bundle.commands) command.claims = true;
});

function answering(result: string | undefined, bundle = claiming): Draft {
  const draft = governedBy(moveDraft(), bundle);
  draft.run = () => ({ ok: true, result, gas: 1n });
  return draft;
}

const claim = { kind: "coin/x", owner: alice.party.id, fields: ["1"] };
const claims = (...of: object[]) => JSON.stringify({ claims: of });

test("a rule that does not hold is named, with its facts", async () => {
  const draft = moveDraft();
  addOutput(draft, output("coin", coin(bob.holder, 1n)));
  expect(await faultOf(draft)).toEqual({
    code: "contract/rule-broken",
    rule: "coin/conserved",
    sentence: coinContract.rules.conserved,
    facts: { before: "100", after: "101" },
  });
});

test("facts of any depth are answered, and only plain ones are kept", async () => {
  const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
  const long = JSON.stringify("x".repeat(5_000));
  const answer = `{"rule":"conserved","facts":{"deep":${deep},"long":${long},"plain":7}}`;
  expect(await faultOf(answering(answer))).toMatchObject({
    rule: "coin/conserved",
    facts: { long: "x".repeat(1024), plain: 7 },
  });
});

test("what is claimed twice is not the same as what is carried once", async () => {
  const draft = answering(claims(claim, claim));
  draft.components.uniqueKeys = [uniqueKeyOf(claim, parameters.uniqueKeySalt)];
  expect(await faultOf(draft)).toMatchObject({ code: "tx/unique-keys-differ" });
  draft.run = () => ({ ok: true, result: claims(claim), gas: 1n });
  expect(await faultOf(draft)).toBeUndefined();
});

test("a contract that fails is named, with the reason", async () => {
  const draft = moveDraft();
  const error = { code: "vm/out-of-gas", detail: "after 1000000" };
  draft.run = async () => ({ ok: false, error, gas: 1n });
  const { code: reason, detail } = error;
  const expected = { code: "contract/failed", contract: "coin", reason, detail };
  expect(await faultOf(draft)).toEqual(expected);
});

const badVerdict = { code: "contract/failed", contract: "coin", reason: "bad-verdict" } as const;
const deep = `${"[".repeat(1000)}${"]".repeat(1000)}`;

/** What a hostile contract may answer. */
test.each<[string, string | undefined, Partial<LedgerFault> | undefined]>([
  ["nothing", "", undefined],
  ["no claims", claims(), undefined],
  ["no answer", undefined, badVerdict],
  ["a word", "ok", badVerdict],
  ["true", "true", badVerdict],
  ["null", "null", badVerdict],
  ["a space", " ", badVerdict],
  ["an empty object", "{}", badVerdict],
  ["an empty list", "[]", badVerdict],
  ["a deep list", deep, badVerdict],
  ["a rule that is no text", '{"rule":1}', badVerdict],
  ["claims that are no list", '{"claims":{"length":0}}', badVerdict],
  ["a claim that is null", '{"claims":[null]}', badVerdict],
  ["a claim of no fields", claims({ ...claim, fields: [] }), badVerdict],
  ["a claim without fields", claims({ kind: "coin/x", owner: alice.party.id }), badVerdict],
  ["a claim of a number", claims({ ...claim, fields: [1] }), badVerdict],
  ["a claim for no identity", claims({ ...claim, owner: "alice" }), badVerdict],
  ["a claim for an identity in capitals", claims({ ...claim, owner: "AA".repeat(32) }), badVerdict],
  ["a claim of no kind", claims({ ...claim, kind: "" }), badVerdict],
  ["a claim of too long a kind", claims({ ...claim, kind: "x".repeat(65) }), badVerdict],
  ["a claim with a lone surrogate", claims({ ...claim, fields: ["\ud800"] }), badVerdict],
  ["a claim not in NFC", claims({ ...claim, fields: ["e\u0301"] }), badVerdict],
  ["a claim of too long a field", claims({ ...claim, fields: ["x".repeat(4097)] }), badVerdict],
  [
    "a rule with no facts",
    '{"rule":"conserved"}',
    { code: "contract/rule-broken", rule: "coin/conserved", facts: {} },
  ],
  [
    "a rule with null for facts",
    '{"rule":"conserved","facts":null}',
    { rule: "coin/conserved", facts: {} },
  ],
  [
    "a rule with text for facts",
    '{"rule":"conserved","facts":"x"}',
    { rule: "coin/conserved", facts: {} },
  ],
  ["a rule and claims", '{"rule":"conserved","claims":[]}', { rule: "coin/conserved" }],
  ["a rule that the bundle does not list", '{"rule":"other"}', badVerdict],
  ["a rule of the prototype", '{"rule":"constructor"}', badVerdict],
  ["a claim of another contract's kind", claims({ ...claim, kind: "invoice/number" }), badVerdict],
  ["a claim of a kind that begins alike", claims({ ...claim, kind: "coins/x" }), badVerdict],
  ["a key of the prototype", '{"__proto__":{"claims":[]}}', badVerdict],
])("the answer %s", async (_, result, expected) => {
  const fault = await faultOf(answering(result));
  if (expected === undefined) expect(fault).toBeUndefined();
  else expect(fault).toMatchObject(expected);
});

test("a command that is not declared to claim anything cannot", async () => {
  expect(await faultOf(answering(claims(claim), coinBundle))).toMatchObject(badVerdict);
});

test("no further contract runs once those before it used all gas together", async () => {
  const draft = moveDraft();
  const gold = attach((bundle) => Object.assign(bundle, { name: "gold" }));
  draft.bundles.push(gold);
  draft.components.attachments.push({ contract: "gold", bundle: gold.hash });
  draft.components.commands.push({ ...command("issue", {}, alice), contract: "gold" });
  let runs = 0;
  const using =
    (gas: bigint): Draft["run"] =>
    () => {
      runs++;
      return { ok: true, result: "", gas };
    };
  draft.run = using(BigInt(parameters.vm.gas) - 1n);
  expect(await faultOf(draft)).toBeUndefined();
  draft.run = using(BigInt(parameters.vm.gas));
  const expected = { code: "contract/failed", contract: "gold", reason: "out-of-gas" };
  expect(await faultOf(draft)).toMatchObject(expected);
  expect(runs).toBe(3);
});

test("a claim cannot bring a salt of its own", async () => {
  const salt = "00".repeat(32);
  const draft = answering(claims({ ...claim, salt }));
  draft.components.uniqueKeys = [uniqueKeyOf(claim, salt)];
  expect(await faultOf(draft)).toMatchObject({ code: "tx/unique-keys-differ" });
});

test("what a failing contract says is cut", async () => {
  const fault = await faultOf(answering("x".repeat(100_000)));
  expect(fault).toMatchObject(badVerdict);
  expect(JSON.stringify(fault).length).toBeLessThan(1_000);
});

test("the contract is handed its own states and its command, and nothing of private parts", async () => {
  const draft = moveDraft();
  const seen: ContractInput[] = [];
  draft.run = (bundle, input, vm) => {
    expect(bundle).toBe(coinBundle);
    expect(vm).toEqual(parameters.vm);
    seen.push(input);
    return { ok: true, result: "", gas: 1n };
  };
  expect(await faultOf(draft)).toBeUndefined();
  expect(seen).toEqual([
    {
      command: {
        name: "move",
        data: { memo: "rent" },
        signers: [`identity:${alice.party.id}`],
      },
      inputs: [{ contract: "coin", type: "coin", state: coin(alice.holder, 100n) }],
      outputs: [60n, 40n].map((amount, i) => ({
        contract: "coin",
        type: "coin",
        state: coin(i === 0 ? bob.holder : alice.holder, amount),
      })),
      references: [expect.objectContaining({ contract: "coin", type: "deed" })],
      timeWindow: { from: 2_000, until: 9_000 },
    },
  ]);
});

test("a party is what the network map says of its id", async () => {
  const draft = moveDraft();
  const impostor = { ...mint.party, name: "O=Central Bank,C=CH" };
  const [first] = draft.components.outputs;
  expect(first).toBeDefined();
  const forged = output("coin", { ...coin(bob.holder, 60n), issuer: impostor });
  draft.components.outputs[0] = forged.output;
  const expected = { code: "tx/party-unregistered", output: 0, id: mint.party.id };
  expect(await faultOf(draft)).toMatchObject(expected);
});
