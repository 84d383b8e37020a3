import type { QueryConfig } from "pg";
import { arrayOf, type ElementType } from "./postgres-array.ts";
import { columnArrays, insertInto, type TypedTable } from "./state-tables.ts";
import type { WriteBatch } from "./write-batch.ts";

/** A part of the statement: its columns arrive as arrays, unnested into rows called `u`. */
type Part = {
  name: string;
  /** Names and types; `hex` stands for bytes that are hexadecimal text in memory. */
  columns: readonly (readonly [name: string, type: ElementType])[];
  /** Where `$rows` stands for `unnest(…) u(…)`. */
  sql: string;
  rows: (batch: WriteBatch, now: number) => readonly (readonly unknown[])[];
};

const ENDED = "('COMPLETED', 'FAILED', 'KILLED')";

const NEW_STATES: Part = {
  name: "new_states",
  columns: [
    ["tx_id", "hex"],
    ["index", "int4"],
    ["contract", "text"],
    ["type", "text"],
    ["state", "jsonb"],
    ["participants", "text"],
    ["is_ours", "bool"],
    ["bundle", "hex"],
    ["notarised_at", "timestamptz"],
    ["recorded_at", "timestamptz"],
    ["coin_kind", "text"],
    ["coin_quantity", "int8"],
    ["consumed_by", "hex"],
    ["consumed_at", "timestamptz"],
  ],
  // Arrays of arrays would have to be of one length: participants travel as an array's text.
  sql: `insert into vault.states (tx_id, index, contract, type, state, participants, is_ours,
    bundle, notarised_at, recorded_at, coin_kind, coin_quantity, consumed_by, consumed_at)
    select u.tx_id, u.index, u.contract, u.type, u.state, u.participants::bytea[], u.is_ours,
      u.bundle, u.notarised_at, u.recorded_at, u.coin_kind, u.coin_quantity,
      coalesce(c.consumed_by, u.consumed_by), coalesce(c.consumed_at, u.consumed_at)
    from $rows left join vault.consumptions c on c.tx_id = u.tx_id and c.index = u.index
    on conflict do nothing
    returning encode(tx_id, 'hex') || ':' || index as key, consumed_by, coin_quantity`,
  rows: ({ states, consumptions }, now) =>
    [...states].map(([key, state]) => [
      state.ref.txId,
      state.ref.index,
      state.contract,
      state.type,
      state.state,
      `{${state.participants.map((id) => `"\\\\x${id}"`).join(",")}}`,
      state.isOurs,
      state.bundle,
      state.notarisedAt,
      now,
      state.coin?.kind,
      state.coin?.quantity,
      consumptions.get(key)?.by,
      consumptions.get(key)?.at,
    ]),
};

/**
 * Rows are found by nested loops over primary keys: the writer's connection has other plans turned
 * off, because estimates of arrays and of growing tables flipped them. Nor may a condition be that
 * of a partial index, as "consumed_by is null": while PostgreSQL has not counted a new table, it
 * would read that index, of all that is unconsumed, for every row.
 */
const PARTS: readonly Part[] = [
  {
    name: "new_flows",
    columns: [
      ["id", "uuid"],
      ["client_id", "text"],
      ["flow", "text"],
      ["bundle", "text"],
      ["status", "text"],
      ["input", "text"],
      ["started_by", "text"],
      ["initiator", "hex"],
      ["result", "text"],
      ["error", "text"],
      ["progress", "text"],
      ["started_at", "timestamptz"],
      ["ended_at", "timestamptz"],
    ],
    sql: `insert into flow.flows (id, client_id, flow, bundle, status, input, started_by, initiator,
      result, error, progress, started_at, ended_at) select * from $rows on conflict (id) do nothing`,
    rows: ({ flows }) =>
      [...flows.values()].map((flow) => [
        flow.id,
        flow.clientId,
        flow.flow,
        flow.bundle,
        flow.status,
        flow.input,
        flow.startedBy,
        flow.initiator,
        flow.result,
        flow.error && JSON.stringify(flow.error),
        flow.progress,
        flow.startedAt,
        flow.endedAt,
      ]),
  },
  {
    name: "flow_changes",
    columns: [
      ["id", "uuid"],
      ["status", "text"],
      ["result", "text"],
      ["error", "text"],
      ["progress", "text"],
      ["ended_at", "timestamptz"],
    ],
    sql: `update flow.flows f set status = u.status, result = coalesce(u.result, f.result),
      error = coalesce(u.error, f.error), progress = coalesce(u.progress, f.progress),
      ended_at = coalesce(u.ended_at, f.ended_at)
      from $rows where f.id = u.id and not case when f.status in ${ENDED} then true else false end`,
    rows: ({ changes }) =>
      [...changes.values()].map((change) => [
        change.flowId,
        change.status,
        change.result,
        change.error && JSON.stringify(change.error),
        change.progress,
        change.endedAt,
      ]),
  },
  {
    name: "new_journal",
    columns: [
      ["flow_id", "uuid"],
      ["first", "int4"],
      ["entries", "bytea"],
    ],
    sql: `insert into flow.journal (flow_id, first, entries) select * from $rows
      where not exists (select from flow.flows k where k.id = u.flow_id and k.status in ${ENDED})
      on conflict do nothing`,
    rows: ({ journal }) =>
      [...journal.values()]
        .flatMap((chunks) => [...chunks.values()])
        .map((chunk) => [chunk.flowId, chunk.from, chunk.entries]),
  },
  {
    name: "ended_journals",
    columns: [["flow_id", "uuid"]],
    sql: "delete from flow.journal j using $rows where j.flow_id = u.flow_id",
    rows: ({ ended }) => [...ended].map((id) => [id]),
  },
  {
    name: "new_messages",
    columns: [
      ["session", "uuid"],
      ["sequence", "int4"],
      ["flow_id", "uuid"],
      ["peer", "hex"],
      ["body", "bytea"],
    ],
    sql: `insert into flow.outbox (session, sequence, flow_id, peer, body) select * from $rows
      on conflict do nothing`,
    rows: (batch) =>
      batch
        .messages()
        .map(({ session, sequence, flowId, peer, body }) => [
          session,
          sequence,
          flowId,
          peer,
          body,
        ]),
  },
  {
    name: "delivered_messages",
    columns: [
      ["session", "uuid"],
      ["up_to", "int4"],
    ],
    sql: `delete from flow.outbox o using $rows where o.session = u.session
      and o.sequence <= u.up_to`,
    rows: ({ delivered }) => [...delivered],
  },
  {
    name: "new_transactions",
    columns: [
      ["id", "hex"],
      ["signed", "bytea"],
      ["receipt", "bytea"],
      ["notarised_at", "timestamptz"],
      ["recorded_at", "timestamptz"],
    ],
    sql: `insert into ledger.transactions (id, signed, receipt, notarised_at, recorded_at)
      select * from $rows on conflict do nothing`,
    rows: ({ transactions }, now) =>
      [...transactions.values()].map((each) => [
        each.id,
        each.signed,
        each.receipt,
        each.notarisedAt,
        now,
      ]),
  },
  {
    name: "new_attachments",
    columns: [
      ["hash", "text"],
      ["kind", "text"],
      ["content", "bytea"],
    ],
    sql: `insert into ledger.attachments (hash, kind, content) select * from $rows
      on conflict do nothing`,
    rows: ({ attachments }) =>
      [...attachments.values()].map(({ hash, kind, content }) => [hash, kind, content]),
  },
  {
    name: "new_content_keys",
    columns: [
      ["tx_id", "hex"],
      ["key_id", "text"],
      ["wrapped", "bytea"],
    ],
    sql: `insert into ledger.content_keys (tx_id, key_id, wrapped) select * from $rows
      on conflict do nothing`,
    rows: ({ contentKeys }) =>
      [...contentKeys.values()].map(({ txId, keyId, wrapped }) => [txId, keyId, wrapped]),
  },
  {
    name: "new_consumptions",
    columns: [
      ["tx_id", "hex"],
      ["index", "int4"],
      ["consumed_by", "hex"],
      ["consumed_at", "timestamptz"],
    ],
    sql: `insert into vault.consumptions (tx_id, index, consumed_by, consumed_at)
      select * from $rows
      where not exists (select from vault.states k where k.tx_id = u.tx_id and k.index = u.index)
      on conflict do nothing`,
    // A state of this batch is recorded as consumed at once.
    rows: ({ consumptions, states }) =>
      [...consumptions]
        .filter(([key]) => !states.has(key))
        .map(([, { ref, by, at }]) => [ref.txId, ref.index, by, at]),
  },
  {
    name: "consumed_states",
    columns: [
      ["tx_id", "hex"],
      ["index", "int4"],
      ["consumed_by", "hex"],
      ["consumed_at", "timestamptz"],
    ],
    sql: `update vault.states s set consumed_by = u.consumed_by, consumed_at = u.consumed_at
      from $rows where s.tx_id = u.tx_id and s.index = u.index
      and coalesce(length(s.consumed_by), 0) = 0`,
    rows: ({ consumptions }) =>
      [...consumptions.values()].map(({ ref, by, at }) => [ref.txId, ref.index, by, at]),
  },
  NEW_STATES,
];

/** Plans are kept by connection; beyond this many combinations, others are planned anew each time. */
const STATEMENTS_MAX = 128;

/**
 * The one statement that writes a batch, made of the parts that have rows: starting an idle part
 * costs a lone commit as much as writing. Its rows are the keys of coins that came to be.
 */
export class BatchStatements {
  readonly #texts = new Map<string, { name: string; text: string }>();

  queryFor(batch: WriteBatch, now: number): QueryConfig {
    const values: Buffer[] = [];
    const parts = PARTS.filter(({ columns, rows }) => {
      const found = rows(batch, now);
      if (found.length === 0) return false;
      columns.forEach(([, type], i) => {
        values.push(
          arrayOf(
            type,
            found.map((row) => row[i]),
          ),
        );
      });
      return true;
    });
    const typed = [...Map.groupBy(batch.states.values(), (state) => batch.typedTable(state))]
      .flatMap(([table, states]) => (table === undefined ? [] : [{ table, states }]))
      .sort((a, b) => (a.table.name < b.table.name ? -1 : 1));
    for (const { table, states } of typed) {
      values.push(
        arrayOf(
          "hex",
          states.map(({ ref }) => ref.txId),
        ),
        arrayOf(
          "int4",
          states.map(({ ref }) => ref.index),
        ),
        ...columnArrays(
          table.table,
          states.map(({ state }) => state),
        ),
      );
    }
    return {
      ...this.#textFor(
        parts,
        typed.map(({ table }) => table),
      ),
      values,
    };
  }

  #textFor(parts: readonly Part[], tables: readonly TypedTable[]): { name?: string; text: string } {
    const key = [...parts, ...tables].map(({ name }) => name).join(" ");
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const text = statementText(parts, tables);
    if (this.#texts.size === STATEMENTS_MAX) return { text };
    const made = { name: `commit-${this.#texts.size}`, text };
    this.#texts.set(key, made);
    return made;
  }
}

function statementText(parts: readonly Part[], tables: readonly TypedTable[]): string {
  let parameter = 0;
  const written = parts.map(({ name, columns, sql }) => {
    const arrays = columns.map(
      ([, type]) => `$${++parameter}::${type === "hex" ? "bytea" : type}[]`,
    );
    const rows = `unnest(${arrays.join(", ")}) u(${columns.map(([column]) => column).join(", ")})`;
    return `${name} as (${sql.replace("$rows", () => rows)})`;
  });
  const typed = tables.map((table, i) => {
    const sql = insertInto(table, { from: parameter + 1 });
    parameter += 2 + table.table.columns.length;
    return `typed_${i} as (${sql})`;
  });
  const coins = parts.includes(NEW_STATES)
    ? "select key from new_states where consumed_by is null and coin_quantity is not null"
    : "select null where false";
  const all = [...written, ...typed];
  return all.length === 0 ? coins : `with ${all.join(",\n")}\n${coins}`;
}
