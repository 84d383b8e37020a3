import type { LightClientFault } from "@stateset/ledger/light-client";
import type { Sentences } from "./sentences.ts";

export const LIGHT_CLIENT_SENTENCES: Sentences<LightClientFault> = {
  "light-client/malformed": ({ what, reason }) =>
    `The chain's ${what} cannot be read as such: ${reason}`,
  "light-client/wrong-chain": ({ expected, found }) =>
    `The header is of chain ${found}, not ${expected}`,
  "light-client/validators-mismatch": ({ of, expected, found }) =>
    `The validators have hash ${found}, and the ${of === "header" ? "" : "trusted "}header names ${expected}`,
  "light-client/commit-mismatch": ({ what, expected, found }) =>
    `The commit is not the header's: its ${what} is ${found}, not ${expected}`,
  "light-client/signature-invalid": ({ index, address }) =>
    `Vote ${index} of the commit, by validator ${address}, is not signed by it`,
  "light-client/power-missing": ({ of, found, needed }) =>
    `${of === "header" ? "Validators" : "Trusted validators"} with power ${found} have signed the header, and ${needed} is needed`,
  "light-client/not-later": ({ what, trusted, found }) =>
    `The header's ${what === "height" ? "height" : "time"} ${found} is not after the trusted one's, ${trusted}`,
  "light-client/expired": ({ trustingPeriodMs }) =>
    `The trusted header is older than the trusting period of ${trustingPeriodMs} ms`,
  "light-client/from-the-future": ({ clockDriftMs }) =>
    `The header's time is more than ${clockDriftMs} ms ahead of the clock here`,
  "light-client/proof-unsound": ({ reason }) => `The proof proves nothing: ${reason}`,
  "light-client/proof-mismatch": ({ what }) =>
    `The proof is another one than was asked for: its ${what} differs`,
  "light-client/not-absent": ({ reason }) =>
    `The proof does not show that the key is absent: ${reason}`,
};
