import { compareBytes, utf8 } from "@stateset/codec";
import { type StateColumn, type StateTable, VaultError } from "../ports/vault.ts";
import { type ColumnValue, parseColumnValue } from "./state-row.ts";

/** A condition of a vault query, read and checked against the table's columns. */
export type Condition =
  | { kind: "all" | "any"; of: Condition[] }
  | { kind: "not"; of: Condition }
  | { kind: "compare"; column: StateColumn; operator: CompareOperator; value: ColumnValue }
  | { kind: "in"; column: StateColumn; negated: boolean; values: ColumnValue[] }
  | { kind: "null"; column: StateColumn; isNull: boolean }
  | { kind: "like"; column: StateColumn; pattern: string; ignoreCase: boolean };

type CompareOperator = keyof typeof COMPARE;

const COMPARE = {
  _eq: (order: number) => order === 0,
  _neq: (order: number) => order !== 0,
  _gt: (order: number) => order > 0,
  _gte: (order: number) => order >= 0,
  _lt: (order: number) => order < 0,
  _lte: (order: number) => order <= 0,
};
const OPERATORS = [...Object.keys(COMPARE), "_in", "_nin", "_is_null", "_like", "_ilike"];

/** A query is planned anew each time; these keep planning and matching within milliseconds. */
const DEPTH_MAX = 16;
const TERMS_MAX = 256;
const VALUES_MAX = 1000;
const PATTERN_MAX = 256;

/**
 * Reads a condition in Hasura's manner: `{"currency":{"_eq":"CHF"},"_or":[…]}`. What stands beside
 * each other must all hold; a single object may stand for a list; `{}` and `_and: []` always hold,
 * `_or: []` and `_in: []` never.
 * @throws VaultError `vault/bad-query` that names the field
 */
export function parseCondition(table: StateTable, where: unknown): Condition {
  return new ConditionParser(table).parse(where, "where", 0);
}

class ConditionParser {
  readonly #table: StateTable;
  #terms = 0;

  constructor(table: StateTable) {
    this.#table = table;
  }

  parse(where: unknown, field: string, depth: number): Condition {
    if (depth > DEPTH_MAX) throw badQuery(field, `nested more than ${DEPTH_MAX} deep`);
    if (!isObject(where)) throw badQuery(field, "must be an object");
    const of = Object.entries(where).map(([name, value]): Condition => {
      const inner = `${field}.${name}`;
      if (++this.#terms > TERMS_MAX) throw badQuery(inner, `more than ${TERMS_MAX} conditions`);
      if (name === "_not") return { kind: "not", of: this.parse(value, inner, depth + 1) };
      if (name !== "_and" && name !== "_or") return this.#column(name, value, inner);
      const list = Array.isArray(value) ? value : [value];
      const parts = list.map((each, i) => this.parse(each, `${inner}[${i}]`, depth + 1));
      return { kind: name === "_and" ? "all" : "any", of: parts };
    });
    return { kind: "all", of };
  }

  #column(name: string, operators: unknown, field: string): Condition {
    const column = this.#table.columns.find((each) => each.name === name);
    if (column === undefined) {
      const known = this.#table.columns.map((each) => each.name).join(", ");
      throw badQuery(field, `no such column; known: ${known}`);
    }
    if (!isObject(operators)) throw badQuery(field, 'must be an object such as {"_eq": …}');
    const of = Object.entries(operators).map(([operator, value]) => {
      const inner = `${field}.${operator}`;
      if (++this.#terms > TERMS_MAX) throw badQuery(inner, `more than ${TERMS_MAX} conditions`);
      return parseOperator(column, operator, value, inner);
    });
    return { kind: "all", of };
  }
}

function parseOperator(
  column: StateColumn,
  operator: string,
  value: unknown,
  field: string,
): Condition {
  if (!OPERATORS.includes(operator)) {
    throw badQuery(field, `no such operator; known: ${OPERATORS.join(", ")}`);
  }
  if (operator === "_is_null") {
    if (typeof value !== "boolean") throw badQuery(field, "must be true or false");
    return { kind: "null", column, isNull: value };
  }
  if (column.type === "json") throw badQuery(field, "a json column has _is_null alone");
  if (operator === "_like" || operator === "_ilike") {
    if (column.type !== "text") throw badQuery(field, "for text columns alone");
    return {
      kind: "like",
      column,
      pattern: patternOf(value, field),
      ignoreCase: operator === "_ilike",
    };
  }
  if (operator === "_in" || operator === "_nin") {
    const list = Array.isArray(value) ? value : [value];
    if (list.length > VALUES_MAX) throw badQuery(field, `more than ${VALUES_MAX} values`);
    const values = list.map((each, i) => columnOperand(column, each, `${field}[${i}]`));
    return { kind: "in", column, negated: operator === "_nin", values };
  }
  return {
    kind: "compare",
    column,
    operator: operator as CompareOperator,
    value: columnOperand(column, value, field),
  };
}

function columnOperand(column: StateColumn, value: unknown, field: string): ColumnValue {
  const parsed = parseColumnValue(column.type, value);
  const hint =
    value === null ? "null is asked for by _is_null" : `must be ${EXPECTED[column.type]}`;
  if (parsed === undefined) throw badQuery(field, hint);
  // PostgreSQL's text has no U+0000, so that no state can match it either.
  if (typeof parsed === "string" && parsed.includes("\0")) throw badQuery(field, "has U+0000");
  return parsed;
}

const EXPECTED = {
  text: "text",
  integer: "an integer of 64 bits, or its decimal text",
  boolean: "true or false",
  date: "a date yyyy-mm-dd",
  timestamp: "a time of ISO 8601 with its offset, or milliseconds since 1970",
  json: "JSON",
};

function patternOf(value: unknown, field: string): string {
  if (typeof value !== "string") throw badQuery(field, "must be text");
  if (value.length > PATTERN_MAX) throw badQuery(field, `longer than ${PATTERN_MAX}`);
  if (/(^|[^\\])(\\\\)*\\$/.test(value)) throw badQuery(field, "ends with the escape character");
  if (value.includes("\0")) throw badQuery(field, "has U+0000");
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function badQuery(field: string, reason: string): VaultError {
  return new VaultError({ code: "vault/bad-query", field, reason });
}

/** Whether a row meets a condition as SQL judges it: what is compared with nothing is unknown. */
export function meets(condition: Condition, row: (column: StateColumn) => unknown): boolean {
  return judge(condition, row) === true;
}

function judge(condition: Condition, row: (column: StateColumn) => unknown): boolean | undefined {
  switch (condition.kind) {
    case "all":
    case "any": {
      const decisive = condition.kind === "any";
      const verdicts = condition.of.map((each) => judge(each, row));
      if (verdicts.includes(decisive)) return decisive;
      return verdicts.includes(undefined) ? undefined : !decisive;
    }
    case "not": {
      const verdict = judge(condition.of, row);
      return verdict === undefined ? undefined : !verdict;
    }
    case "null":
      return (row(condition.column) === undefined) === condition.isNull;
    default:
      return judgeValue(condition, row(condition.column) as ColumnValue | undefined);
  }
}

function judgeValue(
  condition: Extract<Condition, { kind: "compare" | "in" | "like" }>,
  value: ColumnValue | undefined,
): boolean | undefined {
  if (condition.kind === "in") {
    if (condition.values.length === 0) return condition.negated;
    if (value === undefined) return undefined;
    return condition.values.some((each) => compare(value, each) === 0) !== condition.negated;
  }
  if (value === undefined) return undefined;
  if (condition.kind === "compare") {
    return COMPARE[condition.operator](compare(value, condition.value));
  }
  return likeExpression(condition.pattern, condition.ignoreCase).test(value as string);
}

function compare(a: ColumnValue, b: ColumnValue): number {
  // Text is ordered by its bytes, as by the collation "C", whatever the database's own is.
  if (typeof a === "string") return compareBytes(utf8(a), utf8(b as string));
  return a < b ? -1 : a > b ? 1 : 0;
}

function likeExpression(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern.replace(/\\(.)|[%_]|[^\\%_]/gsu, (part, escaped?: string) => {
    if (part === "%") return ".*";
    if (part === "_") return ".";
    return (escaped ?? part).replace(/[\^$\\.*+?()[\]{}|/-]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, ignoreCase ? "isu" : "su");
}
