import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { fromHex, type Signature } from "@stateset/codec";
import type { Clock } from "@stateset/flow";
import type { TransactionId } from "@stateset/ledger";
import type {
  Chain,
  ChainBlock,
  ChainMemberSets,
  ChainPlace,
  ChainRequest,
  ChainTip,
  Places,
  Submission,
} from "../worker/chain.ts";
import { ChainError } from "./chain-error.ts";
import { EventStream } from "./event-stream.ts";
import { MsgSignMemberSetSchema } from "./generated/stateset/members/v1/tx_pb.js";
import { PlaceSchema, RequestSchema } from "./generated/stateset/notary/v1/notary_pb.js";
import { MsgNotariseSchema } from "./generated/stateset/notary/v1/tx_pb.js";
import { MemberRpc } from "./member-rpc.ts";
import { PendingBatches } from "./pending-batches.ts";
import { BLOCK, MEMBER_SETS, MEMBERS_NOW, PLACES, TIP } from "./queries.ts";
import { readBlock, readMemberSets, readPlace, readTip } from "./read-answers.ts";
import { Sender, type Signed } from "./sender.ts";
import type { TransactionSigner } from "./sign-transaction.ts";

export type MemberChainOptions = {
  /** Of the member's CometBFT RPC, such as http://127.0.0.1:26657. */
  url: string;
  /** The worker's key, whose account submits. */
  signer: TransactionSigner;
  clock: Clock;
  gasLimit?: bigint;
};

const NEW_BLOCK = "tm.event='NewBlockHeader'";

/**
 * The chain through one member's CometBFT: questions and transactions over HTTP, blocks and results
 * as events. Where the events break off, what waits for them is left open, and whoever waits for
 * blocks is told of the newest once they are back.
 */
export class MemberChain implements Chain {
  readonly #rpc: MemberRpc;
  readonly #sender: Sender;
  readonly #pending: PendingBatches;
  readonly #events: EventStream;
  readonly #listeners = new Set<(tip: ChainTip) => void>();
  #isUp = false;
  /** Of the newest block told of; 0 before the first. */
  #chainTime = 0;
  #looking: "no" | "once" | "again" = "no";

  constructor({ url, clock, ...options }: MemberChainOptions) {
    this.#rpc = new MemberRpc({ url });
    this.#sender = new Sender({ rpc: this.#rpc, ...options });
    this.#pending = new PendingBatches(clock);
    // Told of transactions that fail as well, which those by their sender are not.
    const ownTransactions = `tm.event='Tx' AND tx.fee_payer='${this.#sender.address}'`;
    this.#events = new EventStream({
      url: webSocketUrl(url),
      queries: [NEW_BLOCK, ownTransactions],
      clock,
      onUp: () => {
        this.#isUp = true;
        this.#look();
      },
      onDown: () => {
        this.#isUp = false;
        this.#pending.onDown();
      },
      onEvent: (query, data) => {
        if (query === 0) this.#onBlockTime(data.at("value", "header", "time").time());
        else this.#pending.onTransaction(data.at("value", "TxResult"));
      },
    });
  }

  async submit(requests: readonly ChainRequest[]): Promise<Submission> {
    // Without events the verdicts would never be heard of.
    if (!this.#isUp) throw new ChainError({ code: "chain/unreachable", reason: "no events" });
    const message = create(MsgNotariseSchema, {
      worker: this.#sender.address,
      requests: requests.map(({ shown, created, requester }) =>
        create(RequestSchema, {
          shown,
          created: created.map(placeMessage),
          ...(requester === undefined ? {} : { requester: fromHex(requester) }),
        }),
      ),
    });
    const { transaction, timeout } = await this.#sign(MsgNotariseSchema, message);
    const { verdicts, forget } = this.#pending.expect(transaction, timeout);
    try {
      await this.#rpc.broadcast(transaction);
    } catch (error) {
      forget();
      throw error;
    }
    return { verdicts };
  }

  async places(ids: readonly TransactionId[]): Promise<Places> {
    const told = await this.#rpc.query(PLACES, { ids: ids.map(fromHex) });
    if (told.places.length !== ids.length) {
      const reason = `${told.places.length} places for ${ids.length} ids`;
      throw new ChainError({ code: "chain/answer-malformed", what: PLACES.path, reason });
    }
    return {
      places: told.places.map(readPlace),
      chainHeight: Number(told.chainHeight),
      chainTime: Number(told.chainTime),
      height: Number(told.height),
    };
  }

  async block(height: number): Promise<ChainBlock | undefined> {
    const { block, ids } = await this.#rpc.query(BLOCK, { height: BigInt(height) });
    return block === undefined ? undefined : readBlock(block, ids);
  }

  async blockTime(chainHeight: number): Promise<number | undefined> {
    return await this.#rpc.blockTime(chainHeight);
  }

  async tip(): Promise<ChainTip> {
    const tip = readTip(await this.#rpc.query(TIP, {}));
    this.#chainTime = Math.max(this.#chainTime, tip.chainTime);
    return tip;
  }

  async memberSets(afterEpoch: number): Promise<ChainMemberSets> {
    const [{ sets }, { pending }] = await Promise.all([
      this.#rpc.query(MEMBER_SETS, { fromEpoch: BigInt(afterEpoch + 1) }),
      this.#rpc.query(MEMBERS_NOW, {}),
    ]);
    return readMemberSets(sets, pending);
  }

  /** Taken by the member; whether a block takes it, the next look at the sets tells. */
  async signMemberSet(epoch: number, signature: Signature): Promise<void> {
    if (signature.kind === "composite") throw new Error("a worker signs with one key");
    const message = create(MsgSignMemberSetSchema, {
      worker: this.#sender.address,
      epoch: BigInt(epoch),
      signature: fromHex(signature.signature),
    });
    const { transaction } = await this.#sign(MsgSignMemberSetSchema, message);
    await this.#rpc.broadcast(transaction);
  }

  onBlock(listener: (tip: ChainTip) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#events.close();
    this.#pending.onDown();
  }

  async #sign<M extends DescMessage>(schema: M, message: MessageShape<M>): Promise<Signed> {
    if (this.#chainTime === 0) await this.tip();
    return await this.#sender.sign(schema, message, this.#chainTime);
  }

  #onBlockTime(chainTime: number): void {
    this.#chainTime = Math.max(this.#chainTime, chainTime);
    this.#pending.onTime(chainTime);
    this.#look();
  }

  /** One question at a time; of several blocks meanwhile the newest is enough. */
  #look(): void {
    const isLooking = this.#looking !== "no";
    this.#looking = isLooking ? "again" : "once";
    if (isLooking) return;
    this.tip()
      .then((tip) => {
        for (const listener of this.#listeners) listener(tip);
      })
      // A member that does not answer tells of its next block again.
      .catch(() => undefined)
      .finally(() => {
        const isStale = this.#looking === "again";
        this.#looking = "no";
        if (isStale) this.#look();
      });
  }
}

function placeMessage(place: ChainPlace | undefined) {
  if (place === undefined) return create(PlaceSchema, {});
  const { height, index, size, path } = place;
  return create(PlaceSchema, {
    height: BigInt(height),
    index,
    size,
    path: Uint8Array.from(path.flatMap((sibling) => [...fromHex(sibling)])),
  });
}

function webSocketUrl(url: string): string {
  const socketUrl = new URL("/websocket", url);
  socketUrl.protocol = socketUrl.protocol === "https:" ? "wss:" : "ws:";
  return socketUrl.href;
}
