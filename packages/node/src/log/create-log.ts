import type { Log } from "@stateset/flow";
import { pino } from "pino";
import { harmless } from "../cli/output.ts";

export type LogLevel = Parameters<Log>[0];

export type LogOptions = {
  /** Which node says it. */
  name: string;
  level: LogLevel;
  /** One line for people instead of JSON. */
  pretty: boolean;
  write(line: string): void;
};

/** Names under which a secret might slip in; no part should log one, and none gets through. */
const SECRET_FIELDS = [
  "password",
  "secret",
  "token",
  "authorization",
  "privateKey",
  "connectionString",
  "databaseUrl",
];

/** Structured logs: one JSON object a line, with the time, the node's name and the fields. */
export function createLog({ name, level, pretty, write }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: { node: name },
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]),
        censor: "[hidden]",
      },
    },
    { write: pretty ? (line) => write(prettyLine(line)) : write },
  );
  return (at, message, fields) => {
    // Nothing is made of the fields where nobody asked for them.
    if (logger.isLevelEnabled(at)) logger[at](withoutReserved(fields ?? {}), message);
  };
}

/** What a line has by itself; a field of the same name would make it say two things. */
const RESERVED = ["time", "level", "node", "message"];

function withoutReserved(fields: Record<string, unknown>): Record<string, unknown> {
  if (!RESERVED.some((name) => name in fields)) return fields;
  const renamed = Object.entries(fields).map(([name, value]) =>
    RESERVED.includes(name) ? [`${name}_`, value] : [name, value],
  );
  return Object.fromEntries(renamed);
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    ...("code" in error && { code: error.code }),
    stack,
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

function prettyLine(line: string): string {
  const { time, level, node, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const told = Object.entries(fields).map(([key, value]) => {
    const isText = typeof value === "string" && !/[\s"]/.test(value);
    return ` ${key}=${isText ? value : JSON.stringify(value)}`;
  });
  const at = String(time).slice(11, 23);
  return `${harmless(`${at} ${String(level).padEnd(5)} ${node}  ${message}${told.join("")}`)}\n`;
}
