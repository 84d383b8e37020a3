import type { NotaryFault } from "@stateset/flow";
import type { Sentences } from "./sentences.ts";

/** The notary's faults have their code in `kind`; in problems it stands in `code`. */
type CodedFault = {
  [K in NotaryFault["kind"]]: Omit<Extract<NotaryFault, { kind: K }>, "kind"> & { code: K };
}[NotaryFault["kind"]];

export const NOTARY_SENTENCES: Sentences<CodedFault> = {
  "notary/malformed": ({ reason }) => `The notary cannot read the request: ${reason}`,
  "notary/wrong-network": ({ expected, found }) =>
    `The notary is of network ${expected}, the transaction of ${found}`,
  "notary/wrong-notary": ({ expected, found }) =>
    `The notary is ${expected}, and the transaction or what it spends is under ${found}`,
  "notary/wrong-parameters": ({ expected, found }) =>
    `The transaction was made under the parameters ${found}; the network has ${expected}`,
  "notary/signature-invalid": ({ index }) => `Signature ${index} does not hold`,
  "notary/header-unproven": ({ ref, reason }) =>
    `The header of state ${ref} is not proven: ${reason}`,
  "notary/authority-unsatisfied": ({ ref }) => `Who signed may not spend state ${ref}`,
  "notary/encumbrance-broken": ({ ref, missing }) =>
    `State ${ref} can only be spent together with ${missing}`,
  "notary/owner-missing": ({ keyKind, owner }) =>
    `The owner ${owner} of the unique key ${keyKind} has not signed`,
  "notary/outside-time-window": ({ blockTime, ...window }) =>
    `The transaction came at ${time(blockTime)}, outside its time window${windowText(window)}`,
  "notary/conflict": ({ consumed }) =>
    `Another transaction has spent ${consumed
      .map(({ ref, at }) => `state ${ref} at ${time(at)}`)
      .join(", ")}: make a new one with other states`,
  "notary/unique-key-taken": ({ keyKind, at }) =>
    `Another transaction has the same unique key ${keyKind} since ${time(at)}: what it records was recorded before`,
  "notary/instructions-unsupported": () => "The notary carries out no instructions: leave them out",
  "notary/invalid-transaction": ({ reason }) => `The notary found it invalid: ${reason}`,
  "notary/too-large": ({ what, found, max }) =>
    `The notary takes at most ${max} of ${what}, not ${found}: split the transaction`,
  "notary/overloaded": ({ retryAfterMs }) =>
    `The notary has too much to do: ask again after ${retryAfterMs} ms`,
};

function windowText({ from, until }: { from?: number; until?: number }): string {
  const parts = [
    ...(from === undefined ? [] : [`from ${time(from)}`]),
    ...(until === undefined ? [] : [`until ${time(until)}`]),
  ];
  return parts.length === 0 ? "" : `, ${parts.join(" ")}`;
}

/** A peer's facts may hold any number; an unsayable one throws, and the sentence is not used. */
function time(ms: number): string {
  return new Date(ms).toISOString();
}
