import fc from "fast-check";
import { expect, test } from "vitest";
import { ledgerFault } from "../../test/coin-network.ts";
import { formatX500Name, parseX500Name, type X500Name } from "./x500-name.ts";

const name: X500Name = {
  commonName: "Treasury",
  organisationUnit: "Finance",
  organisation: "Alpenblick Maschinenbau AG",
  locality: "Luzern",
  state: "LU",
  country: "CH",
};

test("the attributes stand in one order", () => {
  const formatted = "CN=Treasury,OU=Finance,O=Alpenblick Maschinenbau AG,L=Luzern,ST=LU,C=CH";
  expect(formatX500Name(name)).toBe(formatted);
  expect(parseX500Name(formatted)).toEqual(name);
  expect(formatX500Name({ country: "CH", organisation: "A" })).toBe("O=A,C=CH");
});

test.each([
  ["Müller, Söhne & Co.", "O=Müller\\, Söhne & Co.,C=CH"],
  ['"A" <B>; C+D=E #1', 'O=\\"A\\" \\<B\\>\\; C\\+D\\=E \\#1,C=CH'],
  ["back\\slash", "O=back\\\\slash,C=CH"],
  ["\\,", "O=\\\\\\,,C=CH"],
  ["ends with \\", "O=ends with \\\\,C=CH"],
])("%j is escaped", (organisation, formatted) => {
  expect(formatX500Name({ organisation, country: "CH" })).toBe(formatted);
  expect(parseX500Name(formatted)).toEqual({ organisation, country: "CH" });
});

const value = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...'\\,+"<>;=# aé'),
      fc.string({ unit: "grapheme", maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 20,
  })
  .map((text) => text.normalize("NFC").trim())
  .filter((text) => text.length > 0 && text.length <= 128 && !/\p{Cc}/u.test(text));
const names = fc.record(
  {
    commonName: value,
    organisationUnit: value,
    organisation: value,
    locality: value,
    state: value,
    country: fc.stringMatching(/^[A-Z]{2}$/),
  },
  { requiredKeys: ["organisation", "country"] },
);

test("a name is read as it was written", () => {
  fc.assert(
    fc.property(names, (written) => {
      expect(parseX500Name(formatX500Name(written))).toEqual(written);
    }),
    { numRuns: 500 },
  );
});

test("different names have different texts", () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      expect(formatX500Name(a)).not.toBe(formatX500Name(b));
    }),
  );
});

test("whatever is read is written the same way", () => {
  const parts = fc.constantFrom(
    "O=A",
    "C=CH",
    "CN=\\,",
    "O=\\",
    "L=a\\=b",
    "L=a=b",
    ",",
    "\\",
    "C=ch",
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 5 }), (some) => {
      const formatted = some.join(",");
      let parsed: X500Name | undefined;
      if (ledgerFault(() => (parsed = parseX500Name(formatted))) !== undefined) return;
      expect(formatX500Name(parsed as X500Name)).toBe(formatted);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["", "is not one of"],
  ["O=A", "country (C) is missing"],
  ["C=CH", "organisation (O) is missing"],
  ["C=CH,O=A", "not in canonical form"],
  ["O=A, C=CH", "is not one of"],
  ["O=A,C=CH,", "is not one of"],
  ["o=A,C=CH", "is not one of"],
  ["DC=x,O=A,C=CH", "is not one of"],
  ["O=A,O=B,C=CH", "stands twice"],
  ["O=A+L=B,C=CH", "not in canonical form"],
  ["O=A=B,C=CH", "not in canonical form"],
  ["O=\\A,C=CH", "not in canonical form"],
  ["O=A\\,C=CH", "country (C) is missing"],
  ["O=A,C=CHE", "not an ISO 3166-1"],
  ["O=A,C=ch", "not an ISO 3166-1"],
  ["O=,C=CH", "1 to 128 characters"],
  [`O=${"x".repeat(129)},C=CH`, "1 to 128 characters"],
  ["O= A,C=CH", "trimmed"],
  ["O=A ,C=CH", "trimmed"],
  ["O=A\u00a0,C=CH", "trimmed"],
  ["O=e\u0301,C=CH", "NFC"],
  ["O=\ud800,C=CH", "well-formed"],
  ["O=A\nB,C=CH", "control character"],
  ["O=A\0B,C=CH", "control character"],
  ["O=A\u200bB,C=CH", "control character"],
  ["O=A\u202eB,C=CH", "control character"],
])("%j is refused", (formatted, reason) => {
  const fault = ledgerFault(() => parseX500Name(formatted));
  expect(fault).toMatchObject({ code: "party/bad-name", name: formatted });
  expect((fault as { reason: string }).reason).toContain(reason);
});

test("a long run of separators and escapes is read in no time", () => {
  const hostile = `O=${"\\".repeat(20_001)},${",\\,".repeat(2_000)}`;
  const start = process.cpuUsage();
  expect(ledgerFault(() => parseX500Name(hostile))?.code).toBe("party/bad-name");
  expect(process.cpuUsage(start).user).toBeLessThan(2_000_000); // microseconds
});
