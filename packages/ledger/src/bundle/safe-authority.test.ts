import { record, schemaToData, uint } from "@stateset/codec";
import { expect, test } from "vitest";
import { ledgerFault } from "../../test/coin-network.ts";
import type { AuthorityData } from "../authority-rule.ts";
import { holderSchema as codecHolder } from "../party/holder-schema.ts";
import type { Bundle, BundleCommand } from "./bundle.ts";
import { encodeBundle } from "./bundle.ts";
import { loadBundle } from "./load-bundle.ts";

const FIELDS = ["a", "b", "c", "d", "e", "f", "g"];
const stateSchema = record({
  ...Object.fromEntries(FIELDS.map((name) => [name, codecHolder])),
  size: uint(),
});

const holder = (field: string): AuthorityData => ({ kind: "holder", field });
const of = (threshold: number, ...children: (AuthorityData | [number, AuthorityData])[]) =>
  ({
    kind: "threshold",
    threshold,
    children: children.map((child) =>
      Array.isArray(child) ? { weight: child[0], node: child[1] } : { weight: 1, node: child },
    ),
  }) satisfies AuthorityData;

type Use = { signedBy: string[]; type?: string; max?: number };
const use = ({ type = "deed", max = 1, signedBy }: Use) => ({ type, min: 0, max, signedBy });
const command = (name: string, change: Partial<BundleCommand>): BundleCommand => ({
  name,
  data: { kind: "record", fields: [] },
  consumes: [],
  creates: [],
  updates: [],
  claims: false,
  ...change,
});
const consume = (...signedBy: string[]) => command("end", { consumes: [use({ signedBy })] });
const update = (change: { signedBy: string[]; signedByNew?: string[]; changes?: string[] }) =>
  command("change", {
    updates: [{ signedByNew: [], changes: [], ...change, ...use(change) }],
  });

function bundle(authority: AuthorityData, ...commands: BundleCommand[]): Bundle {
  return {
    format: 0,
    runtime: "quickjs-1",
    name: "deed",
    version: 1,
    states: [{ type: "deed", schema: schemaToData(stateSchema), authority }],
    commands,
    reads: [],
    rules: [],
    code: "contract = () => ''",
  };
}

const anyOf = (...fields: string[]) => of(1, ...fields.map(holder));
const allOf = (...fields: string[]) => of(fields.length, ...fields.map(holder));

test.each<[string, Bundle]>([
  ["one holder who can end it", bundle(holder("a"), consume("a"))],
  ["one holder who can change it", bundle(holder("a"), update({ signedBy: ["a"] }))],
  ["a command that nobody need sign", bundle(holder("a"), consume())],
  ["two holders who end it together", bundle(allOf("a", "b"), consume("a", "b"))],
  ["two holders, one of whom suffices", bundle(allOf("a", "b"), consume("a"))],
  [
    "one of two, each with a command of its own",
    bundle(anyOf("a", "b"), consume("a"), update({ signedBy: ["b"] })),
  ],
  [
    "two of three, each pair with a command",
    bundle(
      of(2, holder("a"), holder("b"), holder("c")),
      consume("a", "b"),
      { ...consume("a", "c"), name: "end2" },
      { ...consume("b", "c"), name: "end3" },
    ),
  ],
  [
    "a successor's holder whom the change itself names",
    bundle(holder("a"), update({ signedBy: ["a"], signedByNew: ["b"], changes: ["b"] })),
  ],
  ["six holders", bundle(allOf(...FIELDS.slice(0, 6)), consume("a"))],
])("%s is safe", (_, safe) => {
  expect(ledgerFault(() => loadBundle(encodeBundle(safe)))).toBeUndefined();
});

const unsafe = (...holders: string[]) => ({
  code: "bundle/unsafe-authority",
  state: "deed",
  holders,
});

test.each<[string, Bundle, object]>([
  ["one of two, where one can sign nothing", bundle(anyOf("a", "b"), consume("a")), unsafe("b")],
  [
    "one holder, where it takes another's signature",
    bundle(holder("a"), consume("a", "b")),
    unsafe("a"),
  ],
  ["one holder, where only another may", bundle(holder("a"), consume("b")), unsafe("a")],
  ["a state that no command spends", bundle(holder("a"), command("issue", {})), unsafe("a")],
  ["a command that spends another type", withCoin(), unsafe("a")],
  [
    "a command that may spend none of it",
    bundle(holder("a"), command("end", { consumes: [use({ max: 0, signedBy: ["a"] })] })),
    unsafe("a"),
  ],
  [
    "two of three, where one pair has no command",
    bundle(of(2, holder("a"), holder("b"), holder("c")), consume("a")),
    unsafe("b", "c"),
  ],
  [
    "a holder of double weight who can sign nothing alone",
    bundle(of(2, [2, holder("a")], holder("b"), holder("c")), consume("b", "c")),
    unsafe("a"),
  ],
  [
    "a fault in an inner tree",
    bundle(of(2, holder("a"), anyOf("b", "c")), consume("a", "b")),
    unsafe("a", "c"),
  ],
  [
    "a successor's holder who stays, and must sign too",
    bundle(holder("a"), update({ signedBy: ["a"], signedByNew: ["b"], changes: ["size"] })),
    unsafe("a"),
  ],
])("%s is refused", (_, hostile, expected) => {
  expect(ledgerFault(() => loadBundle(encodeBundle(hostile)))).toEqual(expected);
});

test("more holders than are tried are refused", () => {
  const fault = ledgerFault(() => loadBundle(encodeBundle(bundle(allOf(...FIELDS), consume("a")))));
  expect(fault).toMatchObject({ code: "bundle/malformed" });
});

/** The holder of a deed can end a coin, and no deed. */
function withCoin(): Bundle {
  const of = bundle(
    holder("a"),
    command("end", { consumes: [use({ type: "coin", signedBy: ["a"] })] }),
  );
  of.states.push({ ...(of.states[0] as Bundle["states"][number]), type: "coin" });
  return of;
}
