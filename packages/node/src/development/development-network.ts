import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Hash,
  publicKeyOf,
  type SecretKey,
  taggedHash,
  taggedHashBytes,
  toHex,
} from "@stateset/codec";
import { type BuiltContract, buildContract, vmParameters } from "@stateset/contract-vm";
import { leiFromUbl, type UblParty, x500NameFromUbl } from "@stateset/invoice";
import {
  type BundleFile,
  consentToKey,
  formatX500Name,
  type GoverningContract,
  type Holder,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type Party,
  type Registration,
  registerParty,
  signBundle,
  type X500Name,
} from "@stateset/ledger";
import type { Contract } from "@stateset/ledger/contract";

/**
 * A network for trying things out on one machine. Its keys follow from names and protect nothing:
 * whoever knows a party's name can sign for it.
 */
export class DevelopmentNetwork {
  readonly notary = idOf("notary") as string as NotaryId;
  readonly random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
  readonly parameters: NetworkParameters;
  readonly #parties = new Map<string, DevelopmentParty>();

  constructor() {
    this.parameters = {
      network: idOf("network") as string as NetworkId,
      epoch: 0,
      vm: vmParameters(),
      approvedContracts: [],
      contractOwners: ["cash", "invoice"].map((contract) => ({ contract, key: AUTHOR_KEY })),
      uniqueKeySalt: idOf("unique-key salt"),
    };
  }

  /** The party of a name; the same name gives the same party, today and tomorrow. */
  party(name: X500Name, lei?: string): DevelopmentParty {
    const formatted = formatX500Name(name);
    const known = this.#parties.get(`${formatted} ${lei}`);
    if (known !== undefined) return known;
    const key = developmentKey(formatted);
    const registration: Registration = {
      network: this.parameters.network,
      name: formatted,
      key: publicKeyOf(key),
      ...(lei === undefined ? {} : { lei }),
    };
    const party = { party: registerParty(registration), registration, key };
    this.#parties.set(`${formatted} ${lei}`, party);
    return party;
  }

  /** The party that a document names. */
  partyOfUbl(party: UblParty): DevelopmentParty {
    return this.party(x500NameFromUbl(party), leiFromUbl(party));
  }

  get registrations(): Registration[] {
    return [...this.#parties.values()].map(({ registration }) => registration);
  }

  /** The party as holder of a state, with a one-time key that its secret key gives back. */
  holder({ party, key }: DevelopmentParty): { holder: Holder; key: SecretKey } {
    const blinding = this.random(32);
    const secret = taggedHashBytes("development-key", key.secret, blinding);
    const oneTime: SecretKey = { kind: "ed25519", secret };
    const said = { identity: party.id, blinding: toHex(blinding), key: publicKeyOf(oneTime) };
    return { holder: consentToKey(this.parameters.network, said, key), key: oneTime };
  }
}

const AUTHOR = developmentKey("contract author");
const AUTHOR_KEY = publicKeyOf(AUTHOR);

export type DevelopmentParty = { party: Party; registration: Registration; key: SecretKey };

/** A contract of ours, built from its sources and signed with the development key of its author. */
export async function developmentContract(app: "cash" | "invoice"): Promise<{
  built: BuiltContract;
  file: BundleFile;
  governing: GoverningContract<Contract>;
}> {
  const built = await buildContract(appFolder(app));
  const { version } = built.bundle;
  return {
    built,
    file: signBundle(built.bytes, AUTHOR),
    governing: {
      contract: built.contract,
      bundle: built.hash,
      constraint: { kind: "signed", key: AUTHOR_KEY, version },
    },
  };
}

export function developmentKey(name: string): SecretKey {
  const secret = taggedHashBytes("development-key", new TextEncoder().encode(name));
  return { kind: "ed25519", secret };
}

function idOf(what: string): Hash {
  return taggedHash("development-key", new TextEncoder().encode(`development ${what}`));
}

/** Where the sources of an app that comes with this repository lie. */
export function appFolder(app: string): string {
  const contract = fileURLToPath(import.meta.resolve(`@stateset/${app}/contract`));
  return join(dirname(contract), "../..");
}
