import { formatStateRef } from "@stateset/ledger";
import { type StateTable, VaultError, type VaultQuery } from "../ports/vault.ts";
import { parseCursor } from "./page-cursor.ts";
import { badQuery, type Condition, parseCondition } from "./vault-condition.ts";

const LIMIT_DEFAULT = 50;
/** A page of states of some kilobytes each stays within a few megabytes. */
const LIMIT_MAX = 500;
const LIST_MAX = 1000;

/** A vault query with what it left out, checked. */
export type ParsedQuery = {
  table: StateTable;
  condition: Condition;
  status: "unconsumed" | "consumed" | "all";
  limit: number;
  /** Below the position of the first row that may be shown. */
  after: number;
  /** As `formatStateRef` writes them. */
  refs?: string[];
};

/** @throws VaultError `vault/unknown-table`, `vault/bad-query`, `vault/bad-cursor` */
export function parseQuery(tables: readonly StateTable[], query: VaultQuery): ParsedQuery {
  const table = tableOf(tables, query);
  const { status = "unconsumed", limit = LIMIT_DEFAULT, cursor, refs, participants } = query;
  if (!["unconsumed", "consumed", "all"].includes(status)) {
    throw badQuery("status", "must be unconsumed, consumed or all");
  }
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw badQuery("limit", `must be 1 to ${LIMIT_MAX}`);
  }
  for (const [field, list] of Object.entries({ refs, participants })) {
    if (list && list.length > LIST_MAX) throw badQuery(field, `more than ${LIST_MAX}`);
  }
  return {
    table,
    condition: parseCondition(table, query.where ?? {}),
    status,
    limit,
    after: cursor === undefined ? -1 : parseCursor(cursor),
    ...(refs && { refs: refs.map(formatStateRef) }),
  };
}

/** @throws VaultError `vault/unknown-table` */
export function tableOf(
  tables: readonly StateTable[],
  { contract, type }: { contract: string; type: string },
): StateTable {
  const table = tables.find((each) => each.contract === contract && each.type === type);
  if (table !== undefined) return table;
  const known = tables.map((each) => `${each.contract}/${each.type}`);
  throw new VaultError({ code: "vault/unknown-table", contract, type, known });
}
