import { decode, encode, inKeyOrder, taggedHashBytes, toHex, utf8 } from "@stateset/codec";
import {
  consentPayload,
  type GoverningContract,
  type Holder,
  hashParameters,
  type IdentityId,
  LedgerError,
  type NotaryId,
  openGroup,
  type ParametersHash,
  type PartlyVerifiedTransaction,
  type Party,
  type Receipt,
  receiptSchema,
  type SignedTransaction,
  type StateRef,
  type Transaction,
  TransactionBuilder,
  type TransactionId,
  type TransactionSignature,
  transactionId,
  transactionPayload,
  transactionSignature,
  type VerifiedTransaction,
  type WrappedKey,
} from "@stateset/ledger";
import {
  type FlowContext,
  FlowFailure,
  type HistoryTicket,
  type OpenedComponent,
  type OwnState,
  type Recipient,
  type SealedForParties,
  type Session,
  type VerifyOptions,
} from "../flow-context.ts";
import { FlowError } from "../flow-service.ts";
import type { KeyRef } from "../ports/keys.ts";
import type { CoinClaim, VaultPage, VaultQuery } from "../ports/vault.ts";
import type { Protocol } from "../protocol.ts";
import { FlowSession } from "../session/flow-session.ts";
import { uuidOf } from "../session/session-id.ts";
import type { EngineServices } from "./engine-services.ts";
import type { FlowRun, SignedMark } from "./flow-run.ts";
import { decodeValue, encodeValue } from "./journal.ts";
import type { OpenedSession } from "./journaled-results.ts";
import { awaitSettled, isFinalRefusal, notarise } from "./notarise.ts";
import { openPrivate, type Sealing, sealPrivate } from "./private-components.ts";
import { RunSession } from "./run-session.ts";

/** What the clocks of a node and of its notary may differ by: a window must have begun there too. */
const CLOCKS_DIFFER_MS_MAX = 60_000;
/** Of eight bytes, as the seed is stretched by; a flow never counts as far as to need the first four. */
const counted = new Uint8Array(8);
const countedView = new DataView(counted.buffer);

/** The effects of one run, each journaled or a function of the journal. */
export class RunContext implements FlowContext {
  readonly id: string;
  readonly self: Party;
  readonly startedBy: string;
  readonly #run: FlowRun;
  readonly #on: EngineServices;
  readonly #seed: Uint8Array;
  /** Sessions that a journal shows as open, by id. */
  readonly #prepared: ReadonlyMap<string, FlowSession>;

  constructor(run: FlowRun, on: EngineServices, prepared: ReadonlyMap<string, FlowSession>) {
    const { id, startedBy } = run.record;
    this.id = id;
    this.startedBy = startedBy;
    this.#run = run;
    this.#on = on;
    this.#prepared = prepared;
    this.#seed = taggedHashBytes("node", on.seed, utf8(id));
    this.self = on.map.party(on.keys.identity) as Party;
  }

  progress(step: string): void {
    if (!this.#run.isReplaying) this.#run.setProgress(step);
  }

  async now(): Promise<number> {
    return (await this.#value("now", "", () => this.#on.clock.now())) as number;
  }

  random(bytes: number): Uint8Array {
    const random = new Uint8Array(bytes);
    for (let offset = 0; offset < bytes; offset += 32) {
      countedView.setUint32(4, this.#run.nextCount());
      const block = taggedHashBytes("node", this.#seed, counted);
      random.set(block.subarray(0, Math.min(32, bytes - offset)), offset);
    }
    return random;
  }

  uuid(): string {
    return uuidOf(toHex(this.random(16)));
  }

  async sleep(ms: number): Promise<void> {
    const until = await this.#value("sleep", `${ms}`, () => this.#on.clock.now() + ms);
    await this.#on.waitUntil(this.#run, until as number);
  }

  async external<T>(name: string, run: (deduplicationId: string) => Promise<T>): Promise<T> {
    const id = this.uuid();
    return (await this.#value("external", name, async () => {
      // Another run under another id would be another request to whoever is asked.
      await this.#run.flushRow();
      return await run(id);
    })) as T;
  }

  async call<I, R>(
    flow: { name: string; run(flow: FlowContext, input: I): Promise<R> },
    input: I,
  ): Promise<R> {
    await this.#run.effect("call", flow.name, () => undefined);
    return await flow.run(this, input);
  }

  async party(name: string): Promise<Party> {
    return (await this.#value("party", name, () => this.#on.findParty(name))) as Party;
  }

  async open<P extends Protocol>(protocol: P, party: IdentityId): Promise<Session<P, "initiator">> {
    const peer = this.#on.map.party(party);
    if (peer === undefined)
      throw new FlowError({ code: "flow/unknown-party", party, candidates: [] });
    if (party === this.self.id)
      throw new FlowFailure("flow/session-with-self", "a session is with another party", {});
    const { name, version } = protocol;
    const opened = (await this.#value("open", `${name} ${party}`, () => ({
      id: toHex(this.#on.random(16)),
      peer: party,
      protocol: { name, version },
    }))) as OpenedSession;
    const session =
      this.#prepared.get(opened.id) ?? new FlowSession({ ...opened, side: "initiator" });
    this.#attach(session);
    return new RunSession(session, protocol, peer, this.#run, this.#on) as never;
  }

  async notary(): Promise<NotaryId> {
    return (await this.#value("notary", "", () => this.#on.defaultNotary().id)) as NotaryId;
  }

  async build({ isDated = false }: { isDated?: boolean } = {}): Promise<TransactionBuilder> {
    const { hash, notary, ...window } = (await this.#value("build", isDated ? "dated" : "", () => {
      const now = this.#on.clock.now();
      return {
        hash: hashParameters(this.#on.map.current),
        notary: this.#on.defaultNotary().id,
        ...(isDated ? { from: Math.max(0, now - CLOCKS_DIFFER_MS_MAX) } : {}),
        until: now + this.#on.transactionWindowMs,
      };
    })) as { hash: ParametersHash; notary: NotaryId; from?: number; until: number };
    const parameters = this.#on.map.parameters(hash);
    if (parameters === undefined) throw new Error(`the network map has lost parameters ${hash}`);
    const random = (count: number) => this.random(count);
    return new TransactionBuilder({ parameters, notary, random }).setTimeWindow(window);
  }

  async governing<C extends { name: string }>(contract: C): Promise<GoverningContract<C>> {
    const found = await this.#value("governing", contract.name, () =>
      this.#on.governing(contract.name),
    );
    return { contract, ...(found as Omit<GoverningContract, "contract">) };
  }

  async holder(): Promise<Holder> {
    const { keys, map } = this.#on;
    const blinding = toHex(this.random(32));
    const key = keys.publicKey({ kind: "one-time", blinding });
    const said = { identity: keys.identity, blinding, key };
    const signature = await keys.sign({ kind: "identity" }, consentPayload(map.network, said));
    const simple = signature.kind === "composite" ? signature.signatures : [signature];
    return { ...said, consent: inKeyOrder(simple) };
  }

  async query(query: VaultQuery): Promise<VaultPage> {
    const asked = JSON.stringify(query);
    return (await this.#value("query", asked, () => this.#on.vault.query(query))) as VaultPage;
  }

  async claim(claim: Omit<CoinClaim, "flowId">): Promise<OwnState[]> {
    const { contract, type, quantity, where } = claim;
    const asked = `${contract}/${type} ${quantity} ${JSON.stringify(where)}`;
    const refs = await this.#value("claim", asked, () =>
      this.#on.vault.claim({ ...claim, flowId: this.id }),
    );
    return await this.#on.ledger.states(refs as StateRef[]);
  }

  async states(refs: readonly StateRef[]): Promise<OwnState[]> {
    return await this.#on.ledger.states(refs);
  }

  async recorded(id: TransactionId): Promise<{ signed: SignedTransaction; receipt: Receipt }> {
    return await this.#on.ledger.recorded(id);
  }

  encryptionKey(): string {
    return toHex(this.#on.encryptionKeys.publicKey);
  }

  async sealPrivate(transaction: Transaction, to: readonly Recipient[]): Promise<SealedForParties> {
    return sealPrivate(transaction, to, this.#sealing());
  }

  async openPrivate(
    transaction: Transaction,
    wrapped: readonly WrappedKey[],
  ): Promise<OpenedComponent[]> {
    return openPrivate(transaction, wrapped, this.#sealing());
  }

  async sign(transaction: Transaction, by: readonly KeyRef[]): Promise<TransactionSignature[]> {
    const id = transactionId(transaction);
    const [window] = openGroup(transaction, "timeWindow");
    const [meta] = openGroup(transaction, "meta");
    if (window?.until === undefined || meta === undefined)
      throw new FlowFailure("flow/open-window", "only a transaction whose window ends is signed", {
        id,
      });
    const mark = { until: window.until, notary: meta.notary, at: this.#run.happened + 1 };
    await this.#run.effect("sign", id, () => encodeValue({ id, ...mark }));
    this.#run.signed.set(id, mark);
    return await this.#signatures(id, by);
  }

  tickets({ transaction }: SignedTransaction, party: IdentityId): HistoryTicket[] {
    return this.#on.ledger.tickets(transaction, party);
  }

  verify(
    signed: SignedTransaction,
    options: VerifyOptions & { isPartial: true },
  ): Promise<PartlyVerifiedTransaction>;
  verify(signed: SignedTransaction, options?: VerifyOptions): Promise<VerifiedTransaction>;
  async verify(
    signed: SignedTransaction,
    { history, signing = [], isPartial = false }: VerifyOptions = {},
  ): Promise<PartlyVerifiedTransaction | VerifiedTransaction> {
    const id = transactionId(signed.transaction);
    const { ledger } = this.#on;
    if (signing.length === 0 && !isPartial) {
      const found = await ledger.verify(signed, history);
      this.#run.verified.set(id, found);
      return found.verified;
    }
    const ours = await this.#signatures(id, signing);
    const judged = { ...signed, signatures: [...signed.signatures, ...ours] };
    const partly = await ledger.verifyPartly(judged, history);
    const { missing, ...verified } = partly;
    const [first] = missing;
    if (first === undefined) {
      const found = { verified, signed: judged, isOursUngiven: ours.length > 0 };
      this.#run.verified.set(id, found);
    } else if (!isPartial) throw new LedgerError(first);
    return isPartial ? partly : verified;
  }

  async notarise(signed: SignedTransaction): Promise<Receipt> {
    const id = transactionId(signed.transaction);
    const asked = this.#run.effect("notarise", id, async () => {
      const { at = Number.POSITIVE_INFINITY } = this.#run.signed.get(id) ?? {};
      // Inputs must not be consumed by a transaction that nobody holds. What came after the
      // signature the counterparties say again.
      if (this.#run.durable < at) await this.#run.flush();
      return encode(receiptSchema, await notarise(signed, this.#run, this.#on));
    });
    const result = await asked.catch((error: unknown) => {
      // A replay comes here too: what the notary never takes needs no more asking.
      if (isFinalRefusal(error)) this.#run.signed.delete(id);
      throw error;
    });
    return decode(receiptSchema, result as Uint8Array);
  }

  async settle(id: TransactionId): Promise<Receipt> {
    const result = await this.#run.effect("settle", id, async () => {
      const mark = this.#run.signed.get(id) ?? this.#markOf(id);
      return encode(receiptSchema, await awaitSettled(id, mark, this.#run, this.#on));
    });
    return decode(receiptSchema, result as Uint8Array);
  }

  async record(id: TransactionId, receipt: Receipt): Promise<void> {
    await this.#run.effect("record", id, () => {
      this.#run.write(this.#on.ledger.record(this.#run.verifiedAs(id), receipt));
      return encodeValue(id);
    });
    this.#run.signed.delete(id);
  }

  /** Of a transaction that others signed. */
  #markOf(id: TransactionId): SignedMark {
    const { meta, timeWindow } = this.#run.verifiedAs(id).verified.contents;
    return { until: timeWindow.until ?? Number.POSITIVE_INFINITY, notary: meta.notary, at: 0 };
  }

  async #signatures(id: TransactionId, by: readonly KeyRef[]): Promise<TransactionSignature[]> {
    const { keys, map } = this.#on;
    const payload = transactionPayload(map.network, id);
    const signatures: TransactionSignature[] = [];
    for (const ref of by) signatures.push(transactionSignature(await keys.sign(ref, payload)));
    return signatures;
  }

  #sealing(): Sealing {
    return {
      keys: this.#on.encryptionKeys,
      random: (bytes) => this.random(bytes),
      uuid: () => this.uuid(),
      write: (writes) => this.#run.write(writes),
    };
  }

  #attach(session: FlowSession): void {
    this.#run.attach(session);
    this.#on.attach(session);
  }

  /** An effect whose result is a plain value. */
  async #value(effect: string, args: string, perform: () => unknown): Promise<unknown> {
    const result = await this.#run.effect(effect, args, async () => encodeValue(await perform()));
    return decodeValue(result as Uint8Array);
  }
}
