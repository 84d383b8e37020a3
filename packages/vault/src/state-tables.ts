import { coinValue, columnValue, type StateColumn, type StateTable } from "@stateset/flow";
import type { Client } from "pg";
import { arrayOf, type ElementType } from "./postgres-array.ts";
import { VaultSetupError } from "./vault-setup-error.ts";

/** A typed table as it stands in the database. */
export type TypedTable = { table: StateTable; name: string };

/** How a column is declared in SQL, and what its values are sent as. */
const COLUMN_TYPES: {
  [T in StateColumn["type"]]: { sql: string; element: ElementType };
} = {
  text: { sql: "text", element: "text" },
  integer: { sql: "bigint", element: "int8" },
  boolean: { sql: "boolean", element: "bool" },
  date: { sql: "date", element: "date" },
  timestamp: { sql: "timestamptz", element: "timestamptz" },
  json: { sql: "jsonb", element: "jsonb" },
};

/** Rows read and written at a time when a table is filled from states recorded earlier. */
const BACKFILL_ROWS = 1000;
const COLUMNS_MAX = 200;
/** PostgreSQL cuts longer names off. */
const NAME_MAX = 63;
const COLUMN_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Creates and extends the typed tables that apps declare, and fills what is new from the states
 * that were recorded before. Call it inside a transaction.
 * @throws VaultSetupError `vault/bad-table`, `vault/newer-database`
 */
export async function prepareStateTables(
  client: Client,
  tables: readonly StateTable[],
): Promise<TypedTable[]> {
  const prepared: TypedTable[] = [];
  for (const table of tables) {
    assertDeclaration(table);
    const name = stateTableName(table);
    if (prepared.some((other) => other.name === name)) throw badTable(table, `a second ${name}`);
    await prepare(client, { table, name });
    prepared.push({ table, name });
  }
  return prepared;
}

/** The name of a type's table in the schema `vault`. */
export function stateTableName({ contract, type }: StateTable): string {
  return `${contract}_${type}`.toLowerCase().replace(/[^a-z0-9]+/g, "_");
}

async function prepare(client: Client, { table, name }: TypedTable): Promise<void> {
  const key = [table.contract, table.type];
  const { rows } = await client.query(
    "select version, declaration from vault.state_tables where contract = $1 and type = $2",
    key,
  );
  const known: { version: number; declaration: StateTable } | undefined = rows[0];
  const isNew = known === undefined || known.version < table.version;
  assertFollows(table, known);
  if (!isNew) return;
  const old = known?.declaration.columns ?? [];
  await client.query(definitionOf({ table, name }, table.columns.slice(old.length)));
  await backfill(client, { table, name });
  await client.query(
    `insert into vault.state_tables (contract, type, name, version, declaration)
     values ($1, $2, $3, $4, $5)
     on conflict (contract, type) do update set version = $4, declaration = $5`,
    [...key, name, table.version, JSON.stringify(table)],
  );
}

function definitionOf({ table, name }: TypedTable, added: readonly StateColumn[]): string {
  const indexes = (table.indexes ?? []).map((columns) => {
    const list = columns.map((column) => `"${column}"`).join(", ");
    // Named, so that a later version that still declares it does not make it twice.
    const index = `${name}_by_${columns.join("_")}`;
    const short = index.length <= NAME_MAX ? index : `${index.slice(0, 40)}_${hashOf(index)}`;
    return `create index if not exists "${short}" on vault."${name}" (${list});`;
  });
  return [
    `create table if not exists vault."${name}" (
       ref_tx_id bytea not null, ref_index int4 not null, primary key (ref_tx_id, ref_index));`,
    ...added.map((column) => {
      const type = COLUMN_TYPES[column.type].sql;
      // Compared byte by byte, so that every database gives the same answers.
      const collation = column.type === "text" ? ' collate "C"' : "";
      return `alter table vault."${name}" add column "${column.name}" ${type}${collation};`;
    }),
    ...indexes,
  ].join("\n");
}

async function backfill(client: Client, typed: TypedTable): Promise<void> {
  const { table } = typed;
  for (let after = "0"; ; ) {
    const { rows } = await client.query<{
      tx_id: Buffer;
      index: number;
      position: string;
      state: unknown;
    }>(
      `select tx_id, index, position, state from vault.states
       where contract = $1 and type = $2 and position > $3 order by position limit $4`,
      [table.contract, table.type, after, BACKFILL_ROWS],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.position;
    const states = rows.map(({ state }) => state);
    const [ids, indexes] = [rows.map((row) => row.tx_id), rows.map((row) => row.index)];
    const key = [arrayOf("bytea", ids), arrayOf("int4", indexes)];
    await client.query(insertInto(typed, { from: 1, isUpdate: true }), [
      ...key,
      ...columnArrays(table, states),
    ]);
    const coins = states.map((state) => coinValue(table, state));
    await client.query(
      `update vault.states s set coin_kind = u.kind, coin_quantity = u.quantity
       from unnest($1::bytea[], $2::int4[], $3::text[], $4::int8[]) u(tx_id, index, kind, quantity)
       where s.tx_id = u.tx_id and s.index = u.index and s.is_ours`,
      [
        ...key,
        arrayOf(
          "text",
          coins.map((coin) => coin?.kind),
        ),
        arrayOf(
          "int8",
          coins.map((coin) => coin?.quantity),
        ),
      ],
    );
  }
}

/** One array for each column of a table, of the states' values. */
export function columnArrays(table: StateTable, states: readonly unknown[]): Buffer[] {
  return table.columns.map((column) =>
    arrayOf(
      COLUMN_TYPES[column.type].element,
      states.map((state) => columnValue(column, state)),
    ),
  );
}

/** Puts rows into a typed table, from arrays that are parameters from the given number on. */
export function insertInto(
  { table, name }: TypedTable,
  options: { from: number; isUpdate?: boolean },
): string {
  const names = ["ref_tx_id", "ref_index", ...table.columns.map((column) => column.name)];
  const types = ["bytea", "int4", ...table.columns.map((column) => COLUMN_TYPES[column.type].sql)];
  const arrays = types.map((type, i) => `$${options.from + i}::${type}[]`).join(", ");
  const list = names.map((column) => `"${column}"`).join(", ");
  const updates = table.columns.map((column) => `"${column.name}" = excluded."${column.name}"`);
  const onConflict =
    options.isUpdate === true && updates.length > 0
      ? `(ref_tx_id, ref_index) do update set ${updates.join(", ")}`
      : "do nothing";
  return `insert into vault."${name}" (${list}) select * from unnest(${arrays}) on conflict ${onConflict}`;
}

function assertDeclaration(table: StateTable): void {
  const names = table.columns.map((column) => column.name);
  const { quantity, kind = [] } = table.fungible ?? {};
  const mentioned = [
    ...(table.indexes ?? []).flat(),
    ...kind,
    ...(quantity === undefined ? [] : [quantity]),
  ];
  const strange = mentioned.find((name) => !names.includes(name));
  const wrong = names.find((name) => !COLUMN_NAME.test(name) || name.startsWith("ref_"));
  if (stateTableName(table).length > NAME_MAX)
    throw badTable(table, `name over ${NAME_MAX} characters`);
  if (names.length > COLUMNS_MAX) throw badTable(table, `more than ${COLUMNS_MAX} columns`);
  if (wrong !== undefined)
    throw badTable(table, `column ${wrong}: snake case, not beginning with ref_`);
  if (new Set(names).size < names.length) throw badTable(table, "two columns of one name");
  if (strange !== undefined) throw badTable(table, `no column ${strange}`);
  const quantityType = table.columns.find((column) => column.name === quantity)?.type ?? "integer";
  if (quantityType !== "integer") throw badTable(table, `the quantity ${quantity} is no integer`);
  if (!Number.isSafeInteger(table.version) || table.version < 1)
    throw badTable(table, "version below 1");
}

function assertFollows(
  table: StateTable,
  known: { version: number; declaration: StateTable } | undefined,
): void {
  if (known === undefined) return;
  if (known.version > table.version) {
    const what = `${table.contract}/${table.type}`;
    const { version: found } = known;
    throw new VaultSetupError({ code: "vault/newer-database", what, found, known: table.version });
  }
  const changed = known.declaration.columns.find((column, i) => !isSame(column, table.columns[i]));
  if (changed !== undefined)
    throw badTable(table, `column ${changed.name} was changed or taken away`);
  const isSameVersion = known.version === table.version;
  const { fungible, columns } = known.declaration;
  const isChanged = columns.length !== table.columns.length || !isSame(fungible, table.fungible);
  if (isSameVersion && isChanged) throw badTable(table, "changed without a new version");
}

/** Whether two declarations are alike; PostgreSQL keeps keys in an order of its own. */
function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function hashOf(name: string): string {
  return [...name]
    .reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
    .toString(36);
}

function badTable({ contract, type }: StateTable, reason: string): VaultSetupError {
  return new VaultSetupError({ code: "vault/bad-table", contract, type, reason });
}
