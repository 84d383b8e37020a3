import { CodecError } from "@stateset/codec";
import {
  decodeNotarisationRequest,
  encodeNotaryAnswer,
  type NetworkHandlers,
  RemoteFailure,
} from "@stateset/flow";
import {
  ABSENCE,
  decodeAbsenceAsked,
  decodeReceiptAsked,
  encodeAbsenceTold,
  encodeReceiptTold,
  NOTARISE,
  RECEIPT,
} from "./notary-messages.ts";
import { asReason } from "./notary-refusal.ts";
import type { NotaryService } from "./notary-service.ts";

/**
 * Answers peers' requests of kind `notary/notarise`, `notary/receipt` and `notary/absence`.
 * @returns a handler that rejects with RemoteFailure `notary/malformed` or `notary/unknown-request`,
 * or as the notary does
 */
export function serveNotary(notary: NotaryService): NetworkHandlers["request"] {
  return async (peer, kind, body) => {
    switch (kind) {
      case NOTARISE: {
        const request = readOrRefuse(decodeNotarisationRequest, body);
        return encodeNotaryAnswer(await notary.notarise(request, peer));
      }
      case RECEIPT: {
        const { id } = readOrRefuse(decodeReceiptAsked, body);
        return encodeReceiptTold(await notary.receipt(id));
      }
      case ABSENCE: {
        const { id, until } = readOrRefuse(decodeAbsenceAsked, body);
        return encodeAbsenceTold(await notary.absence(id, until));
      }
      default:
        throw new RemoteFailure("notary/unknown-request", "a notary has no such request", {
          kind: asReason(kind),
        });
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
