import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { NetworkFolder } from "./network-folder.ts";
import { joinParties, notaryIn, partiesIn, writeMarker } from "./network-marker.ts";

const folder = new NetworkFolder(mkdtempSync(join(tmpdir(), "stateset-marker-")));
afterAll(() => rmSync(folder.root, { recursive: true }));

const SELLER = 'O=Alpenblick \\"Nord\\" AG,L=Luzern,C=CH';
const LEI = "5493001KJTIIGC8Y1R12";

test("a folder without a network has no parties", () => {
  expect(partiesIn(folder)).toEqual([]);
  expect(notaryIn(folder)).toBeUndefined();
});

test("parties keep their legal names and LEIs, and others are added behind them", () => {
  const first = joinParties([], {
    parties: ["seller", "bank"],
    legalNames: { seller: SELLER },
    leis: { seller: LEI },
  });
  writeMarker(folder, { parties: first, notary: { kind: "cluster", members: 4 } });
  expect(notaryIn(folder)).toBeUndefined();
  writeFileSync(folder.networkMap, "");
  expect(notaryIn(folder)).toEqual({ kind: "cluster", members: 4 });
  const known = partiesIn(folder);
  expect(known).toEqual([
    { name: "seller", legalName: SELLER, lei: LEI },
    { name: "bank", legalName: "O=Bank,L=Zurich,C=CH" },
  ]);
  expect(joinParties(known, { parties: ["bank", "buyer"] })).toEqual([
    ...known,
    { name: "buyer", legalName: "O=Buyer,L=Zurich,C=CH" },
  ]);
  expect(joinParties(known, { parties: ["seller"], legalNames: { seller: SELLER } })).toEqual(
    known,
  );
});

test("a known party cannot take another legal name", () => {
  const known = [{ name: "seller", legalName: SELLER }];
  const wanted = { parties: ["seller"], legalNames: { seller: "O=Other,C=CH" } };
  expect(() => joinParties(known, wanted)).toThrow(/cannot become O=Other/);
});

test.each([
  ["no country", { legalNames: { seller: "O=Alpenblick" } }, /party\/bad-name/],
  ["out of order", { legalNames: { seller: "C=CH,O=Alpenblick" } }, /party\/bad-name/],
  ["a wrong LEI", { leis: { seller: "5493001KJTIIGC8Y1R13" } }, /party\/bad-lei/],
])("a party is refused with %s", (_, named, told) => {
  expect(() => joinParties([], { parties: ["seller"], ...named })).toThrow(told);
});
