import { CodecError, encode, fromJson } from "@stateset/codec";
import type { FlowDefinition } from "../flow-context.ts";
import { FlowError } from "../flow-service.ts";
import type { FlowRecord } from "../ports/store.ts";

/** @throws FlowError `flow/bad-input` that names the field */
export function inputOf({ name, input }: FlowDefinition, json: unknown): unknown {
  try {
    return fromJson(input, json);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const field = error.path.join(".");
    throw new FlowError({ code: "flow/bad-input", flow: name, field, reason: error.message });
  }
}

/** @throws FlowError `flow/input-unreadable` where what is stored of the input was not opened */
export function assertInputRead({ id: flowId, input }: FlowRecord): void {
  if (input !== "") return;
  throw new FlowError({ code: "flow/input-unreadable", flowId });
}

/**
 * The flow that a client id has, asked for again.
 * @throws FlowError `flow/client-id-taken` where it is another flow, or has another input
 * @throws FlowError `flow/input-unreadable`
 */
export function sameRequest(
  known: FlowRecord,
  { definition, value, clientId }: { definition: FlowDefinition; value: unknown; clientId: string },
): FlowRecord {
  if (known.flow === definition.name) {
    assertInputRead(known);
    if (isSameInput(known.input, value, definition)) return known;
  }
  throw new FlowError({ code: "flow/client-id-taken", clientId, flowId: known.id });
}

/** However the JSON is written. */
function isSameInput(known: string, value: unknown, { input }: FlowDefinition): boolean {
  try {
    const before = encode(input, fromJson(input, JSON.parse(known)) as never);
    const now = encode(input, value as never);
    return before.length === now.length && before.every((byte, i) => byte === now[i]);
  } catch {
    return false; // It was asked for under another version of the input's schema.
  }
}

/** A record as it is shown: the error of an earlier attempt is not one of a flow that goes on. */
export function shownRecord({ error, ...record }: FlowRecord): FlowRecord {
  const isOver = ["FAILED", "KILLED", "HOSPITAL"].includes(record.status);
  return error === undefined || !isOver ? record : { ...record, error };
}

/** As in a list, which a few documents would make too long: without the input. */
export function listedRecord(record: FlowRecord): FlowRecord {
  return { ...shownRecord(record), input: "" };
}

/** Whether it is not ended, and not held either. */
export function isGoing({ status }: Pick<FlowRecord, "status">): boolean {
  return status === "RUNNING" || status === "WAITING";
}
