import type { FlowRecord } from "@stateset/flow";
import { problemOfFlow } from "../problem/problem.ts";
import { toJson } from "../to-json.ts";

/** The version of an app by the hash of its bundle; undefined for one no longer installed. */
export type AppVersion = (bundle: string) => number | undefined;

/**
 * A flow as REST gives it. Input, result and error are JSON text already: they are set in as they
 * are, for reading and writing them again would cost more than all the rest of a request.
 */
export function flowJson(record: FlowRecord, appVersion: AppVersion): string {
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
    `,"input":${record.input === "" ? "null" : record.input}}`,
  ].join("");
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
