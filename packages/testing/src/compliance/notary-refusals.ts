import { toHex } from "@stateset/codec";
import type { NotarisationRequest, NotaryFault } from "@stateset/flow";
import {
  encodeSignedTransaction,
  type GroupName,
  type Header,
  type Holder,
  hashParameters,
  type NetworkId,
  NOTARY_GROUPS,
  type NotaryId,
  openGroup,
  type ParametersHash,
  proveComponent,
  type SignedTransaction,
  type Transaction,
  tearOff,
  transactionId,
} from "@stateset/ledger";
import type { Draft, HeldState, NotaryFixture } from "./notary-fixture.ts";

/** What breaks one thing of a valid request, and the fault that must come of it. */
export type Refusal = {
  name: string;
  fault: NotaryFault["kind"];
  request(
    fixture: NotaryFixture,
    coin: HeldState,
  ): NotarisationRequest | Promise<NotarisationRequest>;
};

/** Every row changes one thing of a coin's move from Alice to Bob, which is notarised as it is. */
export const NOTARY_REFUSALS: readonly Refusal[] = [
  byDraft("another network", "notary/wrong-network", (f) => ({
    meta: [{ version: 0, hash: "sha-256", network: hash32(f) as NetworkId, notary: f.id }],
  })),
  byDraft("another notary", "notary/wrong-notary", (f) => ({
    meta: [{ version: 0, hash: "sha-256", network: f.network, notary: hash32(f) as NotaryId }],
  })),
  byDraft("unknown parameters", "notary/wrong-parameters", (f) => ({
    parameters: [{ hash: hash32(f) as ParametersHash }],
  })),
  byDraft("parameters before the predecessor", "notary/wrong-parameters", (f) => ({
    parameters: [{ hash: hashParameters({ ...f.predecessor, epoch: 2 }) }],
  })),
  byDraft("an instruction", "notary/instructions-unsupported", () => ({
    instructions: [{ kind: "ibc", data: new Uint8Array(1) }],
  })),
  byDraft("an empty window", "notary/malformed", (f) => ({
    timeWindow: [{ from: f.subject.now(), until: f.subject.now() }],
  })),
  byDraft("a header too few", "notary/malformed", (f, coin) => ({
    headers: [],
    outputs: openGroup(f.move(coin).transaction, "outputs"),
  })),
  byHeader("a header of another notary", (f) => ({ notary: hash32(f) as NotaryId })),
  byHeader("a header that only a bare key satisfies", (_, holder) => ({
    authority: { kind: "key", key: holder.key } as Header["authority"],
  })),
  byHeader("an encumbrance set of one", () => ({ encumbranceSet: [0] })),
  byDraft("an encumbrance set named by an output outside it", "notary/malformed", (f) => ({
    headers: [0, 1, 2].map(() => f.header(f.bob.holder(), { encumbranceSet: [1, 2] })),
  })),
  byHeader("an encumbrance set with an output that is not there", () => ({
    encumbranceSet: [0, 7],
  })),
  byDraft("a reference that is an input", "notary/malformed", (_, coin) => ({
    references: [coin.ref],
  })),
  byDraft("an input twice", "notary/malformed", (_, { ref }) => ({ inputs: [ref, ref] })),
  byDraft("references without an input", "notary/malformed", (_, { ref }) => ({
    inputs: [],
    references: [ref],
  })),
  byDraft("neither input nor output", "notary/malformed", () => ({ inputs: [], headers: [] })),
  byDraft("a window that has not begun", "notary/outside-time-window", (f) => ({
    timeWindow: [{ from: f.subject.now() + 3_600_000 }],
  })),
  byDraft("a window that has ended", "notary/outside-time-window", (f) => ({
    timeWindow: [{ until: f.subject.now() }],
  })),
  byDraft("a unique key without its owner's signature", "notary/owner-missing", (f) => ({
    uniqueKeys: [{ kind: "number", owner: f.bob.party.id, value: hash32(f) }],
  })),
  bySigned("no signature", "notary/authority-unsatisfied", (_, { transaction }) => ({
    transaction,
    signatures: [],
  })),
  bySigned("another's signature", "notary/authority-unsatisfied", (f, { transaction }) =>
    f.sign(transaction, f.bob.key),
  ),
  bySigned(
    "the identity's own signature before its delay",
    "notary/authority-unsatisfied",
    (f, s) => f.sign(s.transaction, f.alice.key),
  ),
  bySigned("a signature over another id", "notary/signature-invalid", (f, { transaction }) => ({
    transaction,
    signatures: f.sign(f.build({}), f.alice.key).signatures,
  })),
  byShown("a group open that is not for the notary", "notary/malformed", [
    ...NOTARY_GROUPS,
    "commands",
  ]),
  byShown(
    "a group closed that the notary must see",
    "notary/malformed",
    NOTARY_GROUPS.filter((name) => name !== "uniqueKeys"),
  ),
  byTransaction("a header hashed", "notary/malformed", (transaction) =>
    tearOff(transaction, { groups: NOTARY_GROUPS, hide: (group) => group === "headers" }),
  ),
  byRequest("bytes that are no transaction", "notary/malformed", () => ({
    signed: new Uint8Array(3),
  })),
  byRequest("a header too few shown", "notary/malformed", () => ({ headers: [] })),
  byRequest("a header with another authority", "notary/header-unproven", (f, { headers }) => {
    const forged = f.build({ headers: [f.header(f.bob.holder())] });
    const { component } = proveComponent(forged, "headers", 0);
    return { headers: headers.map((proof) => ({ ...proof, component })) };
  }),
  byRequest("the header of another output", "notary/header-unproven", (_, { headers }) => ({
    headers: headers.map((proof) => ({ ...proof, index: 1, count: 2 })),
  })),
  {
    name: "a state of a transaction that was not notarised",
    fault: "notary/header-unproven",
    request: (f) => f.request(f.move(unnotarised(f, f.id))),
  },
  {
    name: "a state of another cluster",
    fault: "notary/wrong-notary",
    request: (f) => f.request(f.move(unnotarised(f, hash32(f) as NotaryId))),
  },
  {
    name: "a reference to a transaction that was not notarised",
    fault: "notary/header-unproven",
    request: (f, coin) => f.request(f.move(coin, { references: [unnotarised(f, f.id).ref] })),
  },
  {
    name: "one of an encumbrance set",
    fault: "notary/encumbrance-broken",
    async request(f) {
      const holders = [1, 2].map(() => f.alice.holder({ oneTimeKey: true }));
      const [first] = await f.issue(holders, { encumbered: true });
      return f.request(f.move(first as HeldState));
    },
  },
];

function byDraft(
  name: string,
  fault: Refusal["fault"],
  change: (fixture: NotaryFixture, coin: HeldState) => Draft,
): Refusal {
  return {
    name,
    fault,
    request: (fixture, coin) => fixture.request(fixture.move(coin, change(fixture, coin))),
  };
}

function byHeader(
  name: string,
  change: (fixture: NotaryFixture, holder: Holder) => Partial<Header>,
): Refusal {
  return byDraft(name, "notary/malformed", (fixture) => {
    const holder = fixture.bob.holder({ oneTimeKey: true });
    return { headers: [fixture.header(holder, change(fixture, holder))] };
  });
}

function bySigned(
  name: string,
  fault: Refusal["fault"],
  change: (fixture: NotaryFixture, signed: SignedTransaction) => SignedTransaction,
): Refusal {
  return {
    name,
    fault,
    request: (fixture, coin) => fixture.request(change(fixture, fixture.move(coin)), coin.holder),
  };
}

function byRequest(
  name: string,
  fault: Refusal["fault"],
  change: (fixture: NotaryFixture, request: NotarisationRequest) => Partial<NotarisationRequest>,
): Refusal {
  return {
    name,
    fault,
    request(fixture, coin) {
      const request = fixture.request(fixture.move(coin));
      return { ...request, ...change(fixture, request) };
    },
  };
}

/** Shows the whole transaction in another way. */
function byTransaction(
  name: string,
  fault: Refusal["fault"],
  show: (transaction: Transaction) => Transaction,
): Refusal {
  return {
    name,
    fault,
    request(fixture, coin) {
      const { transaction, signatures } = fixture.move(coin);
      const request = fixture.request({ transaction, signatures });
      const shown = { transaction: show(transaction), signatures };
      return { ...request, signed: encodeSignedTransaction(shown) };
    },
  };
}

function byShown(name: string, fault: Refusal["fault"], groups: readonly GroupName[]): Refusal {
  return byTransaction(name, fault, (transaction) => tearOff(transaction, { groups }));
}

/** A state as a stranger might make it up. */
function unnotarised(fixture: NotaryFixture, notary: NotaryId): HeldState {
  const holder = fixture.alice.holder({ oneTimeKey: true });
  const transaction = fixture.build({ headers: [fixture.header(holder, { notary })] });
  return { ref: { txId: transactionId(transaction), index: 0 }, holder };
}

function hash32({ random }: NotaryFixture): string {
  return toHex(random(32));
}
