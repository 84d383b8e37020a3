import type { FlowFault, StoreFault, VaultFault } from "@stateset/flow";
import type { AccessFault } from "../access/access-error.ts";
import { nearest } from "../nearest.ts";
import { CODEC_SENTENCES } from "./codec-sentences.ts";
import { LEDGER_SENTENCES } from "./ledger-sentences.ts";
import { NOTARY_SENTENCES } from "./notary-sentences.ts";
import { factsInWords, type Sentences, strictFacts } from "./sentences.ts";

const NODE_SENTENCES: Sentences<FlowFault | VaultFault | StoreFault | AccessFault> = {
  "access/unauthenticated": ({ reason }) => unauthenticated(reason),
  "access/role-not-allowed": ({ role, allowed }) =>
    `The token does not allow the role ${role}: it allows ${allowed.join(", ")}`,
  "access/forbidden": ({ role, needs }) => `This needs the role ${needs.join(" or ")}, not ${role}`,
  "access/flow-not-allowed": ({ role, flow, claim }) =>
    `The role ${role} may start the flows that the token's claim ${claim} names: not ${flow}`,
  "flow/unknown": ({ flow, known }) =>
    `There is no flow ${flow}${suggestion(flow, known)}; known are ${known.join(", ") || "none"}`,
  "flow/bad-input": ({ flow, field, reason }) =>
    `The input of ${flow} at ${field || "its root"}: ${reason}`,
  "flow/client-id-taken": ({ clientId, flowId }) =>
    `The client id ${clientId} belongs to flow ${flowId}, which has another name or input`,
  "flow/not-found": ({ flowId }) => `There is no flow ${flowId}`,
  "flow/wrong-status": ({ flowId, status, expected }) =>
    `Flow ${flowId} is ${status}; this takes one that is ${expected.join(" or ")}`,
  "flow/too-many": ({ running, max }) =>
    `${running} flows run already, at most ${max} may: try again later`,
  "flow/stopping": () => "The node is stopping: try again when it is back",
  "flow/killed": ({ flowId }) => `Flow ${flowId} was killed`,
  "flow/diverged": ({ flowId, entry, journaled, found }) =>
    `Flow ${flowId} took another course than its journal at entry ${entry}: ${found}, not ${journaled}`,
  "flow/unknown-bundle": ({ flow, bundle }) =>
    `The app ${bundle}, under which a flow ${flow} began, is not installed`,
  "flow/input-unreadable": ({ flowId }) =>
    `What is stored of the input of flow ${flowId} was not sealed by this node's keys`,
  "flow/not-verified": ({ id }) =>
    `The flow has not seen transaction ${id} with all its signatures, and cannot record it`,
  "flow/session-ended": ({ peer, reason }) => `The session with ${peer} ended: ${reason}`,
  "flow/unexpected-message": ({ expected, found }) =>
    `The peer sent ${found} where ${expected} was expected`,
  "flow/message-malformed": ({ message, field, reason }) =>
    `The message ${message} at ${field || "its root"}: ${reason}`,
  "flow/too-large": ({ what, found, max }) => `${what} is ${found}, at most ${max} may be`,
  "flow/peer-restored": ({ peer }) => `The peer ${peer} was restored from a backup`,
  "flow/unknown-party": ({ party, candidates }) =>
    candidates.length === 0
      ? `No party on the network is called ${party}`
      : `${party} is not the name of one party alone; candidates are ${candidates.join(" or ")}: give the full name`,
  "flow/timed-out": ({ what, afterMs }) => `${what} did not come within ${afterMs} ms`,
  "vault/insufficient": ({ requested, available, setAside }) =>
    `${requested} is asked for, ${available} is free${BigInt(setAside) > 0n ? `, and ${setAside} is set aside for other flows` : ""}`,
  "vault/too-fragmented": ({ requested, statesMax, largest }) =>
    `${requested} takes more than ${statesMax} states; the largest ${statesMax} come to ${largest}`,
  "vault/unknown-table": ({ contract, type, known }) =>
    `There is no state ${contract}/${type}${suggestion(`${contract}/${type}`, known)}; known are ${known.join(", ") || "none"}`,
  "vault/bad-query": ({ field, reason }) => `The query at ${field || "its root"}: ${reason}`,
  "vault/bad-cursor": () => "The cursor is not one that this node gave: begin without it",
  "store/unavailable": ({ reason }) => `The database cannot be used: ${reason}`,
  "store/closed": () => "The node is stopping: try again when it is back",
  "store/superseded": () =>
    "Another process has begun to run on the node's database, or it was restored: see to it that only one does, and start the node anew",
  "store/client-id-taken": ({ clientId }) => `The client id ${clientId} belongs to another flow`,
};

type Unauthenticated = Extract<AccessFault, { code: "access/unauthenticated" }>["reason"];

function unauthenticated(reason: Unauthenticated): string {
  switch (reason) {
    case "token-missing":
      return "Give a token: Authorization: Bearer …";
    case "token-invalid":
      return "The token is not one that this node accepts";
    case "token-expired":
      return "The token has expired: get a new one";
    case "claims-missing":
      return "The token lacks roles or a user in https://hasura.io/jwt/claims";
  }
}

const SENTENCES: { readonly [code: string]: (fault: never) => string } = {
  ...NODE_SENTENCES,
  ...LEDGER_SENTENCES,
  ...NOTARY_SENTENCES,
  ...CODEC_SENTENCES,
};

/**
 * A failure as people read it. Facts may come from a store or a peer, and fit their code or not.
 * @param detail what the error says of itself, for codes that have no sentence here
 */
export function faultSentence(code: string, facts: object, detail: string): string {
  // A broken rule goes by its own name.
  const isRule = "rule" in facts && facts.rule === code;
  const kind = isRule ? "contract/rule-broken" : code;
  try {
    const sentence = Object.hasOwn(SENTENCES, kind) ? SENTENCES[kind] : undefined;
    const said = sentence?.(strictFacts(withPlainReason(facts)) as never);
    if (said !== undefined) return said + placeIn(facts);
  } catch {
    // The facts are not those of the code: its own words must do.
  }
  return plainDetail(code, facts, detail);
}

/** What a `CodecError` says, as other errors quote it. */
const CODEC_MESSAGE = /^(codec\/[a-z-]+)(?: at (.+?))?(?:: (\{.*\}))?$/s;

/** A reason that quotes the codec is a message for programs; it becomes a sentence as well. */
function withPlainReason(facts: object): object {
  const { reason } = facts as { reason?: unknown };
  const [, code, at, json = "{}"] = CODEC_MESSAGE.exec(String(reason)) ?? [];
  if (code === undefined) return facts;
  // Where the fault names the field itself, it need not be said twice.
  const path = at === undefined || "field" in facts ? [] : [at];
  return { ...facts, reason: faultSentence(code, { ...parsed(json), path }, code) };
}

/** Where in its document the codec found a fault. */
function placeIn(facts: object): string {
  const { path } = facts as { path?: unknown };
  return Array.isArray(path) && path.length > 0 ? `, at ${path.join(".")}` : "";
}

/** Messages for logs begin with their code and end with their facts, as JSON: neither is a sentence. */
function plainDetail(code: string, facts: object, detail: string): string {
  const at = detail.indexOf(`${code}: `);
  const message = at < 0 ? detail : detail.slice(at + code.length + 2);
  if (message !== code && !/^\{.*\}$/s.test(message)) return message;
  const title = code.replace(/^[^/]*\//, "").replaceAll("-", " ");
  const words = factsInWords(facts);
  return words === "" ? title : `${title} (${words})`;
}

function parsed(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function suggestion(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : ` (did you mean ${meant}?)`;
}
