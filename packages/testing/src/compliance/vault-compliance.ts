import assert from "node:assert/strict";
import type { CoinClaim, Vault, VaultError, VaultFault, VaultQuery } from "@stateset/flow";
import { formatStateRef, type StateRef } from "@stateset/ledger";
import type { ComplianceCase, OpenStore, StoreSubject } from "./compliance-case.ts";
import {
  coinOf,
  consume,
  flowOf,
  identityOf,
  idOf,
  noteOf,
  RECORDED_AT,
  recordStates,
  refOf,
  transactionIdOf,
  uuidOf,
} from "./store-fixture.ts";

/** What every Vault must do. Each case opens a store of its own. */
export function vaultCompliance(open: OpenStore): ComplianceCase[] {
  return Object.entries({ ...QUERIES, ...CLAIMS }).map(([name, run]) => ({
    name,
    run: async () => run(await open()),
  }));
}

type Case = (subject: StoreSubject) => Promise<void>;

const NOTES: VaultQuery = { contract: "paper", type: "note" };
const CASH: VaultQuery = { contract: "cash", type: "cash" };

const NOTE_STATES = [
  { title: "Äpfel", total: 5n, isOpen: true, dueDate: "2026-03-01", sentAt: RECORDED_AT },
  { title: "birnen", total: 2n ** 62n, isOpen: false, dueDate: "2026-04-01", lines: [1] },
  { title: "50%_off", total: -1n, sentAt: RECORDED_AT + 1 },
  { title: 4, total: "x", isOpen: "yes", dueDate: "2026-02-30", sentAt: -1 },
];

/** A condition, and the numbers of the notes above that meet it. */
const CONDITIONS: [where: Record<string, unknown>, numbers: number[]][] = [
  [{}, [1, 2, 3, 4]],
  [{ title: { _eq: "birnen" } }, [2]],
  [{ title: { _neq: "birnen" } }, [1, 3]],
  [{ title: { _lt: "a" } }, [3]],
  [{ title: { _gt: "birnen" } }, [1]],
  [{ title: { _in: ["birnen", "x"] } }, [2]],
  [{ title: { _in: [] } }, []],
  [{ title: { _nin: ["birnen"] } }, [1, 3]],
  [{ title: { _nin: [] } }, [1, 2, 3, 4]],
  [{ title: { _is_null: true } }, [4]],
  [{ title: { _is_null: false } }, [1, 2, 3]],
  [{ title: { _like: "%n%" } }, [2]],
  [{ title: { _like: "_pfel" } }, [1]],
  [{ title: { _like: "B%" } }, []],
  [{ title: { _ilike: "B%" } }, [2]],
  [{ title: { _ilike: "äPF%" } }, [1]],
  [{ title: { _like: "50\\%\\_%" } }, [3]],
  [{ total: { _gte: 5 } }, [1, 2]],
  [{ total: { _gt: "5" } }, [2]],
  [{ total: { _eq: (2n ** 62n).toString() } }, [2]],
  [{ total: { _lte: 5, _gt: -1 } }, [1]],
  [{ is_open: { _eq: true } }, [1]],
  [{ is_open: { _neq: true } }, [2]],
  [{ due_date: { _lt: "2026-04-01" } }, [1]],
  [{ sent_at: { _eq: RECORDED_AT } }, [1]],
  [{ sent_at: { _gte: "2026-01-31T11:00:00.001+01:00" } }, [3]],
  [{ lines: { _is_null: false } }, [2]],
  [{ _or: [{ total: { _eq: 5 } }, { title: { _eq: "birnen" } }] }, [1, 2]],
  [{ _or: [] }, []],
  [{ _and: [] }, [1, 2, 3, 4]],
  [{ _and: { total: { _eq: 5 } } }, [1]],
  [{ _not: { title: { _eq: "birnen" } } }, [1, 3]],
  [{ _not: { _not: { total: { _eq: 5 } } } }, [1]],
  [{ _not: {} }, []],
];

/** A query that is refused, and the field that is named. */
const BAD_QUERIES: [query: Partial<VaultQuery>, field: string][] = [
  [{ where: { colour: { _eq: "red" } } }, "where.colour"],
  [{ where: { title: { _regex: "x" } } }, "where.title._regex"],
  [{ where: { title: "x" } }, "where.title"],
  [{ where: { title: { _eq: null } } }, "where.title._eq"],
  [{ where: { title: { _eq: 1 } } }, "where.title._eq"],
  [{ where: { title: { _eq: "\0" } } }, "where.title._eq"],
  [{ where: { title: { _like: "x\\" } } }, "where.title._like"],
  [{ where: { title: { _is_null: "yes" } } }, "where.title._is_null"],
  [{ where: { total: { _eq: 1.5 } } }, "where.total._eq"],
  [{ where: { total: { _eq: "9223372036854775808" } } }, "where.total._eq"],
  [{ where: { total: { _like: "1%" } } }, "where.total._like"],
  [{ where: { total: { _in: [1, "x"] } } }, "where.total._in[1]"],
  [{ where: { due_date: { _eq: "2026-02-30" } } }, "where.due_date._eq"],
  [{ where: { sent_at: { _eq: "yesterday" } } }, "where.sent_at._eq"],
  [{ where: { lines: { _eq: "[]" } } }, "where.lines._eq"],
  [{ where: { _or: [{ colour: {} }] } }, "where._or[0].colour"],
  [{ where: { _not: "x" } as Record<string, unknown> }, "where._not"],
  [{ limit: 0 }, "limit"],
  [{ limit: 501 }, "limit"],
  [{ status: "lost" as "all" }, "status"],
];

const QUERIES: { [name: string]: Case } = {
  "conditions choose as SQL does": async ({ store, vault }) => {
    const notes = NOTE_STATES.map((state, i) => noteOf(i + 1, state));
    await store.commit(recordStates(...notes));
    for (const [where, numbers] of CONDITIONS) {
      assert.deepEqual(
        await numbersOf(vault, { ...NOTES, where }),
        numbers,
        `where ${JSON.stringify(where)}`,
      );
    }
  },

  "a bad query is refused, and its field named": async ({ vault }) => {
    for (const [query, field] of BAD_QUERIES) {
      await assert.rejects(vault.query({ ...NOTES, ...query }), (error: VaultError) => {
        assert.equal(error.code, "vault/bad-query", JSON.stringify(query));
        assert.equal("field" in error.fault && error.fault.field, field);
        return true;
      });
    }
    const deep = Array.from({ length: 40 }).reduce<Record<string, unknown>>(
      (where) => ({ _not: where }),
      {},
    );
    await assert.rejects(vault.query({ ...NOTES, where: deep }), { code: "vault/bad-query" });
    await assert.rejects(vault.query({ ...NOTES, cursor: "x" }), { code: "vault/bad-cursor" });
    await rejects(vault.query({ contract: "cash", type: "coin" }), {
      code: "vault/unknown-table",
      contract: "cash",
      type: "coin",
      known: ["cash/cash", "paper/note"],
    });
  },

  "states are told as JSON, with what became of them": async ({ store, vault }) => {
    const lines = [{ id: new Uint8Array([1, 255]), note: undefined }];
    await store.commit(recordStates(noteOf(1, { total: 5n, ordinal: 3, lines })));
    await store.commit([consume(1, 8)]);
    const { items, nextCursor } = await vault.query({ ...NOTES, status: "all" });
    assert.equal(nextCursor, undefined);
    assert.deepEqual(items, [
      {
        ref: refOf(1),
        contract: "paper",
        type: "note",
        status: "consumed",
        consumedBy: transactionIdOf(8),
        consumedAt: RECORDED_AT + 8,
        recordedAt: RECORDED_AT,
        isOurs: true,
        state: { total: "5", ordinal: 3, lines: [{ id: "01ff" }] },
      },
    ]);
  },

  "states are chosen by status, holder, participants and refs": async ({ store, vault }) => {
    await store.commit([
      ...recordStates(
        coinOf(1, 5n),
        coinOf(2, 5n, { isOurs: false }),
        coinOf(3, 5n, { issuer: 8 }),
      ),
      consume(3, 4),
    ]);
    const rows: [Partial<VaultQuery>, number[]][] = [
      [{}, [1, 2]],
      [{ status: "consumed" }, [3]],
      [{ status: "all" }, [1, 2, 3]],
      [{ isOurs: true }, [1]],
      [{ isOurs: false }, [2]],
      [{ status: "all", participants: [identityOf(8)] }, [3]],
      [{ status: "all", participants: [identityOf(8), identityOf(7)] }, [1, 2, 3]],
      [{ participants: [] }, []],
      [{ refs: [refOf(2), refOf(3), refOf(9)] }, [2]],
      [{ refs: [] }, []],
    ];
    for (const [query, numbers] of rows) {
      const found = await numbersOf(vault, { ...CASH, ...query });
      assert.deepEqual(found, numbers, JSON.stringify(query));
    }
  },

  "pages follow the order of recording": async ({ store, vault }) => {
    for (const number of [9, 4, 7, 1, 8]) await store.commit(recordStates(coinOf(number, 5n)));
    const seen: number[][] = [];
    let cursor: string | undefined;
    do {
      const query = { ...CASH, limit: 2, ...(cursor !== undefined && { cursor }) };
      const page = await vault.query(query);
      seen.push(page.items.map(({ ref }) => Number(`0x${ref.txId}`)));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    assert.deepEqual(seen, [[9, 4], [7, 1], [8]]);
  },

  "a state that was consumed before it was recorded is consumed": async (subject) => {
    await subject.store.commit([consume(1, 5), consume(2, 5)]);
    await subject.store.commit(recordStates(coinOf(1, 5n)));
    await Promise.all([
      subject.store.commit(recordStates(coinOf(2, 5n), coinOf(3, 5n))),
      subject.store.commit([consume(3, 6), consume(1, 7)]),
    ]);
    const { vault } = await subject.crash();
    const { items } = await vault.query({ ...CASH, status: "all" });
    assert.deepEqual(
      items.map(({ consumedBy }) => consumedBy),
      [transactionIdOf(5), transactionIdOf(5), transactionIdOf(6)],
    );
    await rejects(vault.claim(claimOf(1, 1n)), insufficient(1n, 0n, 0n));
  },
};

const CLAIMS: { [name: string]: Case } = {
  "the smallest coin that suffices is claimed, or else the smallest together": async ({
    store,
    vault,
  }) => {
    await store.commit(
      recordStates(...[10n, 20n, 30n, 40n, 100n].map((units, i) => coinOf(i + 1, units))),
    );
    const rows: [quantity: bigint, statesMax: number, numbers: number[]][] = [
      [30n, 10, [3]],
      [31n, 10, [4]],
      [101n, 10, [1, 2, 3, 4, 5]],
      [101n, 2, [4, 5]],
      [170n, 3, [3, 4, 5]],
    ];
    for (const [quantity, statesMax, numbers] of rows) {
      const refs = await vault.claim(claimOf(1, quantity, { statesMax }));
      assert.deepEqual(numbers, numbersOfRefs(refs), `${quantity} of ${statesMax}`);
      await vault.release(uuidOf(1));
    }
    await rejects(vault.claim(claimOf(1, 171n, { statesMax: 3 })), {
      code: "vault/too-fragmented",
      requested: 171n,
      statesMax: 3,
      largest: 170n,
    });
  },

  "coins of one kind are claimed, of those asked for": async ({ store, vault }) => {
    await store.commit(
      recordStates(
        coinOf(1, 60n),
        coinOf(2, 60n, { issuer: 8 }),
        coinOf(3, 90n, { currency: "EUR" }),
        coinOf(4, 1000n, { isOurs: false }),
        coinOf(5, 0n),
      ),
    );
    await rejects(vault.claim(claimOf(1, 61n)), insufficient(61n, 60n, 0n));
    const issuer = { issuer_id: idOf(8), currency: "CHF" };
    assert.deepEqual(numbersOfRefs(await vault.claim(claimOf(1, 60n, { where: issuer }))), [2]);
    assert.deepEqual(numbersOfRefs(await vault.claim(claimOf(1, 60n))), [1]);
    const euro = { currency: "EUR" };
    assert.deepEqual(numbersOfRefs(await vault.claim(claimOf(1, 60n, { where: euro }))), [3]);
    await rejects(vault.claim(claimOf(2, 60n)), insufficient(60n, 0n, 60n));
  },

  "a bad claim is refused, and its field named": async ({ vault }) => {
    const rows: [Partial<CoinClaim>, string][] = [
      [{ quantity: 0n }, "quantity"],
      [{ statesMax: 0 }, "statesMax"],
      [{ where: { minor_units: "5" } }, "where.minor_units"],
      [{ contract: "paper", type: "note" }, "type"],
    ];
    for (const [change, field] of rows) {
      await assert.rejects(vault.claim({ ...claimOf(1, 5n), ...change }), (error: VaultError) => {
        assert.equal("field" in error.fault && error.fault.field, field);
        return true;
      });
    }
    await assert.rejects(vault.claim({ ...claimOf(1, 5n), type: "coin" }), {
      code: "vault/unknown-table",
    });
  },

  "no coin is claimed by two flows": async ({ store, vault }) => {
    const numbers = Array.from({ length: 100 }, (_, i) => i + 1);
    await store.commit(recordStates(...numbers.map((number) => coinOf(number, 10n))));
    const claims = await Promise.allSettled(
      numbers.map((number) => vault.claim(claimOf(number, 11n))),
    );
    const claimed = claims.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    assert.equal(claimed.length, 100);
    assert.equal(new Set(claimed.map(formatStateRef)).size, 100);
  },

  "coins come back when released, or when their commit fails, and else are gone": async ({
    store,
    vault,
  }) => {
    await store.commit([
      ...recordStates(coinOf(1, 10n), coinOf(2, 10n)),
      { kind: "flow", record: flowOf(1, { clientId: "order-1" }) },
    ]);
    await vault.claim(claimOf(1, 20n));
    await rejects(vault.claim(claimOf(2, 10n)), insufficient(10n, 0n, 20n));
    const refused = store.commit([
      consume(1, 5),
      { kind: "flow", record: flowOf(2, { clientId: "order-1" }) },
    ]);
    await assert.rejects(refused, { code: "store/client-id-taken" });
    await rejects(vault.claim(claimOf(2, 10n)), insufficient(10n, 0n, 20n));
    await store.commit([consume(1, 5), ...recordStates(coinOf(3, 4n))]);
    await vault.release(uuidOf(1));
    assert.deepEqual(numbersOfRefs(await vault.claim(claimOf(2, 14n))), [2, 3]);
    await rejects(vault.claim(claimOf(3, 1n)), insufficient(1n, 0n, 14n));
    await store.commit([consume(2, 6), ...recordStates(coinOf(4, 1n))]);
    assert.deepEqual(numbersOfRefs(await vault.claim(claimOf(3, 1n))), [4]);
  },

  "after a crash a flow has its coins again once it says which": async (subject) => {
    await subject.store.commit(recordStates(coinOf(1, 10n), coinOf(2, 10n)));
    const claimed = await subject.vault.claim(claimOf(1, 10n));
    const { vault } = await subject.crash();
    await vault.reclaim(uuidOf(1), [...claimed, refOf(77)]);
    const others = await vault.claim(claimOf(2, 10n));
    assert.notDeepEqual(others, claimed);
    await rejects(vault.claim(claimOf(3, 10n)), insufficient(10n, 0n, 20n));
    await vault.release(uuidOf(1));
    assert.deepEqual(await vault.claim(claimOf(3, 10n)), claimed);
  },
};

type ClaimOptions = { where?: Record<string, string>; statesMax?: number };

function claimOf(flow: number, quantity: bigint, options: ClaimOptions = {}): CoinClaim {
  const { where = { currency: "CHF" }, statesMax = 10 } = options;
  return { contract: "cash", type: "cash", flowId: uuidOf(flow), quantity, where, statesMax };
}

function insufficient(requested: bigint, available: bigint, setAside: bigint): VaultFault {
  return { code: "vault/insufficient", requested, available, setAside };
}

async function rejects(promise: Promise<unknown>, fault: VaultFault): Promise<void> {
  await assert.rejects(promise, (error: VaultError) => {
    assert.deepEqual(error.fault, fault);
    return true;
  });
}

async function numbersOf(vault: Vault, query: VaultQuery): Promise<number[]> {
  return numbersOfRefs((await vault.query(query)).items.map(({ ref }) => ref));
}

function numbersOfRefs(refs: readonly StateRef[]): number[] {
  return refs.map(({ txId }) => Number(`0x${txId}`)).sort((a, b) => a - b);
}
