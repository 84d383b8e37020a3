import { create, type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { accountAddress } from "./account.ts";
import { accountNumberOf } from "./account-number.ts";
import type { MemberRpc } from "./member-rpc.ts";
import { signTransaction, type TransactionSigner } from "./sign-transaction.ts";

export type SenderOptions = {
  rpc: MemberRpc;
  signer: TransactionSigner;
  /** Of one transaction. Gas costs nothing here; the block's limit, where there is one, is more. */
  gasLimit?: bigint;
};

const GAS_LIMIT = 1_000_000_000n;
/** Well below the SDK's ten minutes: what no block took in this time is better sent again. */
export const BLOCK_TIMEOUT_MS = 60_000;
const NANOS_PER_MS = 1_000_000n;

/** What is signed, and until which time of the chain a block may take it. */
export type Signed = { transaction: Uint8Array; timeout: number };

/** Signs transactions of the worker's account. */
export class Sender {
  readonly address: string;
  readonly #options: SenderOptions;
  #account: Promise<{ chainId: string; accountNumber: bigint }> | undefined;
  #lastNanos = 0n;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.address = accountAddress(options.signer.publicKey);
  }

  /** @param chainTime of the newest block, since the chain measures the timeout by its own time */
  async sign<M extends DescMessage>(
    schema: M,
    message: MessageShape<M>,
    chainTime: number,
  ): Promise<Signed> {
    const { signer, gasLimit = GAS_LIMIT } = this.#options;
    const { chainId, accountNumber } = await this.#known();
    const timeout = chainTime + BLOCK_TIMEOUT_MS;
    // The chain takes each time once from an account.
    const nanos = BigInt(timeout) * NANOS_PER_MS;
    this.#lastNanos = nanos > this.#lastNanos ? nanos : this.#lastNanos + 1n;
    const terms = { chainId, accountNumber, gasLimit, timeoutNanos: this.#lastNanos };
    // The SDK's names of types have no host before the slash.
    const typeUrl = `/${schema.typeName}`;
    const any = create(AnySchema, { typeUrl, value: toBinary(schema, message) });
    return { transaction: await signTransaction(any, signer, terms), timeout };
  }

  async #known() {
    const { rpc } = this.#options;
    this.#account ??= Promise.all([rpc.status(), accountNumberOf(rpc, this.address)]).then(
      ([{ chainId }, accountNumber]) => ({ chainId, accountNumber }),
    );
    try {
      return await this.#account;
    } catch (error) {
      this.#account = undefined;
      throw error;
    }
  }
}
