import { CodecError, type PublicKey, type Signature } from "@stateset/codec";
import { type Network, RemoteFailure } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import { decodeSignatureTold } from "./worker-messages.ts";

/** The other workers of the cluster, as this one reaches them. */
export type Peers = {
  network: Pick<Network, "request">;
  /** Under which identity the member with this worker key answers. */
  identityOf(workerKey: PublicKey): IdentityId | undefined;
};

/** Longer than a peer waits for its member to have the block. */
const TIMEOUT_MS = 4_000;

/** Asks one other worker for its signature, which may be anything. */
export async function askPeer(
  { network, identityOf }: Peers,
  member: PublicKey,
  kind: string,
  body: Uint8Array,
): Promise<Signature> {
  const identity = identityOf(member);
  if (identity === undefined)
    throw new RemoteFailure("network/unknown-peer", "no identity has this worker key", {
      peer: member.key,
    });
  const told = await network.request(identity, kind, body, { timeoutMs: TIMEOUT_MS });
  try {
    return decodeSignatureTold(told);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const facts = { reason: error.code };
    throw new RemoteFailure("notary/answer-malformed", "the peer's answer is malformed", facts);
  }
}
