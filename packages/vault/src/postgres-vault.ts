import type { StateTable } from "@stateset/flow";
import {
  type CoinClaim,
  formatCursor,
  parseQuery,
  type Vault,
  type VaultPage,
  type VaultQuery,
  type VaultState,
} from "@stateset/flow";
import type { IdentityId, StateRef, TransactionId } from "@stateset/ledger";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Coins } from "./coins.ts";
import { conditionSql } from "./condition-sql.ts";
import { stateTableName } from "./state-tables.ts";
import { unavailable } from "./writer-connection.ts";

/** The states of a node's database, queried, and its coins. */
export class PostgresVault implements Vault {
  readonly #reads: Kysely<unknown>;
  readonly #coins: Coins;
  readonly #tables: readonly StateTable[];

  constructor(options: { reads: Kysely<unknown>; coins: Coins; tables: readonly StateTable[] }) {
    this.#reads = options.reads;
    this.#coins = options.coins;
    this.#tables = options.tables;
  }

  async query(query: VaultQuery): Promise<VaultPage> {
    const { table, condition, status, limit, after, refs } = parseQuery(this.#tables, query);
    const { contract, type, isOurs, participants } = query;
    const conditions: RawBuilder<unknown>[] = [
      sql`s.contract = ${contract} and s.type = ${type} and s.position > ${after}`,
      conditionSql(condition),
    ];
    if (status !== "all") conditions.push(status === "consumed" ? CONSUMED : UNCONSUMED);
    if (isOurs !== undefined) conditions.push(sql`s.is_ours = ${isOurs}`);
    if (participants !== undefined) {
      const ids = participants.map((id: IdentityId) => Buffer.from(id, "hex"));
      conditions.push(sql`s.participants && ${ids}::bytea[]`);
    }
    if (refs !== undefined) conditions.push(refsCondition(query.refs ?? []));
    const statement = sql<StateRow>`select s.tx_id, s.index, s.position, s.is_ours, s.state,
      s.recorded_at, s.consumed_by, s.consumed_at
      from vault.states s
      join ${sql.table(`vault.${stateTableName(table)}`)} t
        on t.ref_tx_id = s.tx_id and t.ref_index = s.index
      where ${sql.join(conditions, sql` and `)}
      order by s.position limit ${limit + 1}`;
    const { rows } = await statement.execute(this.#reads).catch((error) => {
      throw unavailable(error);
    });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => stateOf(row, { contract, type })),
      ...(last && rows.length > limit && { nextCursor: formatCursor(Number(last.position)) }),
    };
  }

  claim(claim: CoinClaim): Promise<StateRef[]> {
    return this.#coins.claim(claim);
  }

  async reclaim(flowId: string, refs: readonly StateRef[]): Promise<void> {
    this.#coins.reclaim(flowId, refs);
  }

  async release(flowId: string): Promise<void> {
    this.#coins.release(flowId);
  }
}

const UNCONSUMED = sql`s.consumed_by is null`;
const CONSUMED = sql`s.consumed_by is not null`;

type StateRow = {
  tx_id: Buffer;
  index: number;
  position: string;
  is_ours: boolean;
  state: Record<string, unknown>;
  recorded_at: Date;
  consumed_by: Buffer | null;
  consumed_at: Date | null;
};

function refsCondition(refs: readonly StateRef[]): RawBuilder<unknown> {
  const ids = refs.map(({ txId }) => Buffer.from(txId, "hex"));
  const indexes = refs.map(({ index }) => index);
  return sql`(s.tx_id, s.index) in (select * from unnest(${ids}::bytea[], ${indexes}::int4[]))`;
}

function stateOf(
  row: StateRow,
  { contract, type }: { contract: string; type: string },
): VaultState {
  const shared = {
    ref: { txId: row.tx_id.toString("hex") as TransactionId, index: row.index },
    contract,
    type,
    recordedAt: row.recorded_at.getTime(),
    isOurs: row.is_ours,
    state: row.state,
  };
  if (row.consumed_by === null || row.consumed_at === null)
    return { ...shared, status: "unconsumed" };
  return {
    ...shared,
    status: "consumed",
    consumedBy: row.consumed_by.toString("hex") as TransactionId,
    consumedAt: row.consumed_at.getTime(),
  };
}
