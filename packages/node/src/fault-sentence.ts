import type { FlowFault, StoreFault, VaultFault } from "@stateset/flow";
import type { AccessFault } from "./access/access-error.ts";
import { nearest } from "./nearest.ts";

type Fault = FlowFault | VaultFault | StoreFault | AccessFault;
type Sentences = { readonly [C in Fault["code"]]: (fault: Extract<Fault, { code: C }>) => string };

/** Faults as people read them: what is wrong and, where it is theirs to mend, how. */
const SENTENCES: Sentences = {
  "access/unauthenticated": ({ reason }) => UNAUTHENTICATED[reason],
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
      : `${party} may be ${candidates.join(" or ")}: give the full name`,
  "flow/timed-out": ({ what, afterMs }) => `${what} did not come within ${afterMs} ms`,
  "vault/insufficient": ({ requested, available, setAside }) =>
    `${requested} is asked for, ${available} is free${setAside > 0n ? `, and ${setAside} is set aside for other flows` : ""}`,
  "vault/too-fragmented": ({ requested, statesMax, largest }) =>
    `${requested} takes more than ${statesMax} states; the largest ${statesMax} come to ${largest}`,
  "vault/unknown-table": ({ contract, type, known }) =>
    `There is no state ${contract}/${type}${suggestion(`${contract}/${type}`, known)}; known are ${known.join(", ") || "none"}`,
  "vault/bad-query": ({ field, reason }) => `The query at ${field || "its root"}: ${reason}`,
  "vault/bad-cursor": () => "The cursor is not one that this node gave: begin without it",
  "store/unavailable": ({ reason }) => `The database cannot be used: ${reason}`,
  "store/closed": () => "The node is stopping: try again when it is back",
  "store/client-id-taken": ({ clientId }) => `The client id ${clientId} belongs to another flow`,
};

const UNAUTHENTICATED = {
  "token-missing": "Give a token: Authorization: Bearer …",
  "token-invalid": "The token is not one that this node accepts",
  "token-expired": "The token has expired: get a new one",
  "claims-missing": "The token lacks roles or a user in https://hasura.io/jwt/claims",
} as const;

export function faultSentence(fault: Fault): string {
  return (SENTENCES[fault.code] as (fault: Fault) => string)(fault);
}

function suggestion(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : `: did you mean ${meant}?`;
}
