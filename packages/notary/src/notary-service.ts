import type { NotarisationRequest, Notary, NotaryAnswer } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";

/** A notary that answers others, and keeps with each id who asked for it. */
export interface NotaryService extends Notary {
  notarise(request: NotarisationRequest, requester?: IdentityId): Promise<NotaryAnswer>;
}
