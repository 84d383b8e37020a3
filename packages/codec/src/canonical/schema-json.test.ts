import fc from "fast-check";
import { expect, test } from "vitest";
import { schemaAndValue } from "../../test/schema-arbitrary.ts";
import { CodecError } from "../codec-error.ts";
import {
  bytes,
  choice,
  date,
  hex,
  int,
  lazy,
  list,
  optional,
  record,
  type Schema,
  text,
  uint,
  union,
} from "./schema.ts";
import { encode } from "./schema-codec.ts";
import { fromJson, toJson } from "./schema-json.ts";

test("a value that went through JSON text is the same value", () => {
  fc.assert(
    fc.property(schemaAndValue(), ({ schema, value }) => {
      const json = JSON.stringify(toJson(schema, value));
      expect(fromJson(schema, JSON.parse(json))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("whatever JSON is taken can be encoded; all else is refused with a CodecError", () => {
  fc.assert(
    fc.property(schemaAndValue(), fc.jsonValue(), ({ schema }, json) => {
      const value = takenOrRefused(schema, json);
      if (value !== undefined) expect(encode(schema, value as never)).toBeInstanceOf(Uint8Array);
    }),
    { numRuns: 1000 },
  );
});

test("an edited JSON is refused, or encodes", () => {
  const edit = fc.record({ at: fc.nat(), to: fc.jsonValue() });
  fc.assert(
    fc.property(schemaAndValue(), edit, ({ schema, value }, { at, to }) => {
      const json = edited(toJson(schema, value), at, to);
      const taken = takenOrRefused(schema, json);
      if (taken !== undefined) expect(encode(schema, taken as never)).toBeInstanceOf(Uint8Array);
    }),
    { numRuns: 1000 },
  );
});

function takenOrRefused(schema: Schema, json: unknown): unknown {
  try {
    return fromJson(schema, json);
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError);
    return undefined;
  }
}

/** The JSON with one of its values replaced, counted in the order in which they are written. */
function edited(json: unknown, at: number, to: unknown): unknown {
  let left = at % JSON.stringify(json).length;
  return JSON.parse(JSON.stringify(json), (_, value) => (left-- === 0 ? to : value));
}

const tree: Schema = record({ child: optional(lazy((): Schema => tree)) });
const payment = record({
  payee: text({ min: 1, max: 20 }),
  amount: record({ minorUnits: int({ min: 0n }), currency: choice("CHF", "EUR") }),
  due: optional(date()),
  lines: list(uint({ max: 9 }), { max: 3 }),
  proof: optional(bytes({ max: 4 })),
  id: optional(hex({ length: 2 })),
  way: optional(union({ now: record({}), later: record({ days: uint() }) })),
});
const valid = {
  payee: "Bob",
  amount: { minorUnits: "1050", currency: "CHF" },
  lines: [1, 2],
};

test("the fixture is taken, in every spelling that is allowed", () => {
  const value = { payee: "Bob", amount: { minorUnits: 1050n, currency: "CHF" }, lines: [1, 2] };
  expect(fromJson(payment, valid)).toEqual(value);
  const whole = { ...valid, amount: { minorUnits: 1050, currency: "CHF" } };
  expect(fromJson(payment, whole)).toEqual(value);
  expect(fromJson(payment, { ...valid, proof: "AQI=" })).toEqual({
    ...value,
    proof: Uint8Array.of(1, 2),
  });
  expect(
    Object.is((fromJson(payment, { ...valid, lines: [-0] }) as typeof value).lines[0], 0),
  ).toBe(true);
});

const amount = (minorUnits: string): string =>
  `{"amount":{"minorUnits":${minorUnits},"currency":"CHF"}}`;

/** Each row is JSON text laid over the fixture: the code and the path of its refusal. */
test.each<[json: string, code: CodecError["code"], path: string]>([
  ['{"__proto__":{"payee":"Eve"}}', "codec/unknown-field", "__proto__"],
  ['{"constructor":1}', "codec/unknown-field", "constructor"],
  ['{"toString":1}', "codec/unknown-field", "toString"],
  ['{"memo":"x"}', "codec/unknown-field", "memo"],
  ['{"amount":{"currency":"CHF"}}', "codec/missing-field", "amount.minorUnits"],
  ['{"due":null}', "codec/wrong-type", "due"],
  ['{"due":"2023-02-29"}', "codec/bad-format", "due"],
  ['{"payee":""}', "codec/bad-length", "payee"],
  ['{"payee":7}', "codec/wrong-type", "payee"],
  ['{"payee":"\\ud800"}', "codec/not-well-formed", "payee"],
  ['{"payee":"A\\u0308"}', "codec/not-nfc", "payee"],
  ['{"amount":[]}', "codec/wrong-type", "amount"],
  ['{"amount":"10.50"}', "codec/wrong-type", "amount"],
  [amount("-1"), "codec/out-of-range", "amount.minorUnits"],
  [amount("1.5"), "codec/out-of-range", "amount.minorUnits"],
  [amount("1e400"), "codec/out-of-range", "amount.minorUnits"],
  [amount("9007199254740993"), "codec/out-of-range", "amount.minorUnits"],
  [amount('"9223372036854775808"'), "codec/out-of-range", "amount.minorUnits"],
  [amount(`"${"9".repeat(40)}"`), "codec/bad-format", "amount.minorUnits"],
  [amount('"NaN"'), "codec/bad-format", "amount.minorUnits"],
  [amount('"Infinity"'), "codec/bad-format", "amount.minorUnits"],
  [amount('"0x10"'), "codec/bad-format", "amount.minorUnits"],
  [amount('"1e3"'), "codec/bad-format", "amount.minorUnits"],
  [amount('"007"'), "codec/bad-format", "amount.minorUnits"],
  [amount('"-0"'), "codec/bad-format", "amount.minorUnits"],
  [amount('" 7"'), "codec/bad-format", "amount.minorUnits"],
  [amount('"7\\n"'), "codec/bad-format", "amount.minorUnits"],
  [amount('""'), "codec/bad-format", "amount.minorUnits"],
  [amount("true"), "codec/wrong-type", "amount.minorUnits"],
  ['{"amount":{"minorUnits":"1","currency":"__proto__"}}', "codec/not-listed", "amount.currency"],
  ['{"lines":{"0":1,"length":1}}', "codec/wrong-type", "lines"],
  ['{"lines":[1,2,3,4]}', "codec/bad-length", "lines"],
  ['{"lines":[1,10]}', "codec/out-of-range", "lines.1"],
  ['{"lines":["1"]}', "codec/wrong-type", "lines.0"],
  ['{"lines":[1.5]}', "codec/out-of-range", "lines.0"],
  ['{"lines":[null]}', "codec/wrong-type", "lines.0"],
  ['{"proof":"AQI"}', "codec/bad-format", "proof"],
  ['{"proof":"AQJ="}', "codec/bad-format", "proof"],
  ['{"proof":"AQ I="}', "codec/bad-format", "proof"],
  ['{"proof":"_-8="}', "codec/bad-format", "proof"],
  ['{"proof":"AQIDBAU="}', "codec/bad-length", "proof"],
  ['{"id":"ABCD"}', "codec/bad-format", "id"],
  ['{"id":"abc"}', "codec/bad-length", "id"],
  ['{"way":{"days":3}}', "codec/missing-field", "way.kind"],
  ['{"way":{"kind":"never"}}', "codec/unknown-variant", "way.kind"],
  ['{"way":{"kind":"constructor"}}', "codec/unknown-variant", "way.kind"],
  ['{"way":{"kind":["now"]}}', "codec/wrong-type", "way.kind"],
  ['{"way":{"kind":"now","days":3}}', "codec/unknown-field", "way.days"],
  ['{"way":{"kind":"later"}}', "codec/missing-field", "way.days"],
])("%s is refused", (json, code, path) => {
  // Written as text, since an object literal would take __proto__ for the prototype.
  const over = JSON.parse(json) as Record<string, unknown>;
  const input: Record<string, unknown> = { ...valid };
  for (const name of Object.keys(over))
    Object.defineProperty(input, name, { value: over[name], enumerable: true, configurable: true });
  expect(faultOf(() => fromJson(payment, input))).toEqual({ code, path });
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["a list", []],
  ["text", "{}"],
])("%s is no record", (_, json) => {
  expect(faultOf(() => fromJson(payment, json)).code).toBe("codec/wrong-type");
});

test("nesting is bounded as it is for bytes, at once and not by the thread's stack", () => {
  const nested = (depth: number) =>
    JSON.parse(`${'{"child":'.repeat(depth)}{}${"}".repeat(depth)}`) as unknown;
  expect(() => encode(tree, fromJson(tree, nested(31)) as never)).not.toThrow();
  expect(faultOf(() => fromJson(tree, nested(32))).code).toBe("codec/too-deep");
  expect(faultOf(() => fromJson(tree, nested(100_000))).code).toBe("codec/too-deep");
});

function faultOf(run: () => unknown): { code?: string; path?: string } {
  try {
    run();
    return {};
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return { code: error.code, path: error.path.join(".") };
  }
}
