import { encode, type Schema, schemaToData, text, toHex } from "@stateset/codec";
import { describe, expect, test } from "vitest";
import { attach, coinBundle, coinContract, ledgerFault } from "../../test/coin-network.ts";
import type { Contract } from "../contract/define-contract.ts";
import type { LedgerFault } from "../ledger-error.ts";
import { type Bundle, bundleSchema, encodeBundle, hashBundle } from "./bundle.ts";
import { bundleOf } from "./bundle-of-contract.ts";
import { loadBundle } from "./load-bundle.ts";

const bundle = bundleOf(coinContract as never as Contract, "contract = () => ''");

test("a contract's bundle says all of the contract but its code", () => {
  const loaded = loadBundle(encodeBundle(bundle));
  expect(loaded.bundle).toEqual(bundle);
  expect(loaded.hash).toBe(hashBundle(encodeBundle(bundle)));
  expect([...loaded.states.keys()]).toEqual(["coin", "deed"]);
  expect([...loaded.commands.keys()]).toEqual(["issue", "move", "amend", "close"]);
  expect(loaded.commands.get("issue")?.claims).toBe(true);
  expect(loaded.commands.get("amend")?.updates).toEqual([
    {
      type: "deed",
      min: 1,
      max: 1,
      signedBy: ["owner"],
      signedByNew: ["keeper"],
      changes: ["label", "keeper"],
    },
  ]);
});

test.each<[string, (bundle: Bundle) => void]>([
  ["version", (of) => (of.version = 4)],
  ["code", (of) => (of.code += " ")],
  ["rule's sentence", (of) => (of.rules = of.rules.map((rule) => ({ ...rule, text: "x" })))],
  ["contract that it reads", (of) => of.reads.push("cash")],
  [
    "signer of a command",
    (of) => of.commands.find((c) => c.name === "issue")?.creates[0]?.signedBy.pop(),
  ],
])("another %s makes another hash", (_, change) => {
  expect(attach((of) => void change(of)).hash).not.toBe(coinBundle.hash);
});

const stateSchema = (of: Bundle, schema: Schema | Bundle["states"][number]["schema"]) => {
  for (const state of of.states) state.schema = schema as never;
};
const malformed = (reason: RegExp) => ({
  code: "bundle/malformed",
  reason: expect.stringMatching(reason),
});

/** Each row breaks one thing. */
test.each<[string, (bundle: Bundle) => void, object]>([
  [
    "an authority over no field",
    (of) => heldBy(of, "payer"),
    malformed(/coin\.payer is no holder/),
  ],
  [
    "an authority over a party",
    (of) => heldBy(of, "issuer"),
    malformed(/coin\.issuer is no holder/),
  ],
  [
    "an authority over a name of the prototype",
    (of) => heldBy(of, "constructor"),
    malformed(/coin\.constructor is no holder/),
  ],
  [
    "a state that is no record",
    (of) => stateSchema(of, schemaToData(text({ max: 9 }))),
    malformed(/no holder/),
  ],
  [
    "a field with a name of the prototype",
    (of) =>
      stateSchema(of, {
        kind: "record",
        fields: [{ name: "__proto__", optional: false, schema: { kind: "bool" } }],
      }),
    malformed(/codec\/bad-format/),
  ],
  [
    "a holder whose identity is a number",
    (of) => holderField(of, "identity", { kind: "uint", min: 0, max: 9 }),
    malformed(/no holder/),
  ],
  [
    "a holder whose identity runs into its blinding",
    (of) => holderField(of, "identity", { kind: "hex", min: 0, max: 64 }),
    malformed(/no holder/),
  ],
  [
    "a holder with a key that is always there",
    (of) => holderField(of, "key", { kind: "bool" }),
    malformed(/no holder/),
  ],
])("%s is refused", (_, change, expected) => {
  expect(ledgerFault(() => attach((of) => void change(of)))).toEqual(expected);
});

describe("bytes", () => {
  const encoded = encodeBundle(bundle);

  test.each<[string, Uint8Array]>([
    ["none", new Uint8Array()],
    ["of another document", Uint8Array.of(0xa0)],
    ["cut short", encoded.subarray(0, -1)],
    ["with one behind the end", Uint8Array.of(...encoded, 0)],
    ["of another runtime", replaced(encoded, "quickjs-1", "quickjs-2")],
    ["of a field that is not known", replaced(encoded, "runtime", "runtimf")],
  ])("%s are refused", (_, bytes) => {
    const fault = ledgerFault(() => loadBundle(bytes)) as LedgerFault;
    expect(fault.code).toBe("bundle/malformed");
  });

  test("a version of zero has no encoding", () => {
    expect(() => encode(bundleSchema, { ...bundle, version: 0 })).toThrow(/codec\/out-of-range/);
  });
});

function heldBy(of: Bundle, field: string): void {
  Object.assign(of.states[0] as object, { authority: { kind: "holder", field } });
}

/** Puts another schema into a field of the holder that owns a coin. */
function holderField(of: Bundle, name: string, schema: Bundle["states"][number]["schema"]): void {
  const [coin] = structuredClone(of.states) as [Bundle["states"][number]];
  const owner = (coin.schema as Record_).fields.find((field) => field.name === "owner");
  const field = (owner as { schema: Record_ }).schema.fields.find((each) => each.name === name);
  Object.assign(field as object, { schema, optional: false });
  of.states[0] = coin;
}
type Record_ = Extract<Bundle["states"][number]["schema"], { kind: "record" }>;

function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const ascii = (value: string) => toHex(new TextEncoder().encode(value));
  return Uint8Array.from(Buffer.from(toHex(bytes).replace(ascii(from), ascii(to)), "hex"));
}
