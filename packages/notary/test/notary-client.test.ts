import { fromHex, publicKeyOf, type SecretKey, sign, toHex } from "@stateset/codec";
import {
  encodeNotarisationRequest,
  encodeNotaryAnswer,
  type Network,
  type NetworkHandlers,
  type NetworkMap,
  type NotarisationRequest,
  RemoteFailure,
} from "@stateset/flow";
import { hashBlock, type IdentityId, type Receipt, type TransactionId } from "@stateset/ledger";
import {
  MemoryNotaryStore,
  NotaryClient,
  type NotaryService,
  type NotaryStore,
  serveNotary,
} from "@stateset/notary";
import { MemoryNetwork, NOTARY_COMPLIANCE, NotaryFixture, seededRandom } from "@stateset/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { embeddedSubject, ManualClock, memberSet } from "./notary-subject.ts";

const random = seededRandom("client");
const server = toHex(random(32)) as IdentityId;
const asker = toHex(random(32)) as IdentityId;

/** The map with the notary in it, under the server's identity. */
function withNotary(map: NetworkMap, identities = [server]): NetworkMap {
  const { cluster: id } = memberSet;
  const entry = {
    id,
    name: "Notary",
    identities,
    kind: "non-validating",
    memberSets: [memberSet],
  } as const;
  return { ...map, notary: (wanted) => (wanted === id ? entry : undefined) };
}

const nothing = () => undefined;
const handlersOf = (request: NetworkHandlers["request"]): NetworkHandlers => ({
  peerUp: nothing,
  peerDown: nothing,
  drain: nothing,
  frame: nothing,
  request,
});

async function connected(request: NetworkHandlers["request"]): Promise<Network> {
  const network = new MemoryNetwork();
  const run = { incarnation: "1", run: 1 };
  await network.join(server, run).start(handlersOf(request));
  const client = network.join(asker, run);
  await client.start(handlersOf(async () => new Uint8Array()));
  return client;
}

function clientOf(
  map: NetworkMap,
  network: Pick<Network, "request">,
  identities = [server],
): NotaryClient {
  const clock = new ManualClock();
  const id = memberSet.cluster;
  return new NotaryClient({
    ...{ network, id, clock },
    map: withNotary(map, identities),
    identity: asker,
  });
}

describe("a notary across the network", () => {
  let fixture: NotaryFixture;

  beforeAll(async () => {
    fixture = await NotaryFixture.start(async (map) => {
      const subject = await embeddedSubject(map, new MemoryNotaryStore());
      const network = await connected(serveNotary(subject.notary));
      return { ...subject, notary: clientOf(map, network) };
    }, "client");
  });

  // The client itself refuses what is no transaction.
  const asked = NOTARY_COMPLIANCE.filter(({ name }) => !name.includes("bytes that are no"));
  test.each(asked)("$name", async ({ run }) => {
    await run(fixture);
  });
});

/** A fixture with a client of a notary that is asked in the way given. */
async function through(
  change: (handler: NetworkHandlers["request"]) => NetworkHandlers["request"],
): Promise<NotaryFixture> {
  return await NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, new MemoryNotaryStore());
    const request = change(serveNotary(subject.notary));
    const network = {
      request: (_: IdentityId, ...asked: [string, Uint8Array, unknown]) =>
        request(asker, asked[0], asked[1]),
    };
    return { ...subject, notary: clientOf(map, network) };
  }, "through");
}

test.each(["network/timeout", "notary/unavailable", "notary/overloaded"])(
  "after %s it asks again",
  async (code) => {
    let failures = 0;
    const fixture = await through((handle) => async (...asked) => {
      const answer = await handle(...asked);
      if (failures++ % 3 < 2) throw new RemoteFailure(code, "lost", { retryAfterMs: 5 });
      return answer;
    });
    await fixture.coin();
    expect(failures).toBe(3);
  },
);

test("it asks again where the notary says that it has too much to do, and not for ever", async () => {
  let asked = 0;
  const fixture = await through(() => async () => {
    asked++;
    const fault = { kind: "notary/overloaded", retryAfterMs: 5 } as const;
    return encodeNotaryAnswer({ kind: "refused", fault });
  });
  await expect(fixture.coin()).rejects.toMatchObject({ code: "notary/overloaded" });
  expect(asked).toBe(5);
});

test("a receipt that the members did not sign is not passed on", async () => {
  const stranger: SecretKey = { kind: "ed25519", secret: random(32) };
  const forger: NotaryService = {
    notarise: async () => ({ kind: "notarised", receipt: forged }),
    receipt: async () => forged,
    absence: async () => undefined,
  };
  let forged: Receipt;
  const fixture = await NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, new MemoryNotaryStore());
    const network = await connected(serveNotary(forger));
    return { ...subject, notary: clientOf(map, network) };
  }, "forger");
  const block = {
    cluster: memberSet.cluster,
    height: 1,
    blockTime: 1,
    memberEpoch: 0,
    memberSetHash: toHex(random(32)),
    blockRoot: toHex(random(32)),
    historyRoot: toHex(random(32)),
  } as Receipt["block"];
  const signature = sign(stranger, {
    purpose: "receipt",
    networkId: fixture.network,
    metadata: { platformVersion: 0 },
    hash: hashBlock(block),
  });
  forged = { block, signatures: [signature], inBlock: { index: 0, size: 1, path: [] } };
  expect(publicKeyOf(stranger)).not.toEqual(memberSet.members[0]);
  await expect(fixture.coin()).rejects.toMatchObject({ code: "notary/receipt-invalid" });
  const id = toHex(random(32)) as TransactionId;
  const asked = fixture.subject.notary.receipt(id);
  await expect(asked).rejects.toMatchObject({ code: "notary/receipt-invalid" });
});

describe("of several workers", () => {
  const workers = Array.from({ length: 4 }, () => toHex(random(32)) as IdentityId);

  /** One transaction after the other, with some of the workers failing; who was asked, in order. */
  async function asked(
    failing: readonly (IdentityId | undefined)[],
    fail: (worker: IdentityId) => Promise<Uint8Array>,
  ) {
    const seen: IdentityId[] = [];
    const timeouts: number[] = [];
    const fixture = await NotaryFixture.start(async (map) => {
      const subject = await embeddedSubject(map, new MemoryNotaryStore());
      const handle = serveNotary(subject.notary);
      const network = {
        request: async (
          worker: IdentityId,
          kind: string,
          body: Uint8Array,
          { timeoutMs }: { timeoutMs: number },
        ) => {
          seen.push(worker);
          timeouts.push(timeoutMs);
          if (failing.includes(worker)) return await fail(worker);
          return await handle(asker, kind, body);
        },
      };
      return { ...subject, notary: clientOf(map, network, workers) };
    }, "several workers");
    return { fixture, seen, timeouts };
  }

  test("each transaction asks one, and the load spreads", async () => {
    const { fixture, seen } = await asked([], async () => new Uint8Array());
    for (let i = 0; i < 40; i++) await fixture.coin();
    expect(seen).toHaveLength(40);
    expect(new Set(seen)).toEqual(new Set(workers));
  });

  test.each<[string, () => Promise<Uint8Array>]>([
    ["is silent", () => Promise.reject(new RemoteFailure("network/timeout", "silent", {}))],
    ["is not known", () => Promise.reject(new RemoteFailure("network/unknown-peer", "who", {}))],
    ["talks nonsense", async () => Uint8Array.of(1, 2, 3)],
  ])("where one %s the next is asked, and this one is avoided", async (_, fail) => {
    const [silent] = workers;
    const { fixture, seen } = await asked([silent], fail);
    for (let i = 0; i < 40; i++) await fixture.coin();
    expect(seen.filter((each) => each === silent)).toHaveLength(1);
    expect(seen).toHaveLength(41);
  });

  test("where all fail, it ends after five attempts, not two of them with the same", async () => {
    const { fixture, seen, timeouts } = await asked(workers, () =>
      Promise.reject(new RemoteFailure("notary/unavailable", "away", {})),
    );
    await expect(fixture.coin()).rejects.toMatchObject({ code: "notary/unavailable" });
    expect(new Set(seen.slice(0, 4))).toEqual(new Set(workers));
    expect(seen).toHaveLength(5);
    expect(seen[4]).toBe(seen[0]);
    expect(timeouts).toEqual([3_000, 6_000, 10_000, 10_000, 10_000]);
  });

  test("what is refused is not asked of another", async () => {
    const { fixture, seen } = await asked(workers, () =>
      Promise.reject(new RemoteFailure("notary/malformed", "no", {})),
    );
    await expect(fixture.coin()).rejects.toMatchObject({ code: "notary/malformed" });
    expect(seen).toHaveLength(1);
  });
});

test("an answer that is malformed is told as such", async () => {
  const fixture = await through(() => async () => Uint8Array.of(1, 2, 3));
  await expect(fixture.coin()).rejects.toMatchObject({ code: "notary/answer-malformed" });
});

test("a notary that the map does not have is not asked", async () => {
  let client: NotaryClient | undefined;
  const fixture = await NotaryFixture.start(async (map) => {
    const subject = await embeddedSubject(map, new MemoryNotaryStore());
    const network = await connected(serveNotary(subject.notary));
    const clock = new ManualClock();
    client = new NotaryClient({ network, map, identity: asker, id: memberSet.cluster, clock });
    return subject;
  }, "unknown");
  const asked = client?.receipt(toHex(fixture.random(32)) as TransactionId);
  await expect(asked).rejects.toMatchObject({ code: "notary/unknown-notary" });
});

describe("what a notary is asked", () => {
  test.each([
    ["notary/notarise", "notary/malformed"],
    ["notary/receipt", "notary/malformed"],
    ["notary/absence", "notary/malformed"],
    ["notary/other", "notary/unknown-request"],
  ])("%s with a malformed body: %s", async (kind, code) => {
    const fixture = await NotaryFixture.start(
      (map) => embeddedSubject(map, new MemoryNotaryStore()),
      "malformed",
    );
    const handle = serveNotary(fixture.subject.notary);
    for (const body of [new Uint8Array(), Uint8Array.of(0xff), fromHex("a0")])
      await expect(handle(asker, kind, body)).rejects.toMatchObject({ code });
  });

  test("keeps who asked first with each id", async () => {
    const requesters: (IdentityId | undefined)[] = [];
    const memory = new MemoryNotaryStore();
    const store: NotaryStore = {
      tip: () => memory.tip(),
      lookup: (query) => memory.lookup(query),
      block: (height) => memory.block(height),
      close: () => memory.close(),
      async append(block) {
        requesters.push(...block.transactions.map(({ requester }) => requester));
        await memory.append(block);
      },
    };
    const fixture = await NotaryFixture.start((map) => embeddedSubject(map, store), "requester");
    const handle = serveNotary(fixture.subject.notary);
    const ask = (request: NotarisationRequest, peer: IdentityId) =>
      handle(peer, "notary/notarise", encodeNotarisationRequest(request));
    const request = fixture.request(fixture.move(await fixture.coin()));
    const first = await ask(request, asker);
    expect(await ask(request, server)).toEqual(first);
    expect(requesters).toEqual([undefined, asker]);
  });
});
