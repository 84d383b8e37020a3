import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { encode, fromHex, publicKeyOf, type SecretKey, sign, toHex } from "@stateset/codec";
import {
  type BlockHeader,
  blockHeaderSchema,
  type MemberSet,
  memberSetPayload,
  memberSetSchema,
  type NetworkId,
  type TransactionId,
} from "@stateset/ledger";
import { seededRandom } from "@stateset/testing";
import { afterEach, expect, test, vi } from "vitest";
import { accountAddress } from "../../src/chain/account.ts";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "../../src/chain/generated/cosmos/tx/v1beta1/tx_pb.js";
import { MsgSignMemberSetSchema } from "../../src/chain/generated/stateset/members/v1/tx_pb.js";
import {
  MsgNotariseResponseSchema,
  MsgNotariseSchema,
} from "../../src/chain/generated/stateset/notary/v1/tx_pb.js";
import { MemberChain } from "../../src/chain/member-chain.ts";
import { BLOCK, MEMBER_SETS, MEMBERS_NOW, PLACES, TIP } from "../../src/chain/queries.ts";
import { encodeVerdict, type Verdict } from "../../src/worker/verdict.ts";
import { type RpcHandler, RpcServer } from "./rpc-server.ts";
import { TestClock } from "./test-clock.ts";

const random = seededRandom("member chain");
const publicKey = random(32);
const signature = random(64);
const TIME = 1_700_000_000_000;
const ID = toHex(random(32)) as TransactionId;
const header: BlockHeader = {
  cluster: toHex(random(32)) as BlockHeader["cluster"],
  height: 3,
  blockTime: TIME,
  memberEpoch: 0,
  memberSetHash: toHex(random(32)) as BlockHeader["memberSetHash"],
  blockRoot: toHex(random(32)) as BlockHeader["blockRoot"],
  historyRoot: toHex(random(32)) as BlockHeader["historyRoot"],
};
const block = { header: encode(blockHeaderSchema, header), chainHeight: 9n };

type Answers = Record<string, Uint8Array | Record<string, unknown>>;

function told<M extends DescMessage>({ told }: { told: M }, init: MessageInitShape<M>): Uint8Array {
  return toBinary(told, create(told, init));
}

const accountInfo = new BinaryWriter()
  .uint32((1 << 3) | 2)
  .bytes(
    new BinaryWriter()
      .uint32(3 << 3)
      .uint64(7)
      .finish(),
  )
  .finish();

const ANSWERS: Answers = {
  status: {
    node_info: { network: "stateset-test" },
    sync_info: { latest_block_height: "9", catching_up: false },
  },
  "/cosmos.auth.v1beta1.Query/AccountInfo": accountInfo,
  [TIP.path]: told(TIP, { block, chainHeight: 11n, chainTime: BigInt(TIME + 5) }),
  broadcast_tx_sync: { code: 0 },
};

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  close = undefined;
});

/** A member that answers so; what is not listed is refused. */
async function start(answers: Answers, handle?: RpcHandler) {
  const all = { ...ANSWERS, ...answers };
  const server = await RpcServer.start((asked) => {
    const special = handle?.(asked);
    if (special !== undefined && special !== "") return special;
    const { method, params } = asked;
    const answer = all[method === "abci_query" ? String(params.path) : method];
    if (answer instanceof Uint8Array)
      return { result: { response: { code: 0, value: Buffer.from(answer).toString("base64") } } };
    return answer === undefined
      ? { error: { code: -32603, message: "Internal error", data: "no such thing" } }
      : { result: answer };
  });
  const clock = new TestClock();
  const signer = { publicKey, sign: vi.fn(async (_: Uint8Array) => signature) };
  const chain = new MemberChain({ url: server.url, clock, signer });
  close = async () => {
    chain.close();
    await server.stop();
  };
  const up = async () => {
    const tip = Promise.withResolvers<unknown>();
    const stop = chain.onBlock(tip.resolve);
    await vi.waitUntil(() => server.subscribed.length === 2, { timeout: 20_000 });
    await tip.promise;
    stop();
  };
  return { server, chain, clock, signer, up };
}

function isTip({ params }: { params: Record<string, unknown> }): boolean {
  return params.path === TIP.path;
}

function broadcasts(server: RpcServer): Uint8Array[] {
  return server.asked.flatMap(({ method, params }) =>
    method === "broadcast_tx_sync" ? [Buffer.from(String(params.tx), "base64")] : [],
  );
}

/** The event of a transaction in a block, as CometBFT writes it. */
function resultOf(transaction: Uint8Array, verdicts: readonly Verdict[]) {
  const response = toBinary(
    MsgNotariseResponseSchema,
    create(MsgNotariseResponseSchema, { verdicts: verdicts.map(encodeVerdict) }),
  );
  const any = new BinaryWriter()
    .uint32((1 << 3) | 2)
    .string("/x")
    .uint32((2 << 3) | 2)
    .bytes(response);
  const data = new BinaryWriter()
    .uint32((2 << 3) | 2)
    .bytes(any.finish())
    .finish();
  return {
    TxResult: {
      height: "12",
      tx: Buffer.from(transaction).toString("base64"),
      result: { data: Buffer.from(data).toString("base64"), log: "", gas_wanted: "5" },
    },
  };
}

const REQUEST = { shown: new Uint8Array([1, 2]), created: [undefined] };
const VERDICT: Verdict = { kind: "notarised", height: 4, index: 0 };

test("a batch is an unordered transaction of the worker's account, and its verdicts are heard", async () => {
  const { server, chain, signer, up } = await start({});
  await up();
  const requester = toHex(random(32)) as never;
  const place = { height: 2, index: 1, size: 3, path: [ID, ID] as never[] };
  const requests = [REQUEST, { ...REQUEST, created: [place, undefined], requester }];
  const { verdicts } = await chain.submit(requests);
  const [transaction] = broadcasts(server) as [Uint8Array];
  const raw = fromBinary(TxRawSchema, transaction);
  expect(raw.signatures.map(toHex)).toEqual([toHex(signature)]);
  const body = fromBinary(TxBodySchema, raw.bodyBytes);
  expect(body).toMatchObject({ unordered: true, memo: "" });
  // The chain's own time, and not ours, with room.
  expect(body.timeoutTimestamp).toMatchObject({ seconds: 1_700_000_060n, nanos: 5_000_000 });
  expect(body.messages[0]?.typeUrl).toBe("/stateset.notary.v1.MsgNotarise");
  const message = anyUnpack(body.messages[0] as never, MsgNotariseSchema);
  expect(message?.worker).toBe(accountAddress(publicKey));
  expect(message?.requests.map(({ created }) => created.map(({ height }) => height))).toEqual([
    [0n],
    [2n, 0n],
  ]);
  expect(message?.requests[1]?.created[0]?.path).toHaveLength(64);
  expect(toHex(message?.requests[1]?.requester ?? new Uint8Array())).toBe(requester);
  const info = fromBinary(AuthInfoSchema, raw.authInfoBytes);
  expect(info.signerInfos[0]).toMatchObject({ sequence: 0n });
  expect(info.fee?.gasLimit).toBeGreaterThan(0n);
  expect(signer.sign).toHaveBeenCalledTimes(1);
  const refused: Verdict = { kind: "refused", fault: { kind: "notary/instructions-unsupported" } };
  server.tell(1, resultOf(new Uint8Array([9]), [VERDICT]));
  server.tell(1, resultOf(transaction, [VERDICT, refused]));
  server.tell(1, resultOf(transaction, [VERDICT]));
  expect(await verdicts).toEqual({ chainHeight: 12, verdicts: [VERDICT, refused] });
});

test("two batches at one time of the chain are two transactions", async () => {
  const { server, chain, up } = await start({});
  await up();
  await Promise.all([chain.submit([REQUEST]), chain.submit([REQUEST])]);
  const [first, second] = broadcasts(server);
  expect(first).toBeDefined();
  expect(first).not.toEqual(second);
});

test("where events break off the outcome is open, and they come back", async () => {
  const { server, chain, clock, up } = await start({});
  await up();
  const { verdicts } = await chain.submit([REQUEST]);
  server.disconnect();
  await expect(verdicts).rejects.toMatchObject({ code: "chain/unreachable" });
  await expect(chain.submit([REQUEST])).rejects.toMatchObject({ code: "chain/unreachable" });
  const tip = Promise.withResolvers<unknown>();
  chain.onBlock(tip.resolve);
  clock.advance(200);
  // Of blocks that came meanwhile the newest is told of without being asked for.
  expect(await tip.promise).toEqual({ chainHeight: 11, chainTime: TIME + 5, height: 3 });
  expect(server.connections).toBe(2);
  const again = await chain.submit([REQUEST]);
  const transaction = broadcasts(server).at(-1) as Uint8Array;
  server.tell(1, resultOf(transaction, [VERDICT]));
  expect(await again.verdicts).toMatchObject({ verdicts: [VERDICT] });
});

test.each<[string, (server: RpcServer) => void]>([
  ["no JSON", (server) => server.tellText("{")],
  ["no event", (server) => server.tellText("[]")],
  ["another subscription", (server) => server.tell(7, {})],
  ["a block without a time", (server) => server.tell(0, { header: { time: "soon" } })],
  ["an end of the subscription", (server) => server.tellText('{"id":0,"error":{"code":1}}')],
])("a member that tells %s is left, and what waits is open", async (_, tell) => {
  const { server, chain, up } = await start({});
  await up();
  const { verdicts } = await chain.submit([REQUEST]);
  tell(server);
  await expect(verdicts).rejects.toMatchObject({ code: "chain/unreachable" });
});

test("a member that tells nothing for long is connected to anew", async () => {
  const { server, clock, up } = await start({});
  await up();
  clock.advance(29_000);
  server.tell(0, { header: { time: "2023-11-14T22:13:21Z" } });
  await vi.waitUntil(() => server.asked.filter(isTip).length === 2, { timeout: 20_000 });
  clock.advance(29_000);
  expect(server.connections).toBe(1);
  clock.advance(1_000);
  clock.advance(200);
  await vi.waitUntil(() => server.connections === 2, { timeout: 20_000 });
});

test("a batch that no block took by its time is given up, and one that fails is refused", async () => {
  const { server, chain, up } = await start({});
  await up();
  const late = await chain.submit([REQUEST]);
  server.tell(0, { header: { time: "2023-11-14T22:14:20.006000001Z" } });
  await expect(late.verdicts).rejects.toMatchObject({ code: "chain/timeout" });
  const failing = await chain.submit([REQUEST]);
  const { TxResult } = resultOf(broadcasts(server).at(-1) as Uint8Array, []);
  const result = { code: 11, codespace: "sdk", log: "out of gas" };
  server.tell(1, { TxResult: { ...TxResult, result } });
  await expect(failing.verdicts).rejects.toMatchObject({
    fault: { code: "chain/refused", codespace: "sdk", number: 11, reason: "out of gas" },
  });
});

test("a chain that stands still leaves a batch open after a while", async () => {
  const { chain, clock, up } = await start({});
  await up();
  const { verdicts } = await chain.submit([REQUEST]);
  clock.advance(20_000);
  await expect(verdicts).rejects.toMatchObject({ code: "chain/timeout" });
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  [
    "the application",
    { result: { code: 5, codespace: "notary", log: "not a worker" } },
    { code: "chain/refused", codespace: "notary", number: 5, reason: "not a worker" },
  ],
  [
    "a full mempool",
    {
      error: { code: -32603, message: "Internal error", data: "mempool is full: number of txs 1" },
    },
    { code: "chain/full" },
  ],
  [
    "the SDK's mempool",
    { result: { code: 20, codespace: "sdk", log: "full" } },
    { code: "chain/full" },
  ],
])("a batch that %s does not take is known not to be", async (_, answer, fault) => {
  const { chain, up } = await start({}, ({ method }) =>
    method === "broadcast_tx_sync" ? (answer as { result: unknown }) : "",
  );
  await up();
  await expect(chain.submit([REQUEST])).rejects.toMatchObject({ fault });
});

test("questions are answered by the member's application", async () => {
  const key: SecretKey = { kind: "ed25519", secret: random(32) };
  const member = publicKeyOf(key);
  const next: MemberSet = { cluster: header.cluster, epoch: 1, quorum: 1, members: [member] };
  const payload = memberSetPayload(toHex(random(32)) as NetworkId, next);
  const agreed = sign(key, payload);
  const canonical = encode(memberSetSchema, next);
  const workerSignature = { workerKey: fromHex(agreed.key), signature: fromHex(agreed.signature) };
  const record = { canonical, signatures: [workerSignature] };
  const { server, chain } = await start({
    [BLOCK.path]: told(BLOCK, { block, ids: fromHex(ID + ID) }),
    [PLACES.path]: told(PLACES, {
      places: [{}, { height: 3n, index: 1, size: 2, path: fromHex(ID) }],
      chainHeight: 11n,
      chainTime: 12n,
      height: 3n,
    }),
    [MEMBER_SETS.path]: told(MEMBER_SETS, { sets: [record] }),
    [MEMBERS_NOW.path]: told(MEMBERS_NOW, { pending: { record } }),
    header: { header: { time: "2023-11-14T22:13:20.0059Z" } },
  });
  expect(await chain.tip()).toEqual({ chainHeight: 11, chainTime: TIME + 5, height: 3 });
  expect(await chain.block(3)).toEqual({ header, ids: [ID, ID], chainHeight: 9 });
  expect(await chain.places([ID, ID])).toEqual({
    places: [undefined, { height: 3, index: 1, size: 2, path: [ID] }],
    chainHeight: 11,
    chainTime: 12,
    height: 3,
  });
  expect(await chain.blockTime(11)).toBe(TIME + 5);
  expect(await chain.memberSets(0)).toEqual({
    changes: [{ next, signatures: [agreed] }],
    pending: { next, signedBy: [member.key] },
  });
  await chain.signMemberSet(1, agreed);
  const raw = fromBinary(TxRawSchema, broadcasts(server)[0] as Uint8Array);
  const { messages } = fromBinary(TxBodySchema, raw.bodyBytes);
  const message = anyUnpack(messages[0] as never, MsgSignMemberSetSchema);
  expect(toHex(message?.signature ?? new Uint8Array())).toBe(agreed.signature);
});

test.each<[string, Answers | RpcHandler, string]>([
  ["bytes that are no message", { [PLACES.path]: new Uint8Array([255]) }, "chain/answer-malformed"],
  ["too few places", { [PLACES.path]: told(PLACES, { places: [] }) }, "chain/answer-malformed"],
  [
    "half a path",
    { [PLACES.path]: told(PLACES, { places: [{ height: 1n, path: new Uint8Array(31) }] }) },
    "chain/answer-malformed",
  ],
  [
    "a height beyond numbers",
    { [PLACES.path]: told(PLACES, { places: [{ height: 1n << 60n }] }) },
    "chain/answer-malformed",
  ],
  ["no base64", () => ({ result: { response: { value: "a-b=" } } }), "chain/answer-malformed"],
  ["text for a code", () => ({ result: { response: { code: "x" } } }), "chain/answer-malformed"],
  ["no JSON", () => "{", "chain/answer-malformed"],
  ["nothing of use", () => "3", "chain/answer-malformed"],
  ["more than it may", () => "x".repeat((16 << 20) + 1), "chain/answer-too-large"],
  ["an error", () => ({ error: { message: "no", data: "not now" } }), "chain/refused"],
])("a member that answers %s is not believed", async (_, answers, code) => {
  const isHandler = typeof answers === "function";
  const { chain } = await start(isHandler ? {} : answers, isHandler ? answers : undefined);
  await expect(chain.places([ID])).rejects.toMatchObject({ code });
});

test("a member that is not there, and an account that the chain does not know", async () => {
  const { server, chain, up } = await start({ "/cosmos.auth.v1beta1.Query/AccountInfo": {} });
  await up();
  await expect(chain.submit([REQUEST])).rejects.toMatchObject({
    fault: { code: "chain/unknown-account", address: accountAddress(publicKey) },
  });
  await server.stop();
  await expect(chain.tip()).rejects.toMatchObject({ code: "chain/unreachable" });
});
