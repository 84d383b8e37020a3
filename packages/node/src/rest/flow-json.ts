import type { FlowRecord } from "@stateset/flow";
import { problemOfFlow } from "../problem/problem.ts";
import { toJson } from "../to-json.ts";

/** A document as text would drown the rest; who sent it has it. */
const SHOWN_CHARACTERS_MAX = 4096;

/** The version of an app by the hash of its bundle; undefined for one no longer installed. */
export type AppVersion = (bundle: string) => number | undefined;

/** A flow as REST shows it by itself: with its input, but for the content of long strings. */
export function flowJson(record: FlowRecord, appVersion: AppVersion): string {
  return `${members(record, appVersion)},"input":${shownInput(record.input)}}`;
}

/** A flow as lists and events have it: without its input, which may be megabytes. */
export function listedFlowJson(record: FlowRecord, appVersion: AppVersion): string {
  return `${members(record, appVersion)}}`;
}

/**
 * All but the input, and the brace that ends it. Input, result and error are JSON text already:
 * they are set in as they are, for reading and writing them again would cost more than all the rest
 * of a request.
 */
function members(record: FlowRecord, appVersion: AppVersion): string {
  const { id, flow, bundle, status, progress = "", clientId, startedBy, initiator } = record;
  const error = record.error && toJson(problemOfFlow(record.error));
  return [
    `{"flowId":"${id}","flow":${JSON.stringify(flow)},"version":${appVersion(bundle) ?? null}`,
    `,"status":"${status}"`,
    record.result === undefined ? "" : `,"result":${record.result}`,
    error === undefined ? "" : `,"error":${error}`,
    `,"progress":${JSON.stringify(progress)},"startedAt":"${isoTime(record.startedAt)}"`,
    record.endedAt === undefined ? "" : `,"endedAt":"${isoTime(record.endedAt)}"`,
    clientId === undefined ? "" : `,"clientId":${JSON.stringify(clientId)}`,
    `,"startedBy":${JSON.stringify(startedBy)}`,
    initiator === undefined ? "" : `,"initiator":"${initiator}"`,
  ].join("");
}

/** JSON text of the input, with a note of their length in place of long strings. */
function shownInput(input: string): string {
  if (input === "") return "null";
  if (input.length <= SHOWN_CHARACTERS_MAX) return input;
  return JSON.stringify(JSON.parse(input), (_, value) =>
    typeof value === "string" && value.length > SHOWN_CHARACTERS_MAX
      ? `…(${value.length} characters)`
      : value,
  );
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
