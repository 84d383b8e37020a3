import assert from "node:assert/strict";
import { encode, publicKeyOf, type SecretKey, toHex } from "@stateset/codec";
import { type NotaryAnswer, type NotaryFault, verifyAbsence } from "@stateset/flow";
import {
  type BlockHeader,
  blockLeaf,
  formatStateRef,
  hashParameters,
  RECOVERY_DELAY_MS,
  type Receipt,
  receiptSchema,
  type SignedTransaction,
  signTransactionBatch,
  type TransactionId,
  transactionId,
  type UniqueKey,
  verifyReceipt,
} from "@stateset/ledger";
import type { HeldState, NotaryFixture } from "./notary-fixture.ts";
import { NOTARY_REFUSALS } from "./notary-refusals.ts";

/** One demand on every implementation of the Notary port. */
export type NotaryCase = { name: string; run(fixture: NotaryFixture): Promise<void> };

/**
 * What every notary must do. The cases share one notary and may run in any order, one after the
 * other; each makes states of its own.
 */
export const NOTARY_COMPLIANCE: readonly NotaryCase[] = [
  ...NOTARY_REFUSALS.map(({ name, fault, request }) => ({
    name: `refuses ${name} with ${fault}`,
    async run(fixture: NotaryFixture) {
      const coin = await fixture.coin();
      const { notary } = fixture.subject;
      faultOf(await notary.notarise(await request(fixture, coin)), fault);
      receiptOf(await fixture.notarise(fixture.move(coin)));
    },
  })),
  { name: "gives receipts that verify offline, and again by id", run: givesReceipts },
  { name: "knows no receipt of what it did not notarise", run: knowsNoOther },
  { name: "answers the same transaction with the same receipt", run: isIdempotent },
  { name: "answers what it notarised even where the retry is no longer valid", run: keepsSuccess },
  { name: "tells a second spender who was first, and when", run: tellsConflicts },
  { name: "lets one of two at the same time have a state", run: choosesOne },
  { name: "notarises a chain sent in one burst", run: notarisesChains },
  { name: "never goes back in height or time", run: goesForward },
  { name: "tells a stranger nothing of a state", run: tellsStrangersNothing },
  { name: "wants references unspent, and no authority over them", run: checksReferences },
  { name: "judges a window by block time, from and not until", run: judgesWindows },
  { name: "lets an identity spend once its delay is over", run: countsDelays },
  { name: "judges an identity by the key that counts now", run: followsRotation },
  { name: "gives a unique key once, to its owner", run: keepsUniqueKeys },
  { name: "lets one of two at the same time have a unique key", run: choosesOneOwner },
  { name: "spends an encumbrance set as a whole", run: spendsSetsWhole },
  { name: "takes parameters of the version before", run: takesPredecessor },
  { name: "takes one signature over a batch of ids", run: takesBatchSignatures },
  { name: "proves absence once the window has ended, and keeps to it", run: provesAbsence },
];

async function givesReceipts(fixture: NotaryFixture): Promise<void> {
  const moves = await Promise.all(
    [1, 2, 3, 4, 5].map(async () => fixture.move(await fixture.coin())),
  );
  const answers = await Promise.all(moves.map((move) => fixture.notarise(move)));
  for (const [i, answer] of answers.entries()) {
    const id = transactionId((moves[i] as (typeof moves)[number]).transaction);
    const receipt = receiptOf(answer);
    verified(fixture, receipt, id);
    const later = await fixture.subject.notary.receipt(id);
    assert.deepEqual(bytesOf(later as Receipt), bytesOf(receipt));
  }
}

async function knowsNoOther(fixture: NotaryFixture): Promise<void> {
  const id = toHex(fixture.random(32)) as TransactionId;
  assert.equal(await fixture.subject.notary.receipt(id), undefined);
}

async function isIdempotent(fixture: NotaryFixture): Promise<void> {
  const move = fixture.move(await fixture.coin());
  const atOnce = await Promise.all([1, 2, 3].map(() => fixture.notarise(move)));
  const [first, ...others] = [...atOnce, await fixture.notarise(move)].map((answer) =>
    bytesOf(receiptOf(answer)),
  );
  for (const other of others) assert.deepEqual(other, first);
}

async function keepsSuccess(fixture: NotaryFixture): Promise<void> {
  const coin = await fixture.coin();
  const until = fixture.subject.now() + 60_000;
  const move = fixture.move(coin, { timeWindow: [{ until }] });
  const receipt = receiptOf(await fixture.notarise(move));
  await fixture.subject.advance(60_000);
  const again = receiptOf(await fixture.notarise({ ...move, signatures: [] }));
  assert.deepEqual(bytesOf(again), bytesOf(receipt));
}

async function tellsConflicts(fixture: NotaryFixture): Promise<void> {
  const [coin, spent, other] = await coins(fixture, 3);
  const first = fixture.move(spent);
  const { block } = receiptOf(await fixture.notarise(first));
  const inputs = [coin, spent, other];
  const second = fixture.build({
    inputs: inputs.map(({ ref }) => ref),
    headers: [fixture.header(fixture.bob.holder())],
  });
  const keys = inputs.map(({ holder }) => fixture.oneTimeKey(holder));
  const answer = await fixture.notarise(fixture.sign(second, ...keys));
  assert.deepEqual(faultOf(answer, "notary/conflict").consumed, [
    {
      ref: formatStateRef(spent.ref),
      by: toHex(blockLeaf(transactionId(first.transaction))),
      at: block.blockTime,
    },
  ]);
  // Nothing of a refused transaction is taken.
  receiptOf(await fixture.notarise(fixture.move(coin)));
}

async function choosesOne(fixture: NotaryFixture): Promise<void> {
  const [coin, other] = await coins(fixture, 2);
  const moves = Array.from({ length: 8 }, () => fixture.move(coin));
  const [, ...answers] = await meanwhile(fixture, other, moves);
  const won = answers.findIndex(({ kind }) => kind === "notarised");
  const winner = moves[won] ?? assert.fail("nobody had the state");
  const by = toHex(blockLeaf(transactionId(winner.transaction)));
  for (const [i, answer] of answers.entries()) {
    if (i === won) continue;
    assert.equal(faultOf(answer, "notary/conflict").consumed[0]?.by, by);
  }
}

/** Another move keeps the notary busy, so that these may come into one block together. */
async function meanwhile(
  fixture: NotaryFixture,
  coin: HeldState,
  sent: readonly SignedTransaction[],
): Promise<NotaryAnswer[]> {
  return await Promise.all([fixture.move(coin), ...sent].map((each) => fixture.notarise(each)));
}

async function notarisesChains(fixture: NotaryFixture): Promise<void> {
  const [coin, other] = await coins(fixture, 2);
  const holder = fixture.alice.holder({ oneTimeKey: true });
  const first = fixture.move(coin, { headers: [fixture.header(holder)] });
  const made: HeldState = { ref: { txId: transactionId(first.transaction), index: 0 }, holder };
  for (const answer of await meanwhile(fixture, other, [first, fixture.move(made)]))
    receiptOf(answer);
}

async function goesForward(fixture: NotaryFixture): Promise<void> {
  let before: BlockHeader | undefined;
  for (const coin of await coins(fixture, 4)) {
    const move = fixture.move(coin);
    const receipt = receiptOf(await fixture.notarise(move));
    const block = verified(fixture, receipt, transactionId(move.transaction));
    assert.ok(before === undefined || block.height > before.height);
    assert.ok(before === undefined || block.blockTime >= before.blockTime);
    before = block;
  }
}

/** Whether it is spent or not, who lacks the authority hears the same. */
async function tellsStrangersNothing(fixture: NotaryFixture): Promise<void> {
  const [spent, unspent, mine] = await coins(fixture, 3);
  receiptOf(await fixture.notarise(fixture.move(spent)));
  for (const { ref } of [spent, unspent]) {
    const consuming = fixture.build({ inputs: [ref], headers: [] });
    const attempt = await fixture.notarise(fixture.sign(consuming, fixture.bob.key));
    const fault = faultOf(attempt, "notary/authority-unsatisfied");
    assert.equal(fault.ref, formatStateRef(ref));
    const probing = fixture.move(mine, { references: [ref] });
    const probe = await fixture.notarise({ ...probing, signatures: [] });
    faultOf(probe, "notary/authority-unsatisfied");
  }
  receiptOf(await fixture.notarise(fixture.move(unspent)));
}

async function checksReferences(fixture: NotaryFixture): Promise<void> {
  const [referred, first, second] = await coins(fixture, 3);
  const references = [referred.ref];
  receiptOf(await fixture.notarise(fixture.move(first, { references })));
  const consuming = fixture.move(referred);
  receiptOf(await fixture.notarise(consuming));
  const answer = await fixture.notarise(fixture.move(second, { references }));
  const [consumed] = faultOf(answer, "notary/conflict").consumed;
  assert.equal(consumed?.ref, formatStateRef(referred.ref));
  assert.equal(consumed?.by, toHex(blockLeaf(transactionId(consuming.transaction))));
}

async function judgesWindows(fixture: NotaryFixture): Promise<void> {
  const { subject } = fixture;
  const [early, late] = await coins(fixture, 2);
  const from = subject.now() + 3_600_000;
  const waiting = fixture.move(early, { timeWindow: [{ from, until: from + 3_600_000 }] });
  faultOf(await fixture.notarise(waiting), "notary/outside-time-window");
  await subject.advance(from - subject.now());
  receiptOf(await fixture.notarise(waiting));
  const ending = fixture.move(late, { timeWindow: [{ until: from + 3_600_000 }] });
  await subject.advance(3_600_000);
  const fault = faultOf(await fixture.notarise(ending), "notary/outside-time-window");
  assert.ok(fault.blockTime >= from + 3_600_000);
  assert.equal(fault.until, from + 3_600_000);
}

async function countsDelays(fixture: NotaryFixture): Promise<void> {
  const coin = await fixture.coin();
  const { transaction } = fixture.move(coin);
  const recovering = fixture.sign(transaction, fixture.alice.key);
  faultOf(await fixture.notarise(recovering, coin.holder), "notary/authority-unsatisfied");
  await fixture.subject.advance(RECOVERY_DELAY_MS);
  // Without the opening nobody knows whose signature it is.
  faultOf(await fixture.notarise(recovering), "notary/authority-unsatisfied");
  receiptOf(await fixture.notarise(recovering, coin.holder));
}

async function followsRotation(fixture: NotaryFixture): Promise<void> {
  const carol = fixture.party("Carol");
  const [state] = await fixture.issue([carol.holder()]);
  const { ref, holder } = state as HeldState;
  const headers = [fixture.header(fixture.bob.holder())];
  const transaction = fixture.build({ inputs: [ref], headers });
  const next: SecretKey = { kind: "ed25519", secret: fixture.random(32) };
  const byNext = fixture.sign(transaction, next);
  faultOf(await fixture.notarise(byNext, holder), "notary/authority-unsatisfied");
  fixture.registerKey(carol.party.id, publicKeyOf(next));
  const byFormer = fixture.sign(transaction, carol.key);
  faultOf(await fixture.notarise(byFormer, holder), "notary/authority-unsatisfied");
  receiptOf(await fixture.notarise(byNext, holder));
}

async function keepsUniqueKeys(fixture: NotaryFixture): Promise<void> {
  const { alice, bob } = fixture;
  const value = toHex(fixture.random(32));
  const claim = async (owner: UniqueKey["owner"], ...keys: SecretKey[]) => {
    const headers = [fixture.header(alice.holder())];
    const uniqueKeys = [{ kind: "number", owner, value }];
    const transaction = fixture.build({ headers, uniqueKeys });
    return [
      transactionId(transaction),
      await fixture.notarise(fixture.sign(transaction, ...keys)),
    ] as const;
  };
  const [first, answer] = await claim(alice.party.id, alice.key);
  const { block } = receiptOf(answer);
  const [, second] = await claim(alice.party.id, alice.key);
  assert.deepEqual(faultOf(second, "notary/unique-key-taken"), {
    kind: "notary/unique-key-taken",
    keyKind: "number",
    value,
    by: toHex(blockLeaf(first)),
    at: block.blockTime,
  });
  const [, squatting] = await claim(alice.party.id, bob.key);
  faultOf(squatting, "notary/owner-missing");
  // The same value under another owner is another key.
  const [, own] = await claim(bob.party.id, bob.key);
  receiptOf(own);
}

async function choosesOneOwner(fixture: NotaryFixture): Promise<void> {
  const { alice } = fixture;
  const uniqueKeys = [{ kind: "number", owner: alice.party.id, value: toHex(fixture.random(32)) }];
  const claims = [1, 2, 3].map(() => {
    const headers = [fixture.header(alice.holder())];
    return fixture.sign(fixture.build({ headers, uniqueKeys }), alice.key);
  });
  const [, ...answers] = await meanwhile(fixture, await fixture.coin(), claims);
  const refused = answers.filter(({ kind }) => kind === "refused");
  assert.equal(refused.length, 2);
  for (const answer of refused) faultOf(answer, "notary/unique-key-taken");
}

async function spendsSetsWhole(fixture: NotaryFixture): Promise<void> {
  const holders = [1, 2, 3].map(() => fixture.alice.holder({ oneTimeKey: true }));
  const set = await fixture.issue(holders, { encumbered: true });
  const headers = [fixture.header(fixture.bob.holder())];
  const spend = (states: readonly HeldState[]) => {
    const transaction = fixture.build({ inputs: states.map(({ ref }) => ref), headers });
    const keys = states.map(({ holder }) => fixture.oneTimeKey(holder));
    return fixture.notarise(fixture.sign(transaction, ...keys));
  };
  const fault = faultOf(await spend(set.slice(0, 2)), "notary/encumbrance-broken");
  assert.equal(fault.missing, formatStateRef((set[2] as HeldState).ref));
  receiptOf(await spend(set));
}

async function takesPredecessor(fixture: NotaryFixture): Promise<void> {
  const parameters = [{ hash: hashParameters(fixture.predecessor) }];
  receiptOf(await fixture.notarise(fixture.move(await fixture.coin(), { parameters })));
}

async function takesBatchSignatures(fixture: NotaryFixture): Promise<void> {
  const states = await fixture.issue([1, 2, 3].map(() => fixture.alice.holder()));
  const built = states.map(({ ref }) =>
    fixture.build({ inputs: [ref], headers: [fixture.header(fixture.bob.holder())] }),
  );
  const { network, alice } = fixture;
  const signatures = signTransactionBatch(alice.key, network, built.map(transactionId));
  for (const [i, transaction] of built.entries()) {
    const signed = { transaction, signatures: signatures.slice(i, i + 1) };
    const { holder } = states[i] as HeldState;
    receiptOf(await fixture.notarise(signed, holder));
    const other = { transaction, signatures: signatures.slice((i + 1) % 3).slice(0, 1) };
    // Notarised already: even with a signature for another, the answer stays.
    receiptOf(await fixture.notarise(other, holder));
  }
}

async function provesAbsence(fixture: NotaryFixture): Promise<void> {
  const { subject } = fixture;
  const until = subject.now() + 60_000;
  const [coin, other] = await coins(fixture, 2);
  const missing = fixture.move(coin, { timeWindow: [{ until }] });
  const notarised = fixture.move(other, { timeWindow: [{ until }] });
  receiptOf(await fixture.notarise(notarised));
  const id = transactionId(missing.transaction);
  assert.equal(await subject.notary.absence(id, until), undefined);
  await subject.advance(60_000);
  const absence = await subject.notary.absence(id, until);
  if (absence === undefined) assert.fail("no proof of absence after the window");
  const trust = { network: fixture.network, memberSets: subject.memberSets };
  verifyAbsence(absence, id, until, trust);
  assert.throws(() => verifyAbsence(absence, id, absence.blockTime + 1, trust));
  assert.throws(() => verifyAbsence(absence, transactionId(notarised.transaction), until, trust));
  assert.equal(
    await subject.notary.absence(transactionId(notarised.transaction), until),
    undefined,
  );
  faultOf(await fixture.notarise(missing), "notary/outside-time-window");
}

type Coins = [HeldState, HeldState, HeldState, HeldState];

/** At most four. */
async function coins(fixture: NotaryFixture, count: number): Promise<Coins> {
  const holders = Array.from({ length: count }, () => fixture.alice.holder({ oneTimeKey: true }));
  return (await fixture.issue(holders)) as Coins;
}

function receiptOf(answer: NotaryAnswer): Receipt {
  if (answer.kind === "refused") assert.fail(`refused: ${JSON.stringify(answer.fault)}`);
  return answer.receipt;
}

function faultOf<K extends NotaryFault["kind"]>(
  answer: NotaryAnswer,
  kind: K,
): Extract<NotaryFault, { kind: K }> {
  if (answer.kind === "notarised") assert.fail(`notarised, and not refused with ${kind}`);
  assert.equal(answer.fault.kind, kind, JSON.stringify(answer.fault));
  return answer.fault as Extract<NotaryFault, { kind: K }>;
}

function verified(fixture: NotaryFixture, receipt: Receipt, id: TransactionId): BlockHeader {
  const { memberSets } = fixture.subject;
  return verifyReceipt(receipt, id, { network: fixture.network, memberSets });
}

function bytesOf(receipt: Receipt): Uint8Array {
  return encode(receiptSchema, receipt);
}
