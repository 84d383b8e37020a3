import {
  choice,
  encode,
  type Infer,
  list,
  optional,
  publicKeyOf,
  record,
  type Schema,
  schemaToData,
  union,
} from "@stateset/codec";
import { expect, test } from "vitest";
import {
  attach,
  bob,
  coinBundle,
  contextOf,
  emptyDraft,
  ledgerFault,
  mint,
  secretKey,
} from "../../test/coin-network.ts";
import { holderSchema } from "../party/holder-schema.ts";
import { partySchema } from "../party/party-schema.ts";
import { verifyParties } from "./verify-parties.ts";
import type { DecodedState } from "./verify-states.ts";

const schema = record({
  owner: holderSchema,
  one: partySchema,
  maybe: optional(partySchema),
  many: list(partySchema, { max: 4 }),
  either: union({ with: record({ whom: partySchema }), without: record({ why: choice("none") }) }),
});
type Parties = Infer<typeof schema>;

const bundle = attach((of) => {
  for (const state of of.states) Object.assign(state, { schema: schemaToData(schema as Schema) });
});
const known: Parties = {
  owner: bob.holder,
  one: mint.party,
  many: [],
  either: { kind: "without", why: "none" },
};
const forged = { ...mint.party, name: "O=Central Bank,C=CH" };
const stranger = { ...mint.party, id: "0f".repeat(32) as typeof mint.party.id };
const withLei = { ...mint.party, lei: "5493001KJTIIGC8Y1R12" };

function check(outputs: Parties[], inputs: Parties[] = []) {
  const states = (of: Parties[]) =>
    of.map((state): DecodedState => {
      expect(encode(schema, state).length).toBeGreaterThan(0);
      return { contract: "coin", type: "deed", state: state as never };
    });
  const context = contextOf(emptyDraft());
  const bundles = new Map([["coin", bundle]]);
  return ledgerFault(() => verifyParties(states(inputs), states(outputs), bundles, context));
}

test("an input of another contract proves nothing", () => {
  const states = (contract: string, state: Parties): DecodedState[] => [
    { contract, type: "deed", state: state as never },
  ];
  const bundles = new Map([
    ["coin", bundle],
    ["evil", bundle],
  ]);
  const context = contextOf(emptyDraft());
  const launder = (state: Parties, through: string) =>
    ledgerFault(() =>
      verifyParties(states(through, state), states("coin", state), bundles, context),
    );
  const stolen = { ...bob.holder, key: publicKeyOf(secretKey(0x66)) };
  expect(launder({ ...known, owner: stolen }, "evil")?.code).toBe("tx/holder-unproven");
  expect(launder({ ...known, one: forged }, "evil")?.code).toBe("tx/party-unregistered");
  expect(launder({ ...known, owner: stolen, one: forged }, "coin")).toBeUndefined();
});

test("registered parties may stand anywhere", () => {
  const either = { kind: "with", whom: bob.party } as const;
  expect(
    check([{ ...known, maybe: bob.party, many: [mint.party, bob.party], either }]),
  ).toBeUndefined();
  expect(bundle.hash).not.toBe(coinBundle.hash);
});

/** Each row puts a party that is not what the network map says somewhere else. */
test.each<[string, Partial<Parties>]>([
  ["in a field", { one: forged }],
  ["in an optional field", { maybe: forged }],
  ["in a list", { many: [mint.party, forged] }],
  ["in a variant", { either: { kind: "with", whom: forged } }],
])("one with another's id %s is refused", (_, change) => {
  const fault = { code: "tx/party-unregistered", output: 1, ...forged };
  expect(check([known, { ...known, ...change }])).toEqual(fault);
});

test.each([
  ["an id that nobody registered", stranger],
  ["an LEI that it did not register", withLei],
])("one with %s is refused", (_, one) => {
  expect(check([{ ...known, one }])?.code).toBe("tx/party-unregistered");
});

test("one that was carried over was checked before, in that form only", () => {
  expect(check([{ ...known, one: stranger }], [{ ...known, one: stranger }])).toBeUndefined();
  const renamed = { ...known, one: { ...stranger, name: "O=Other,C=CH" } };
  expect(check([renamed], [{ ...known, one: stranger }])?.code).toBe("tx/party-unregistered");
});
