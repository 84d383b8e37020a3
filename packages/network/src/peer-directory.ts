import type { PublicKey } from "@stateset/codec";
import type { IdentityId, NetworkId } from "@stateset/ledger";

export type PeerAddress = { host: string; port: number };

/** How an identity's node is reached, and which key its certificate must have. */
export type PeerEntry = { address?: PeerAddress; tlsKey: PublicKey };

/** Who is on the network and where; asked anew for every connection. The network map is one. */
export interface PeerDirectory {
  readonly network: NetworkId;
  /** DER; every node's certificate leads to it. */
  readonly rootCertificate: Uint8Array;
  peer(identity: IdentityId): PeerEntry | undefined;
  /** Calls back whenever an entry may have changed. @returns what stops it */
  onChange(listener: () => void): () => void;
}
