import type { LedgerFault } from "@stateset/ledger";
import { LIGHT_CLIENT_SENTENCES } from "./light-client-sentences.ts";
import { factsInWords, type Sentences } from "./sentences.ts";

export const LEDGER_SENTENCES: Sentences<LedgerFault> = {
  "party/bad-lei": ({ lei, reason }) => `${lei} is no LEI: wrong ${reason.replace("-", " ")}`,
  "party/bad-key": ({ name }) => `The key of ${name} is no well-formed tree`,
  "party/bad-name": ({ name, reason }) => `${name} is no X.500 name as it is written: ${reason}`,
  "amount/currency-mismatch": ({ left, right }) =>
    `Amounts in ${left} and ${right} cannot be added up`,
  "amount/out-of-range": ({ minorUnits }) =>
    `An amount of ${minorUnits} minor units is below zero or too large`,
  "tx/too-large": ({ bytes, max }) => `The transaction has ${bytes} bytes, at most ${max} it may`,
  "tx/malformed": ({ reason }) => `The bytes are no transaction: ${reason}`,
  "tx/component-count": ({ group, found, min, max }) =>
    `The group ${group} has ${found} components, not ${min} to ${max}`,
  "tx/component-malformed": ({ group, index, reason }) =>
    `Component ${index} of ${group} is malformed: ${reason}`,
  "tx/not-open": (fault) =>
    "index" in fault
      ? `Component ${fault.index} of ${fault.group} is not shown`
      : `The group ${fault.group} is not shown`,
  "tx/leaf-mismatch": ({ keyId }) =>
    `What key ${keyId} opens is another component than the transaction has`,
  "tx/cannot-open": ({ keyId }) => `A sealed component does not open with key ${keyId}`,
  "tx/cannot-unwrap": ({ keyId }) => `Key ${keyId} was wrapped for another node or component`,
  "tx/bad-encryption-key": () => "A recipient's encryption key is no X25519 key to encrypt for",
  "tx/unsorted": ({ group, index }) =>
    `Component ${index} of ${group} is out of order or stands twice`,
  "tx/input-also-reference": ({ ref }) => `State ${ref} is both input and reference`,
  "tx/references-without-input": () => "There are references, but nothing is spent",
  "tx/empty": () => "The transaction spends nothing and creates nothing",
  "tx/header-count": ({ outputs, headers }) => `There are ${headers} headers to ${outputs} outputs`,
  "tx/header-notary": ({ output, expected, found }) =>
    `Output ${output} is under notary ${found}, the transaction under ${expected}`,
  "tx/header-authority": ({ output }) =>
    `The header of output ${output} has another authority than its contract declares`,
  "tx/header-encumbrance": ({ output, reason }) =>
    `The header of output ${output} is encumbered wrongly: ${reason}`,
  "tx/authority-malformed": ({ output, reason }) =>
    `Nobody could spend output ${output} for sure: ${reason}`,
  "tx/encumbrance-broken": ({ ref, missing }) =>
    `State ${ref} can only be spent together with ${missing}`,
  "tx/wrong-network": ({ expected, found }) =>
    `The transaction is of network ${found}, not ${expected}`,
  "tx/wrong-notary": ({ ref, expected, found }) =>
    `State ${ref} is under notary ${found}, the transaction under ${expected}`,
  "tx/wrong-parameters": ({ found }) => `The network's parameters ${found} are not known here`,
  "tx/empty-time-window": ({ from, until }) =>
    `The time window from ${from} until ${until} contains no time`,
  "tx/state-unresolved": ({ ref }) => `State ${ref} is not known here`,
  "tx/attachment-missing": (fault) =>
    "bundle" in fault
      ? `The bundle ${fault.bundle} of contract ${fault.contract} is not here`
      : `Contract ${fault.contract} has no attachment`,
  "tx/attachment-unused": ({ contract }) => `Nothing needs the attached contract ${contract}`,
  "tx/attachment-duplicate": ({ contract }) => `Contract ${contract} is attached twice`,
  "tx/attachment-mismatch": ({ contract, reason }) =>
    `What is attached is not contract ${contract}: ${reason}`,
  "tx/constraint-violated": ({ contract, state, reason }) =>
    `State ${state} does not admit the bundle of ${contract}: ${reason}`,
  "tx/constraint-changed": ({ contract, output }) =>
    `Output ${output} changes which bundles of ${contract} it admits`,
  "tx/unknown-state-type": ({ contract, type }) => `Contract ${contract} has no state ${type}`,
  "tx/unknown-command": ({ contract, command }) => `Contract ${contract} has no command ${command}`,
  "tx/state-malformed": ({ contract, state, reason }) =>
    `State ${state} does not fit its schema in ${contract}: ${reason}`,
  "tx/party-unregistered": ({ output, name }) =>
    `Output ${output} names ${name} otherwise than the network map does`,
  "tx/holder-unproven": ({ output, identity, reason }) =>
    `${identity} has not agreed to hold output ${output} by its key: ${reason}`,
  "tx/command-malformed": ({ contract, command, reason }) =>
    `Command ${contract}/${command} does not fit its schema: ${reason}`,
  "tx/command-repeated": ({ contracts }) => `There are two commands of ${contracts.join(", ")}`,
  "tx/outside-time-window": ({ blockTime }) =>
    `The block's time ${blockTime} is outside the transaction's time window`,
  "tx/command-missing": ({ contract }) => `There is no command of contract ${contract}`,
  "tx/too-many-signatures": ({ found, max }) => `${found} keys have signed, at most ${max} may`,
  "tx/signature-invalid": ({ index }) => `Signature ${index} does not hold`,
  "tx/signer-missing": ({ command, signer }) => `${signer} must sign ${command}, and has not`,
  "tx/authority-unsatisfied": ({ ref }) => `Who signed may not spend state ${ref}`,
  "tx/unique-key-owner-missing": ({ kind, owner }) =>
    `The owner ${owner} of the unique key ${kind} has not signed`,
  "tx/unique-keys-differ": () => "The unique keys are not those that the contracts claim",
  // The contract's own sentence is what helps; of the platform's rules the name says it.
  "contract/rule-broken": (fault) => {
    const said = "sentence" in fault ? fault.sentence : `The rule ${fault.rule} does not hold`;
    const words = factsInWords(fault.facts);
    return words === "" ? `${said}` : `${said} (${words})`;
  },
  "contract/failed": ({ contract, reason, detail }) =>
    `Contract ${contract} gave no verdict (${reason}): ${detail}`,
  "bundle/malformed": ({ reason }) => `The bytes are no contract bundle: ${reason}`,
  "bundle/unsafe-authority": ({ state, holders }) =>
    `${holders.join(", ")} together may spend ${state}, but can sign no command that does`,
  "receipt/malformed": ({ reason }) => `The bytes are no receipt: ${reason}`,
  "receipt/untrusted-members": ({ epoch }) =>
    `The receipt is of members, epoch ${epoch}, that are not known here`,
  "receipt/wrong-chain": ({ expected, found }) =>
    `The receipt is of cluster ${found}, not ${expected}`,
  "receipt/not-in-block": ({ id }) => `The receipt does not show ${id} in its block`,
  "receipt/quorum-missing": ({ found, quorum }) =>
    `${found} members have signed the receipt, and ${quorum} must`,
  "receipt/retired-epoch": ({ epoch, current }) =>
    `The receipt's members, epoch ${epoch}, have retired; the current epoch is ${current}`,
  ...LIGHT_CLIENT_SENTENCES,
};
