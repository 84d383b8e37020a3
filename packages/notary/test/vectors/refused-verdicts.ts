import type { SecretKey } from "@stateset/codec";
import {
  RECOVERY_DELAY_MS,
  type StateRef,
  type TimeWindow,
  type UniqueKey,
} from "@stateset/ledger";
import { after, ofIdentity, ofKey, threshold } from "./authorities.ts";
import {
  type Circumstances,
  claimed,
  createdAt,
  moved,
  spent,
  spentBy,
  takenBy,
  takenKey,
  uniqueKey,
} from "./made.ts";
import type { Make, RefusedTable } from "./row.ts";
import {
  ALICE,
  BLOCK_TIME,
  BOARD,
  BOB,
  CAROL,
  CREATED_AT,
  DAVE,
  DAVES_FORMER_KEY,
  DIRECTORS,
  STRANGER,
} from "./sample-world.ts";
import type { Coin } from "./scene.ts";

const UNPROVEN = "notary/header-unproven";
const UNSATISFIED = "notary/authority-unsatisfied";
const UNOWNED = "notary/owner-missing";
const OUTSIDE = "notary/outside-time-window";
const CONFLICT = "notary/conflict";
const TAKEN = "notary/unique-key-taken";

const NOT_HERE = "was not notarised here";
const daves = { id: DAVE.id, key: DAVES_FORMER_KEY };
const [director] = DIRECTORS;

/** What depends on the time and on what was notarised before. */
export const REFUSED_VERDICTS: RefusedTable = [
  [
    "an input that was not notarised",
    UNPROVEN,
    NOT_HERE,
    moved(undefined, ({ ref }) => createdAt(null)(ref)),
  ],
  [
    "a reference that was not notarised",
    UNPROVEN,
    NOT_HERE,
    withReference(({ other }) => createdAt(null)(other.ref)),
  ],
  [
    "one of two inputs that was not notarised",
    UNPROVEN,
    NOT_HERE,
    (s) => {
      const [one, other] = [s.coin(), s.coin()];
      return { shown: s.request(s.move([one, other])), ...createdAt(null)(other.ref) };
    },
  ],
  [
    "an input not notarised, and nobody's signature",
    UNPROVEN,
    NOT_HERE,
    (s) => {
      const coin = s.coin();
      const unsigned = { transaction: s.move([coin]).transaction, signatures: [] };
      return { shown: s.request(unsigned), ...createdAt(null)(coin.ref) };
    },
  ],
  ["no signature", UNSATISFIED, "", signedBy()],
  ["another's signature", UNSATISFIED, "", signedBy([STRANGER.key])],
  ["an identity's signature before its delay", UNSATISFIED, "", signedBy([ALICE.key])],
  [
    "an identity one millisecond before its delay",
    UNSATISFIED,
    "",
    signedBy([ALICE.key], createdAt(BLOCK_TIME - RECOVERY_DELAY_MS + 1)),
  ],
  [
    "an identity after its delay without its opening",
    UNSATISFIED,
    "",
    (s) => {
      const coin = s.coin();
      const { transaction } = s.move([coin]);
      const shown = s.request(s.sign(transaction, ALICE.key));
      return { shown, ...createdAt(BLOCK_TIME - RECOVERY_DELAY_MS)(coin.ref) };
    },
  ],
  [
    "an identity after the inner of two delays",
    UNSATISFIED,
    "",
    spentBy(ALICE, (alice) => after(2000, after(1000, alice)), createdAt(BLOCK_TIME - 1999)),
  ],
  [
    "an identity after the outer of two delays",
    UNSATISFIED,
    "",
    spentBy(ALICE, (alice) => after(1000, after(2000, alice)), createdAt(BLOCK_TIME - 1999)),
  ],
  [
    "an identity's delay that never ends",
    UNSATISFIED,
    "",
    spentBy(ALICE, (alice) => after(Number.MAX_SAFE_INTEGER, alice), createdAt(0)),
  ],
  ["two inputs of which the first is too young", UNSATISFIED, "", ofAges(4999, 9000)],
  ["two inputs of which the second is too young", UNSATISFIED, "", ofAges(9000, 4999)],
  [
    "an identity with another blinding",
    UNSATISFIED,
    "",
    spent((s) => ({
      authority: ofIdentity(s.opening(ALICE.id)),
      openings: [s.opening(ALICE.id)],
      signers: [ALICE.key],
    })),
  ],
  [
    "another identity with the right blinding",
    UNSATISFIED,
    "",
    spent((s) => {
      const opening = s.opening(ALICE.id);
      const openings = [{ ...opening, identity: BOB.id }];
      return { authority: ofIdentity(opening), openings, signers: [ALICE.key, BOB.key] };
    }),
  ],
  ["an identity that the map does not know", UNSATISFIED, "", spentBy(STRANGER)],
  ["an identity by the key before its rotation", UNSATISFIED, "", spentBy(daves)],
  [
    "one director of a board of which two are needed",
    UNSATISFIED,
    "",
    spentBy({ id: BOARD, key: director }),
  ],
  [
    "an identity of a weight that does not suffice",
    UNSATISFIED,
    "",
    spentBy(ALICE, (alice, s) =>
      threshold(3, [2, alice], [1, ofKey(s.key())], [3, ofIdentity(s.opening(BOB.id))]),
    ),
  ],
  [
    "one of two identities that are needed",
    UNSATISFIED,
    "",
    spentBy(ALICE, (alice, s) => threshold(2, [1, alice], [1, ofIdentity(s.opening(CAROL.id))])),
  ],
  [
    "a threshold below a threshold that lacks one",
    UNSATISFIED,
    "",
    spentBy(ALICE, (alice, s) => {
      const bob = ofIdentity(s.opening(BOB.id));
      return threshold(1, [1, bob], [1, threshold(2, [1, alice], [1, ofKey(s.key())])]);
    }),
  ],
  [
    "the second of two inputs without its key",
    UNSATISFIED,
    "",
    (s) => {
      const [one, other] = s.coins(2) as [Coin, Coin];
      const { transaction } = s.move([one, other]);
      return { shown: s.request(s.sign(transaction, one.key)) };
    },
  ],
  [
    "a unique key without its owner's signature",
    UNOWNED,
    ALICE.id,
    claimed((s) => [uniqueKey(s, ALICE.id)], []),
  ],
  [
    "a unique key by another",
    UNOWNED,
    ALICE.id,
    claimed((s) => [uniqueKey(s, ALICE.id)], [BOB.key]),
  ],
  [
    "a unique key of an owner whom the map does not know",
    UNOWNED,
    STRANGER.id,
    claimed((s) => [uniqueKey(s, STRANGER.id)], [STRANGER.key]),
  ],
  [
    "a unique key by its owner's former key",
    UNOWNED,
    DAVE.id,
    claimed((s) => [uniqueKey(s, DAVE.id)], [DAVES_FORMER_KEY]),
  ],
  [
    "a board's unique key by one director",
    UNOWNED,
    BOARD,
    claimed((s) => [uniqueKey(s, BOARD)], [director]),
  ],
  [
    "unique keys of two owners, of whom one signed",
    UNOWNED,
    BOB.id,
    claimed((s) => [uniqueKey(s, ALICE.id), uniqueKey(s, BOB.id)], [ALICE.key]),
  ],
  [
    "a unique key and a coin, neither signed for",
    UNSATISFIED,
    "",
    (s) => {
      const { transaction } = s.move([s.coin()], { uniqueKeys: [uniqueKey(s, ALICE.id)] });
      return { shown: s.request({ transaction, signatures: [] }) };
    },
  ],
  [
    "a unique key not signed for, and a window that has ended",
    UNOWNED,
    ALICE.id,
    moved((s) => ({ uniqueKeys: [uniqueKey(s, ALICE.id)], timeWindow: [{ until: 1 }] })),
  ],
  [
    "a window that begins in a millisecond",
    OUTSIDE,
    `"blockTime":${BLOCK_TIME},"from":${BLOCK_TIME + 1}}`,
    inWindow({ from: BLOCK_TIME + 1 }),
  ],
  [
    "a window that ends now",
    OUTSIDE,
    `"blockTime":${BLOCK_TIME},"until":${BLOCK_TIME}}`,
    inWindow({ until: BLOCK_TIME }),
  ],
  ["a window that is over", OUTSIDE, `"from":1,"until":2}`, inWindow({ from: 1, until: 2 })],
  [
    "a window that is to come",
    OUTSIDE,
    `"until":${Number.MAX_SAFE_INTEGER}}`,
    inWindow({ from: BLOCK_TIME + 1, until: Number.MAX_SAFE_INTEGER }),
  ],
  ["a window of the time before all blocks", OUTSIDE, `"until":0}`, inWindow({ until: 0 })],
  [
    "a window that is over, and a consumed input",
    OUTSIDE,
    "",
    moved(() => ({ timeWindow: [{ until: 1 }] }), consumed),
  ],
  ["a consumed input", CONFLICT, `"at":${BLOCK_TIME - 1}`, moved(undefined, consumed)],
  [
    "an input consumed earlier in this block",
    CONFLICT,
    `"at":${BLOCK_TIME}`,
    moved(undefined, ({ ref }) => ({
      ...createdAt(BLOCK_TIME)(ref),
      consumed: [[ref, takenBy(0, BLOCK_TIME)]],
    })),
  ],
  [
    "a consumed reference",
    CONFLICT,
    `"at":${BLOCK_TIME - 2}`,
    withReference(({ other }) => ({ consumed: [[other.ref, takenBy(0, BLOCK_TIME - 2)]] })),
  ],
  [
    "a consumed input and a consumed reference",
    CONFLICT,
    `"at":${BLOCK_TIME - 2}}]`,
    withReference(({ coin, other }) => ({
      consumed: [
        [coin.ref, takenBy(0, BLOCK_TIME - 1)],
        [other.ref, takenBy(1, BLOCK_TIME - 2)],
      ],
    })),
  ],
  [
    "two of three inputs consumed, by different transactions",
    CONFLICT,
    ':2","by"',
    (s) => {
      const [one, two, three] = s.coins(3) as [Coin, Coin, Coin];
      const by = [one, three].map(({ ref }, i) => [ref, takenBy(i, BLOCK_TIME - i)] as const);
      return { shown: s.request(s.move([one, two, three])), consumed: by };
    },
  ],
  [
    "a consumed input by whom it does not concern",
    UNSATISFIED,
    "",
    signedBy([STRANGER.key], (ref) => ({ consumed: [[ref, takenBy(0, BLOCK_TIME)]] })),
  ],
  [
    "a consumed reference by whom its input does not concern",
    UNSATISFIED,
    "",
    (s) => {
      const [coin, other] = [s.coin(), s.coin()];
      const { transaction } = s.move([coin], { references: [other.ref] });
      const shown = s.request(s.sign(transaction, STRANGER.key));
      return { shown, consumed: [[other.ref, takenBy(0, BLOCK_TIME)]] };
    },
  ],
  [
    "a unique key that is taken",
    TAKEN,
    `"at":${CREATED_AT}`,
    claimed((s) => [uniqueKey(s, ALICE.id)], [ALICE.key], taken(0)),
  ],
  [
    "one of two unique keys that is taken",
    TAKEN,
    "invoice/number",
    claimed((s) => [uniqueKey(s, ALICE.id), uniqueKey(s, ALICE.id, "a")], [ALICE.key], taken(0)),
  ],
  [
    "two unique keys that are taken: the first in their order is named",
    TAKEN,
    '"keyKind":"a"',
    claimed((s) => [uniqueKey(s, ALICE.id), uniqueKey(s, ALICE.id, "a")], [ALICE.key], taken(0, 1)),
  ],
  [
    "a unique key that is taken by whom it does not concern",
    UNOWNED,
    ALICE.id,
    claimed((s) => [uniqueKey(s, ALICE.id)], [BOB.key], taken(0)),
  ],
  [
    "a unique key that is taken, and a consumed input",
    CONFLICT,
    "",
    (s) => {
      const coin = s.coin();
      const key = uniqueKey(s, ALICE.id);
      const { transaction } = s.move([coin], { uniqueKeys: [key] });
      const shown = s.request(s.sign(transaction, coin.key, ALICE.key));
      return { shown, ...consumed(coin), uniqueKeys: [takenKey(key)] };
    },
  ],
];

/** A coin's move, signed by these alone, with its opening. */
function signedBy(
  signers: readonly SecretKey[] = [],
  circumstances: (ref: StateRef) => Circumstances = () => ({}),
): Make {
  return (scene) => {
    const coin = scene.coin();
    const { transaction } = scene.move([coin]);
    const shown = scene.request(scene.sign(transaction, ...signers), coin.opening);
    return { shown, ...circumstances(coin.ref) };
  };
}

/** Two inputs of so many milliseconds, in their order, each with a delay of 5,000. */
function ofAges(...ages: [number, number]): Make {
  return (scene) => {
    const opening = scene.opening(ALICE.id);
    const state = () => scene.states([after(5000, ofIdentity(opening))]);
    const inputs = [...state(), ...state()].toSorted((a, b) => (a.txId < b.txId ? -1 : 1));
    const transaction = scene.build({ inputs, headers: [scene.bobsHeader()] });
    const shown = scene.request(scene.sign(transaction, ALICE.key), opening);
    return { shown, created: inputs.map((ref, i) => [ref, BLOCK_TIME - (ages[i] ?? 0)] as const) };
  };
}

/** A coin's move that refers to another coin. */
function withReference(circumstances: (coins: { coin: Coin; other: Coin }) => Circumstances): Make {
  return (scene) => {
    const [coin, other] = [scene.coin(), scene.coin()];
    const shown = scene.request(scene.move([coin], { references: [other.ref] }));
    return { shown, ...circumstances({ coin, other }) };
  };
}

function inWindow(window: TimeWindow): Make {
  return moved(() => ({ timeWindow: [window] }));
}

function consumed({ ref }: Coin): Circumstances {
  return { consumed: [[ref, takenBy(0, BLOCK_TIME - 1)]] };
}

/** Of the keys claimed, others have those at these places. */
function taken(...places: number[]): (keys: readonly UniqueKey[]) => Circumstances {
  return (keys) => ({
    uniqueKeys: places.map((place, i) => takenKey(keys[place] as UniqueKey, i)),
  });
}
