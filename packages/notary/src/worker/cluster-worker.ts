import type { Signature } from "@stateset/codec";
import type { Absence, Clock, NotarisationRequest, NotaryAnswer } from "@stateset/flow";
import { encodeNotarisationRequest, RemoteFailure } from "@stateset/flow";
import type { IdentityId, MemberSet, NetworkId, Receipt, TransactionId } from "@stateset/ledger";
import { NotaryRefusal } from "../notary-refusal.ts";
import type { NotaryService } from "../notary-service.ts";
import { openRequest } from "../open-request.ts";
import { Absences } from "./absences.ts";
import { BlockSigner } from "./block-signer.ts";
import type { Chain } from "./chain.ts";
import { MemberSets } from "./member-sets.ts";
import type { Peers } from "./peers.ts";
import { Receipts } from "./receipts.ts";
import { SealedBlocks } from "./sealed-blocks.ts";
import type { SigningRecord } from "./signing-record.ts";
import type { BatchLimits } from "./submission-queue.ts";
import { Submitter } from "./submitter.ts";
import { TipWatch } from "./tip-watch.ts";
import { overloaded, unavailable } from "./unavailable.ts";
import type { WorkerKey } from "./worker-key.ts";
import type { AbsenceQuestion } from "./worker-messages.ts";

export type ClusterWorkerOptions = {
  network: NetworkId;
  /** The member set of epoch 0, which the cluster's id is made of. */
  genesis: MemberSet;
  /** Through the worker's own member. */
  chain: Chain;
  key: WorkerKey;
  peers: Peers;
  record: SigningRecord;
  clock: Clock;
  limits?: BatchLimits;
  /** Noted as who asked where a request comes from this process. */
  identity?: IdentityId;
};

/** Questions after receipts and absences, each of which asks other workers. */
const QUESTIONS_MAX = 1024;
const RETRY_AFTER_MS = 500;

/**
 * The worker beside one member of a cluster. The chain decides; the worker brings requests to it,
 * signs what its own member's chain sealed, and gathers a quorum of such signatures into receipts.
 */
export class ClusterWorker implements NotaryService {
  readonly #options: ClusterWorkerOptions;
  readonly #tips: TipWatch;
  readonly #members: MemberSets;
  readonly #signer: BlockSigner;
  readonly #receipts: Receipts;
  readonly #absences: Absences;
  readonly #submitter: Submitter;
  #questions = 0;
  #isClosed = false;

  constructor(options: ClusterWorkerOptions) {
    this.#options = options;
    const { chain, clock, genesis } = options;
    const tips = new TipWatch(chain, clock);
    const members = new MemberSets(options);
    const blocks = new SealedBlocks(chain, genesis.cluster, tips);
    const signer = new BlockSigner({ ...options, blocks, members });
    this.#tips = tips;
    this.#members = members;
    this.#signer = signer;
    this.#receipts = new Receipts({ ...options, blocks, members, signer });
    this.#absences = new Absences({ ...options, tips, blocks, members });
    this.#submitter = new Submitter(options);
  }

  /** @throws RemoteFailure `notary/unavailable` where it is not known whether it was notarised */
  async notarise(
    request: NotarisationRequest,
    requester: IdentityId | undefined = this.#options.identity,
  ): Promise<NotaryAnswer> {
    this.#assertOpen();
    const retryAfterMs = this.#submitter.overload();
    if (retryAfterMs !== undefined)
      return { kind: "refused", fault: { kind: "notary/overloaded", retryAfterMs } };
    try {
      const { id, inputs, references } = openRequest(request);
      const outcome = await this.#submitter.submit({
        id,
        creators: [...inputs, ...references].map(({ txId }) => txId),
        shown: encodeNotarisationRequest(request),
        requester,
      });
      if (outcome.kind === "refused") return outcome;
      if (outcome.kind === "open") throw unavailable("the chain did not answer", outcome.cause);
      const receipt = await available(this.#receipts.of(id, outcome.height));
      return { kind: "notarised", receipt };
    } catch (error) {
      if (error instanceof NotaryRefusal) return { kind: "refused", fault: error.fault };
      throw error;
    }
  }

  async receipt(id: TransactionId): Promise<Receipt | undefined> {
    return await this.#answer(async () => {
      const { places } = await this.#options.chain.places([id]);
      const [place] = places;
      return place === undefined ? undefined : await this.#receipts.of(id, place.height);
    });
  }

  async absence(id: TransactionId, until: number): Promise<Absence | undefined> {
    return await this.#answer(() => this.#absences.prove(id, until));
  }

  /** For another worker, which gathers a receipt. */
  async signBlock(height: number): Promise<Signature> {
    return await this.#answer(() => this.#signer.sign(height));
  }

  /** For another worker, which proves an absence. */
  async signAbsence(question: AbsenceQuestion): Promise<Signature> {
    return await this.#answer(() => this.#absences.sign(question));
  }

  get memberSet(): MemberSet {
    return this.#members.current;
  }

  /** Takes no more. What was asked is still answered, as long as the chain does. */
  close(): void {
    this.#isClosed = true;
    this.#tips.close();
    this.#members.close();
  }

  async #answer<T>(answer: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    if (this.#questions >= QUESTIONS_MAX) throw overloaded(RETRY_AFTER_MS);
    this.#questions++;
    try {
      return await available(answer());
    } finally {
      this.#questions--;
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw unavailable("the notary is closed");
  }
}

async function available<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RemoteFailure) throw error;
    throw unavailable("the member did not answer", error);
  }
}
