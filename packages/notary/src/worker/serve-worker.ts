import { CodecError } from "@stateset/codec";
import { type NetworkHandlers, RemoteFailure } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import { asReason } from "../notary-refusal.ts";
import { serveNotary } from "../serve-notary.ts";
import type { ClusterWorker } from "./cluster-worker.ts";
import type { Peers } from "./peers.ts";
import {
  ABSENCE_SIGNATURE,
  BLOCK_SIGNATURE,
  decodeAbsenceQuestion,
  decodeBlockAsked,
  encodeSignatureTold,
} from "./worker-messages.ts";

/**
 * Answers what every notary does, and to workers of the cluster what they need for receipts.
 * @returns a handler that rejects with RemoteFailure `notary/not-a-member`, or as the worker does
 */
export function serveWorker(
  worker: ClusterWorker,
  identityOf: Peers["identityOf"],
): NetworkHandlers["request"] {
  const serve = serveNotary(worker);
  const assertMember = (peer: IdentityId): void => {
    const { members, epoch } = worker.memberSet;
    if (members.some((key) => identityOf(key) === peer)) return;
    const message = "signatures are for members of the cluster alone";
    throw new RemoteFailure("notary/not-a-member", message, { epoch });
  };
  return async (peer, kind, body) => {
    switch (kind) {
      case BLOCK_SIGNATURE: {
        assertMember(peer);
        const height = readOrRefuse(decodeBlockAsked, body);
        return encodeSignatureTold(await worker.signBlock(height));
      }
      case ABSENCE_SIGNATURE: {
        assertMember(peer);
        const question = readOrRefuse(decodeAbsenceQuestion, body);
        return encodeSignatureTold(await worker.signAbsence(question));
      }
      default:
        return await serve(peer, kind, body);
    }
  };
}

function readOrRefuse<T>(read: (body: Uint8Array) => T, body: Uint8Array): T {
  try {
    return read(body);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const reason = asReason(error.message);
    throw new RemoteFailure("notary/malformed", `The request is malformed: ${reason}`, { reason });
  }
}
