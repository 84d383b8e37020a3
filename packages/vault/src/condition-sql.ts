import type { Condition, StateColumn } from "@stateset/flow";
import { type RawBuilder, sql } from "kysely";

/** A condition as SQL over the columns of a typed table that is called `t`. */
export function conditionSql(condition: Condition): RawBuilder<boolean> {
  switch (condition.kind) {
    case "all":
      return joined(condition.of, sql` and `, sql`true`);
    case "any":
      return joined(condition.of, sql` or `, sql`false`);
    case "not":
      return sql`(not ${conditionSql(condition.of)})`;
    case "null":
      return condition.isNull
        ? sql`(${column(condition)} is null)`
        : sql`(${column(condition)} is not null)`;
    case "like": {
      // By the database's own rules for letters: those of the embedded one are Unicode's.
      const text = sql`${column(condition)} collate "default"`;
      return condition.ignoreCase
        ? sql`(${text} ilike ${condition.pattern})`
        : sql`(${text} like ${condition.pattern})`;
    }
    case "in": {
      const { values, negated } = condition;
      if (values.length === 0) return negated ? sql`true` : sql`false`;
      const list = sql.join(values.map((value) => operand(condition.column, value)));
      return negated
        ? sql`(${column(condition)} not in (${list}))`
        : sql`(${column(condition)} in (${list}))`;
    }
    case "compare": {
      const operator = sql.raw(OPERATORS[condition.operator]);
      return sql`(${column(condition)} ${operator} ${operand(condition.column, condition.value)})`;
    }
  }
}

const OPERATORS = { _eq: "=", _neq: "<>", _gt: ">", _gte: ">=", _lt: "<", _lte: "<=" };

function joined(
  of: readonly Condition[],
  by: RawBuilder<unknown>,
  empty: RawBuilder<boolean>,
): RawBuilder<boolean> {
  return of.length === 0 ? empty : sql`(${sql.join(of.map(conditionSql), by)})`;
}

function column({ column }: { column: StateColumn }): RawBuilder<unknown> {
  return sql.ref(`t.${column.name}`);
}

function operand({ type }: StateColumn, value: unknown): RawBuilder<unknown> {
  switch (type) {
    case "integer":
      return sql`${String(value)}::int8`;
    case "date":
      return sql`${value}::date`;
    case "timestamp":
      return sql`${new Date(value as number)}::timestamptz`;
    case "boolean":
      return sql`${value}::boolean`;
    default:
      return sql`${value}::text`;
  }
}
