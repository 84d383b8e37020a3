import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { toHex } from "@stateset/codec";
import { ChainError } from "./chain-error.ts";
import { JsonReader } from "./json-reader.ts";

export type MemberRpcOptions = {
  /** Of the member's CometBFT, such as http://127.0.0.1:26657. */
  url: string;
  timeoutMs?: number;
};

/** A query of the chain: its path, and the messages asked and answered with. */
export type ChainQuery<Q extends DescMessage, A extends DescMessage> = {
  path: string;
  asked: Q;
  told: A;
};

const TIMEOUT_MS = 10_000;
/** A sealed block of the most ids that there can be is far smaller. */
const ANSWER_BYTES_MAX = 16 << 20;
const REASON_BYTES_MAX = 256;

/** One member's CometBFT, by JSON-RPC over HTTP. Whatever it answers is checked. */
export class MemberRpc {
  readonly #options: MemberRpcOptions;
  #calls = 0;

  constructor(options: MemberRpcOptions) {
    this.#options = options;
  }

  /** @throws ChainError `chain/refused` or `chain/full` where the member does not take it */
  async broadcast(transaction: Uint8Array): Promise<void> {
    const result = await this.call("broadcast_tx_sync", {
      tx: Buffer.from(transaction).toString("base64"),
    });
    assertTaken(result);
  }

  /** Asks the application's state after the newest block. */
  async query<Q extends DescMessage, A extends DescMessage>(
    { path, asked, told }: ChainQuery<Q, A>,
    question: MessageInitShape<Q>,
  ): Promise<MessageShape<A>> {
    const bytes = await this.queryBytes(path, toBinary(asked, create(asked, question)));
    try {
      return fromBinary(told, bytes);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.slice(0, REASON_BYTES_MAX) : "unknown";
      throw new ChainError({ code: "chain/answer-malformed", what: path, reason }, { cause });
    }
  }

  async queryBytes(path: string, question: Uint8Array): Promise<Uint8Array> {
    const result = await this.call("abci_query", { path, data: toHex(question) });
    assertTaken(result.at("response"));
    return result.at("response", "value").base64(ANSWER_BYTES_MAX);
  }

  /** The chain's id and newest block. */
  async status(): Promise<{ chainId: string; chainHeight: number; isCatchingUp: boolean }> {
    const result = await this.call("status", {});
    return {
      chainId: result.at("node_info", "network").text(),
      chainHeight: result.at("sync_info", "latest_block_height").count(),
      isCatchingUp: result.at("sync_info", "catching_up").isTrue(),
    };
  }

  /** @returns undefined where the member does not have the block, or no longer */
  async blockTime(chainHeight: number): Promise<number | undefined> {
    const result = await this.call("header", { height: String(chainHeight) });
    const header = result.at("header");
    return header.isAbsent() ? undefined : header.at("time").time();
  }

  async call(method: string, params: Record<string, unknown>): Promise<JsonReader> {
    const { url, timeoutMs = TIMEOUT_MS } = this.#options;
    const signal = AbortSignal.timeout(timeoutMs);
    let text: string;
    try {
      const body = JSON.stringify({ jsonrpc: "2.0", id: ++this.#calls, method, params });
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, { method: "POST", body, headers, signal });
      text = await bounded(response, method);
    } catch (cause) {
      if (cause instanceof ChainError) throw cause;
      if (signal.aborted)
        throw new ChainError({ code: "chain/timeout", what: method, afterMs: timeoutMs });
      const reason = cause instanceof Error ? cause.message : "unknown";
      throw new ChainError({ code: "chain/unreachable", reason }, { cause });
    }
    return resultOf(method, text);
  }
}

async function bounded(response: Response, what: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > ANSWER_BYTES_MAX)
      throw new ChainError({ code: "chain/answer-too-large", what, max: ANSWER_BYTES_MAX });
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function resultOf(method: string, text: string): JsonReader {
  let answer: JsonReader;
  try {
    answer = new JsonReader(method, JSON.parse(text));
  } catch {
    throw new ChainError({ code: "chain/answer-malformed", what: method, reason: "no JSON" });
  }
  const error = answer.at("error");
  if (error.isAbsent()) return answer.at("result");
  const reason = `${error.at("message").text(64)}: ${error.at("data").text(REASON_BYTES_MAX)}`;
  // The mempool's own refusals come as errors of the call.
  if (reason.includes("mempool is")) throw new ChainError({ code: "chain/full", reason });
  throw new ChainError({ code: "chain/refused", codespace: "json-rpc", number: 0, reason });
}

/** The SDK's own mempool says so by code. */
const SDK_MEMPOOL_FULL = 20;

function assertTaken(result: JsonReader): void {
  const number = result.at("code").count();
  if (number === 0) return;
  const codespace = result.at("codespace").text();
  const reason = result.at("log").text(REASON_BYTES_MAX);
  if (codespace === "sdk" && number === SDK_MEMPOOL_FULL)
    throw new ChainError({ code: "chain/full", reason });
  throw new ChainError({ code: "chain/refused", codespace, number, reason });
}
