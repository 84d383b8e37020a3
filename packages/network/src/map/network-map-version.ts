import { isKeyTree, type KeyTree, keyId } from "@stateset/codec";
import type { NetworkMap, NotaryEntry } from "@stateset/flow";
import {
  followMemberSets,
  hashMemberSet,
  hashParameters,
  type IdentityId,
  LedgerError,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type ParametersHash,
  type Party,
  registerParty,
} from "@stateset/ledger";
import type { PeerEntry } from "../peer-directory.ts";
import { networkIdOf } from "./genesis.ts";
import { NetworkMapError } from "./network-map-error.ts";
import type { NetworkMapContent } from "./network-map-file.ts";

type Entry = { party: Party; key: KeyTree; peer: PeerEntry };
type PartyEntry = NetworkMapContent["parties"][number];
type Notary = NetworkMapContent["notaries"][number];

/** One version of the network map, its entries checked against each other. Never changes. */
export class NetworkMapVersion implements NetworkMap {
  readonly network: NetworkId;
  readonly serial: number;
  readonly rootCertificate: Uint8Array;
  readonly current: NetworkParameters;
  readonly #parameters = new Map<ParametersHash, NetworkParameters>();
  readonly #entries = new Map<IdentityId, Entry>();
  readonly #parties: readonly Party[];
  readonly #notaries = new Map<NotaryId, NotaryEntry>();

  /** @throws NetworkMapError `network-map/inconsistent` */
  constructor(content: NetworkMapContent) {
    this.network = networkIdOf(content.genesis);
    this.serial = content.serial;
    this.rootCertificate = content.genesis.rootCertificate;
    for (const parameters of content.parameters) this.#addParameters(parameters);
    this.current = this.#currentOf(content.current);
    for (const entry of content.parties) this.#addParty(entry);
    this.#parties = [...this.#entries.values()].map(({ party }) => party);
    assertDistinct(
      "name",
      this.#parties.map(({ name }) => name),
    );
    assertDistinct(
      "tlsKey",
      content.parties.map(({ tlsKey }) => keyId(tlsKey)),
    );
    for (const notary of content.notaries) this.#addNotary(notary);
  }

  parameters(hash: ParametersHash): NetworkParameters | undefined {
    return this.#parameters.get(hash);
  }

  parties(): readonly Party[] {
    return this.#parties;
  }

  party(id: IdentityId): Party | undefined {
    return this.#entries.get(id)?.party;
  }

  identityKey(id: IdentityId): KeyTree | undefined {
    return this.#entries.get(id)?.key;
  }

  peer(id: IdentityId): PeerEntry | undefined {
    return this.#entries.get(id)?.peer;
  }

  notaries(): readonly NotaryEntry[] {
    return [...this.#notaries.values()];
  }

  notary(id: NotaryId): NotaryEntry | undefined {
    return this.#notaries.get(id);
  }

  /**
   * That this version may follow an earlier one: it is newer, and still has all that transactions
   * made under earlier versions are checked against.
   * @throws NetworkMapError `network-map/outdated`, `network-map/history-changed`
   */
  assertFollows(earlier: NetworkMapVersion): void {
    if (this.serial <= earlier.serial)
      throw new NetworkMapError({
        code: "network-map/outdated",
        current: earlier.serial,
        found: this.serial,
      });
    for (const hash of earlier.#parameters.keys())
      if (!this.#parameters.has(hash)) throw historyChanged(`parameters ${hash}`);
    for (const { id, memberSets } of earlier.notaries()) {
      const sets = this.notary(id)?.memberSets ?? [];
      const isKept = memberSets.every((set, epoch) => {
        const kept = sets[epoch];
        return kept !== undefined && hashMemberSet(kept) === hashMemberSet(set);
      });
      if (!isKept) throw historyChanged(`notary ${id}`);
    }
  }

  #addParameters(parameters: NetworkParameters): void {
    const hash = hashParameters(parameters);
    const what = `parameters ${hash}`;
    if (parameters.network !== this.network) throw inconsistent(what, "they are another network's");
    const last = [...this.#parameters.values()].at(-1);
    if (last !== undefined && parameters.epoch <= last.epoch)
      throw inconsistent(what, "their epoch does not follow the one before");
    this.#parameters.set(hash, parameters);
  }

  #currentOf(hash: ParametersHash): NetworkParameters {
    const current = this.#parameters.get(hash);
    if (current === undefined) throw inconsistent("current", "it is not among the parameters");
    return current;
  }

  #addParty({ registration, key, tlsKey, address }: PartyEntry): void {
    const { name } = registration;
    if (registration.network !== this.network)
      throw inconsistent(name, "it is registered with another network");
    if (!isKeyTree(key)) throw inconsistent(name, "its key is not valid");
    if (tlsKey.kind !== "ed25519") throw inconsistent(name, "its TLS key is not Ed25519");
    const party = partyOf(registration);
    if (this.#entries.has(party.id)) throw inconsistent(name, "it stands twice");
    const peer = { tlsKey, ...(address === undefined ? {} : { address }) };
    this.#entries.set(party.id, { party, key, peer });
  }

  #addNotary({ id, name, identities, kind, genesis, changes }: Notary): void {
    if (this.#notaries.has(id)) throw inconsistent(name, "it stands twice");
    if (!identities.every((identity) => this.#entries.has(identity)))
      throw inconsistent(name, "an identity of it is not on the map");
    if (new Set(identities).size < identities.length)
      throw inconsistent(name, "an identity of it stands twice");
    if (genesis.cluster !== id || genesis.epoch !== 0)
      throw inconsistent(name, "its first member set is not its own");
    const memberSets = followMemberSets(this.network, genesis, changes);
    if (memberSets.length !== changes.length + 1)
      throw inconsistent(name, "a member set was not agreed to by the one before");
    if (identities.length !== memberSets.at(-1)?.members.length)
      throw inconsistent(name, "it has not one identity for each member");
    this.#notaries.set(id, { id, name, identities, kind, memberSets });
  }
}

function partyOf(registration: PartyEntry["registration"]): Party {
  try {
    return registerParty(registration);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    throw inconsistent(registration.name, error.message);
  }
}

function assertDistinct(what: string, values: readonly string[]): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) throw inconsistent(value, `two parties have this ${what}`);
    seen.add(value);
  }
}

function inconsistent(what: string, reason: string): NetworkMapError {
  return new NetworkMapError({ code: "network-map/inconsistent", what, reason });
}

function historyChanged(what: string): NetworkMapError {
  return new NetworkMapError({ code: "network-map/history-changed", what });
}
