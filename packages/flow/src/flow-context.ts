import type { Infer, Schema } from "@stateset/codec";
import type {
  GoverningContract,
  Holder,
  IdentityId,
  Leaf,
  NotaryId,
  Output,
  PartlyVerifiedTransaction,
  Party,
  PrivateComponent,
  Receipt,
  SignedTransaction,
  StateRef,
  Transaction,
  TransactionBuilder,
  TransactionId,
  TransactionSignature,
  VerifiedTransaction,
  WrappedKey,
} from "@stateset/ledger";
import type { KeyRef } from "./ports/keys.ts";
import type { CoinClaim, VaultPage, VaultQuery } from "./ports/vault.ts";
import type { MessageOf, Protocol } from "./protocol.ts";

/** The version of this interface that flow bundles are built against. */
export const FLOW_API_VERSION = 1;

/**
 * All that a flow can do to the world. Every effect goes through here and is journaled, so that
 * after a crash the flow is run again from its beginning and finds itself where it was. Between
 * effects a flow must be a function of what they returned: no clock, randomness or I/O of its own,
 * and one effect at a time.
 */
export interface FlowContext {
  readonly id: string;
  /** This node's identity. */
  readonly self: Party;
  /** Who started the flow: a user of the node, or for a responder the peer's identity. */
  readonly startedBy: string;

  /** Says what the flow is doing, to whoever watches. */
  progress(step: string): void;
  now(): Promise<number>;
  /** Random bytes that follow from the flow's secret seed: the same after every restart. */
  random(bytes: number): Uint8Array;
  uuid(): string;
  sleep(ms: number): Promise<void>;
  /** Runs at least once; the id is the same each time, for the other side to de-duplicate by. */
  external<T>(name: string, run: (deduplicationId: string) => Promise<T>): Promise<T>;
  /** Runs another flow as part of this one, in its journal. */
  call<I, R>(
    flow: { name: string; run(flow: FlowContext, input: I): Promise<R> },
    input: I,
  ): Promise<R>;

  /**
   * The party of an identity id, an X.500 name, or an organisation's name that only one has.
   * @throws FlowError `flow/unknown-party`
   */
  party(name: string): Promise<Party>;
  /** A session with a party; the responder to the protocol is started at its node. */
  open<P extends Protocol>(protocol: P, party: IdentityId): Promise<Session<P, "initiator">>;

  /** The notary of new transactions. */
  notary(): Promise<NotaryId>;
  /**
   * A transaction under the current parameters, with nonces from the flow's seed. Its window ends;
   * where it is dated it also begins, a little before now, so that contracts know the day.
   */
  build(options?: { isDated?: boolean }): Promise<TransactionBuilder>;
  /** The installed bundle of a contract, for building with. */
  governing<C extends { name: string }>(contract: C): Promise<GoverningContract<C>>;
  /** A new holder of this node's identity, with a one-time key. */
  holder(): Promise<Holder>;
  query(query: VaultQuery): Promise<VaultPage>;
  /** Sets coins aside until the flow ends. @throws VaultError `vault/insufficient` */
  claim(claim: Omit<CoinClaim, "flowId">): Promise<OwnState[]>;
  /** States that this node has recorded. @throws FlowFailure `ledger/state-unknown` */
  states(refs: readonly StateRef[]): Promise<OwnState[]>;
  /**
   * A transaction that this node has recorded, with its receipt; its private components as hashes.
   * @throws FlowFailure `ledger/transaction-unknown`
   */
  recorded(id: TransactionId): Promise<{ signed: SignedTransaction; receipt: Receipt }>;
  /** This node's X25519 key in hexadecimal, for others to wrap content keys for; always the same. */
  encryptionKey(): string;
  /**
   * The same transaction with each open private component sealed under a content key of its own,
   * and these keys wrapped for the recipients: `wrapped[i]` for `to[i]`. This node's own wrapped
   * copies go along with the flow's next commit.
   * @throws FlowFailure `flow/bad-encryption-key`
   */
  sealPrivate(transaction: Transaction, to: readonly Recipient[]): Promise<SealedForParties>;
  /**
   * The private components that can be read: those sealed, whose keys came, and those that are
   * open. The wrapped keys go along with the flow's next commit.
   * @throws FlowFailure `tx/cannot-unwrap`, `tx/cannot-open`, `tx/leaf-mismatch`,
   * `tx/component-malformed`
   */
  openPrivate(transaction: Transaction, wrapped: readonly WrappedKey[]): Promise<OpenedComponent[]>;
  /** Signs, and from then on the flow cannot end without knowing whether it was notarised. */
  sign(transaction: Transaction, by: readonly KeyRef[]): Promise<TransactionSignature[]>;
  /** Lets a party fetch the history of a transaction that it is sent. */
  tickets(signed: SignedTransaction, party: IdentityId): HistoryTicket[];
  /**
   * Checks a transaction whole: form, history, contracts, signatures. History that this node lacks
   * is fetched from the peer. With `isPartial` signatures may still be missing, and are named; those
   * that are there must be valid. What was only ever verified so cannot be recorded.
   * @throws LedgerError, or FlowFailure `history/…`
   */
  verify(
    signed: SignedTransaction,
    options: VerifyOptions & { isPartial: true },
  ): Promise<PartlyVerifiedTransaction>;
  verify(signed: SignedTransaction, options?: VerifyOptions): Promise<VerifiedTransaction>;
  /**
   * Waits as long as the notary is away and the time window open.
   * @throws FlowFailure with the code of the notary's refusal, such as `notary/conflict`;
   * `notary/absent` where the window ended without an answer
   */
  notarise(signed: SignedTransaction): Promise<Receipt>;
  /**
   * The receipt of a transaction that this flow has verified or signed, once its notary has it.
   * @throws FlowFailure `notary/absent` once it never can
   */
  settle(id: TransactionId): Promise<Receipt>;
  /**
   * Checks the receipt and records what `verify` found valid, with what it consumed and created. A
   * transaction that is recorded already stays as it is.
   * @throws FlowError `flow/not-verified`, which holds the flow, where signatures were missing
   */
  record(id: TransactionId, receipt: Receipt): Promise<void>;
}

export type VerifyOptions = {
  /** Who has the history that this node lacks, and the tickets to ask for it with. */
  history?: { peer: IdentityId; tickets: readonly HistoryTicket[] };
  /** Checks as if these keys of ours had signed too, without giving the signatures away. */
  signing?: readonly KeyRef[];
  /** Whether signatures may still be missing. */
  isPartial?: boolean;
};

/** Who may read private components, with the key that it said is its own. */
export type Recipient = { party: IdentityId; encryptionKey: string };

/** A private component that can be read, and the leaf by which a state refers to it. */
export type OpenedComponent = PrivateComponent & { leaf: Leaf };

export type SealedForParties = { transaction: Transaction; wrapped: WrappedKey[][] };

/** A capability: whoever was sent a transaction may fetch those that it builds on. */
export type HistoryTicket = { id: TransactionId; ticket: string };

/** A recorded state of this node, decoded. */
export type OwnState = {
  ref: StateRef;
  output: Output;
  /** Decoded under its contract's schema. */
  state: Record<string, unknown>;
};

export type Side = "initiator" | "responder";
export type OtherSide<S extends Side> = S extends "initiator" ? "responder" : "initiator";

/** A conversation of two flows, in order, whatever happens to nodes and links. */
export interface Session<P extends Protocol = Protocol, S extends Side = Side> {
  readonly peer: Party;
  send<M extends MessageOf<P, S>>(
    message: M,
    content: Infer<P["messages"][M]["schema"]>,
  ): Promise<void>;
  /**
   * Waits for the next message, which must be the one named.
   * @throws FlowFailure what ended the other flow; FlowError `flow/timed-out`
   */
  receive<M extends MessageOf<P, OtherSide<S>>>(
    message: M,
    options?: { timeoutMs?: number },
  ): Promise<Infer<P["messages"][M]["schema"]>>;
}

/** Ends a flow with a code and facts that its counterparties see too. */
export class FlowFailure extends Error {
  readonly code: string;
  readonly facts: Record<string, unknown>;

  constructor(code: string, detail: string, facts: Record<string, unknown> = {}) {
    super(detail);
    this.name = "FlowFailure";
    this.code = code;
    this.facts = facts;
  }
}

/** A flow that users start by name. */
export type FlowDefinition<I extends Schema = Schema, R = unknown> = {
  kind: "flow";
  /** `<app>/<verb>`, such as `cash/pay`. */
  name: string;
  description: string;
  input: I;
  run(flow: FlowContext, input: Infer<I>): Promise<R>;
};

/** A flow that a peer's session starts. */
export type ResponderDefinition<P extends Protocol = Protocol> = {
  kind: "responder";
  protocol: P;
  run(flow: FlowContext, session: Session<P, "responder">): Promise<unknown>;
};

export function defineFlow<I extends Schema, R>(
  flow: Omit<FlowDefinition<I, R>, "kind">,
): FlowDefinition<I, R> {
  return { kind: "flow", ...flow };
}

export function defineResponder<P extends Protocol>(
  protocol: P,
  run: ResponderDefinition<P>["run"],
): ResponderDefinition<P> {
  return { kind: "responder", protocol, run };
}
