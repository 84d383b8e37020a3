import { randomBytes } from "node:crypto";
import { cashContract } from "@stateset/cash/contract";
import { choice, publicKeyOf, record, type SecretKey, toHex } from "@stateset/codec";
import { vmParameters } from "@stateset/contract-vm";
import { readApp } from "@stateset/flow";
import { invoiceContract } from "@stateset/invoice/contract";
import type { AttachedBundle, GoverningContract, NetworkParameters } from "@stateset/ledger";
import { receivableContract } from "@stateset/receivable/contract";
import { describe, expect, test } from "vitest";
import { builtApps } from "../../../local/built-apps.ts";
import type { Draft } from "./draft.ts";
import { DraftLedger } from "./draft-ledger.ts";
import { draftStates } from "./draft-states.ts";
import type { NetworkContracts } from "./network-contracts.ts";
import { type TriedDraft, tryCommands } from "./try-commands.ts";

const SOURCES = [cashContract, invoiceContract, receivableContract];

async function builtContracts(): Promise<NetworkContracts> {
  const author: SecretKey = { kind: "ed25519", secret: new Uint8Array(randomBytes(32)) };
  const key = publicKeyOf(author);
  const names = SOURCES.map(({ name }) => name);
  const files = await builtApps(names, author);
  const bundles = files.flatMap(({ app }, i) =>
    readApp(app).contracts.filter(({ bundle }) => bundle.name === names[i]),
  );
  const governing = SOURCES.map((contract, i) => {
    const { hash } = bundles[i] as AttachedBundle;
    return { contract, bundle: hash, constraint: { kind: "exact" as const, bundle: hash } };
  });
  const parameters: NetworkParameters = {
    network: toHex(randomBytes(32)) as NetworkParameters["network"],
    epoch: 0,
    vm: vmParameters(),
    approvedContracts: [],
    contractOwners: names.map((contract) => ({ contract, key })),
    uniqueKeySalt: toHex(randomBytes(32)),
  };
  return { parameters, bundles, governing: governing as unknown as GoverningContract[] as never };
}

const contracts = await builtContracts();
const [, invoice, receivable] = contracts.bundles as [
  AttachedBundle,
  AttachedBundle,
  AttachedBundle,
];
const ledger = new DraftLedger(contracts);
const states = draftStates(ledger, "JPY");
const byContract = (draft: Draft) => ledger.refusalOf(draft);

async function tried(
  contract: AttachedBundle,
  refusalOf: (draft: Draft) => Promise<string | undefined>,
): Promise<TriedDraft[]> {
  const all: TriedDraft[] = [];
  for await (const each of tryCommands({ contract, states, refusalOf })) all.push(each);
  return all;
}

describe.each([
  ["invoice", invoice],
  ["receivable", receivable],
])("%s", (_, contract) => {
  test("everything that is derived is refused as expected, and what is valid is not", async () => {
    const all = await tried(contract, byContract);
    expect(all.filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);
    for (const name of contract.commands.keys()) {
      const own = all.filter(({ command }) => command === `${contract.bundle.name}/${name}`);
      expect(own.filter(({ expected }) => expected === "valid").length).toBeGreaterThan(0);
      expect(own.length).toBeGreaterThan(20);
    }
  }, 120_000);

  test("a contract that refuses everything is found out", async () => {
    const all = await tried(contract, async () => `${contract.bundle.name}/status-edge`);
    const found = new Set(all.filter((each) => !each.isAsExpected).map(({ command }) => command));
    expect(found.size).toBe(contract.commands.size);
  });

  test("so is one that refuses nothing", async () => {
    const all = await tried(contract, async () => undefined);
    for (const { expected, isAsExpected } of all) expect(isAsExpected).toBe(expected === "valid");
  });
});

test("a command without a valid transaction is a failure, and its misuse is tried", async () => {
  const seize = { ...(invoice.commands.get("void") as never as object), name: "seize" };
  const commands = new Map([...invoice.commands, ["seize", seize as never]]);
  const found = await tried({ ...invoice, commands }, async () => undefined);
  const own = found.filter(({ command }) => command === "invoice/seize");
  expect(own.map(({ expected, isAsExpected }) => [expected, isAsExpected])).toEqual([
    ["valid", false],
    [{ by: "invoice/seize-counts" }, false],
  ]);
});

test("a new status and a new field are tried by themselves", async () => {
  const { schema, authority } = receivable.states.get("notice") as never as {
    schema: { fields: { status: { values: string[] } } };
    authority: never;
  };
  const { status, ...fields } = schema.fields;
  const widened = record({
    ...(fields as object),
    status: choice(...status.values, "frozen"),
    colour: choice("red", "green"),
  });
  const all = new Map([...receivable.states, ["notice", { schema: widened, authority }]]);
  const found = await tried({ ...receivable, states: all }, async () => undefined);
  const tries = found
    .filter(({ command, expected }) => command === "receivable/notify" && expected !== "valid")
    .map((each) => each.tries);
  expect(tries).toContain("from notice frozen");
  expect(tries).toContain("to notice frozen");
  expect(tries).toContain("with another colour of the notice");
});
