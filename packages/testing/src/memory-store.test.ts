import { describe, test } from "vitest";
import type { StoreSubject } from "./compliance/compliance-case.ts";
import { storeCompliance } from "./compliance/store-compliance.ts";
import { complianceTables, RECORDED_AT } from "./compliance/store-fixture.ts";
import { vaultCompliance } from "./compliance/vault-compliance.ts";
import { MemoryStore } from "./memory-store.ts";

async function open(): Promise<StoreSubject> {
  return subjectOf(new MemoryStore({ tables: complianceTables, clock: () => RECORDED_AT }));
}

function subjectOf(store: MemoryStore): StoreSubject {
  return { store, vault: store, crash: async () => subjectOf(store.reopen()) };
}

describe("as a store", () => {
  for (const { name, run } of storeCompliance(open)) test(name, run);
});

describe("as a vault", () => {
  for (const { name, run } of vaultCompliance(open)) test(name, run);
});
