import type { KeyTree } from "@stateset/codec";
import type {
  IdentityId,
  MemberSet,
  NetworkId,
  NetworkParameters,
  NotaryId,
  ParametersHash,
  Party,
} from "@stateset/ledger";

/** A notary cluster as its clients know it. */
export type NotaryEntry = {
  id: NotaryId;
  name: string;
  /** Whom to send requests to: under which identity each current member's worker answers. */
  identities: readonly IdentityId[];
  kind: "non-validating" | "validating";
  /** The genesis set and those that followed, the current one last. */
  memberSets: readonly MemberSet[];
};

/** Who is on the network, under which keys and rules. Looking up has no effect and does not wait. */
export interface NetworkMap {
  readonly network: NetworkId;
  /** The version that new transactions are made under. */
  readonly current: NetworkParameters;
  parameters(hash: ParametersHash): NetworkParameters | undefined;
  parties(): readonly Party[];
  party(id: IdentityId): Party | undefined;
  /** The key that counts for an identity now. */
  identityKey(id: IdentityId): KeyTree | undefined;
  notaries(): readonly NotaryEntry[];
  notary(id: NotaryId): NotaryEntry | undefined;
}
