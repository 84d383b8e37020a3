import type { SecretKey } from "@stateset/codec";
import type { Holder, Party } from "@stateset/ledger";
import type { GuestValue } from "@stateset/ledger/contract";

/** A company in drafts: what it is registered as, and the key that it signs with. */
export type DraftParty = {
  party: Party;
  key: SecretKey;
  /** As states name it, with a one-time key of its own each time. */
  holder(): Holder;
};

export type StateFields = { readonly [field: string]: GuestValue };
export type DraftState = { contract: string; type: string; state: StateFields };

export type DraftCommand = {
  contract: string;
  name: string;
  data: StateFields;
  signers: readonly DraftParty[];
};

/** A transaction before it is built, in which anything can still be changed. */
export type Draft = {
  inputs: readonly DraftState[];
  outputs: readonly DraftState[];
  references?: readonly DraftState[];
  /** What it is about. */
  command: DraftCommand;
  /** Of the other contracts with states in it. */
  others?: readonly DraftCommand[];
  timeWindow?: { from?: number; until?: number };
  /** Listed as a signer, and does not sign. */
  withoutSignatureOf?: DraftParty;
};

/** A draft that must be valid, and what of it may be otherwise. */
export type LegalDraft = {
  /** Behind the command's name. */
  says?: string;
  draft: Draft;
  /** Of each of its contract's states that it spends: from which statuses the command may be given. */
  from?: { readonly [type: string]: readonly string[] };
  /** The status that an update leads to, where it depends on the one that it comes from. */
  to?: { readonly [from: string]: string };
  /** What refuses another status. */
  statusRule?: string;
  /** Fields of new and changed states that may as well have another value. */
  free?: { readonly [type: string]: readonly string[] };
};
