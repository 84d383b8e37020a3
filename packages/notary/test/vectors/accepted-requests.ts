import { compositeSignature, type SecretKey, sign } from "@stateset/codec";
import {
  signTransactionBatch,
  type TransactionId,
  type TransactionSignature,
  transactionId,
  transactionPayload,
  type UniqueKey,
} from "@stateset/ledger";
import { after, nested, ofIdentity } from "./authorities.ts";
import { claimed, createdAt, moved, takenKey, uniqueKey } from "./made.ts";
import type { AcceptedTable, Made, Make } from "./row.ts";
import {
  ALICE,
  BLOCK_TIME,
  BOARD,
  BOARD_KEY,
  BOB,
  CURRENT_HASH,
  DAVE,
  DIRECTORS,
  NETWORK,
  PREVIOUS_HASH,
  STRANGER,
} from "./sample-world.ts";
import type { Coin, Scene } from "./scene.ts";
import { signaturesOfKeys } from "./signatures.ts";

/** Transactions of every form, and what may stand beside them. */
export const ACCEPTED_REQUESTS: AcceptedTable = [
  ["an issuance without inputs and signatures", claimed(() => [], [])],
  ["a consumption without outputs", moved(() => ({ headers: [] }))],
  ["a state created in this block", moved(undefined, ({ ref }) => createdAt(BLOCK_TIME)(ref))],
  ["64 inputs of one transaction", (s) => ({ shown: s.request(s.move(s.coins(64))) })],
  [
    "64 inputs of as many transactions",
    (s) => ({ shown: s.request(s.move(Array.from({ length: 64 }, () => s.coin()))) }),
  ],
  ["states of high indices", ofHighIndices],
  ["a reference", withReferences(1)],
  ["sixteen references", withReferences(16)],
  [
    "a reference to another state of the transaction that created the input",
    (scene) => {
      const [coin, other] = scene.coins(2) as [Coin, Coin];
      return { shown: scene.request(scene.move([coin], { references: [other.ref] })) };
    },
  ],
  ["a reference to one of an encumbrance set", withEncumberedReference],
  ["an encumbrance set as a whole", ofEncumbranceSets(1)],
  ["two encumbrance sets and a state that stands alone", ofEncumbranceSets(2)],
  [
    "outputs of which two are an encumbrance set",
    moved((s) => ({
      headers: [[], [1, 2], [1, 2]].map((encumbranceSet) => s.bobsHeader({ encumbranceSet })),
    })),
  ],
  [
    "an output whose authority is a tree below a delay below a tree",
    moved((s) => {
      const below = after(5, nested(2, ofIdentity(s.opening(BOB.id))));
      return { headers: [s.header(nested(2, below))] };
    }),
  ],
  ["a unique key with its owner", claimed((s) => [uniqueKey(s, ALICE.id)], [ALICE.key])],
  [
    "unique keys of two owners",
    claimed(
      (s) => [uniqueKey(s, ALICE.id), uniqueKey(s, ALICE.id, "a"), uniqueKey(s, DAVE.id)],
      [DAVE.key, ALICE.key],
    ),
  ],
  [
    "a unique key whose owner is a board",
    claimed((s) => [uniqueKey(s, BOARD)], DIRECTORS.slice(1)),
  ],
  [
    "a unique key that is taken under another kind, owner and value",
    claimed(
      (s) => [uniqueKey(s, ALICE.id)],
      [ALICE.key],
      ([key]) => {
        const kept = key as UniqueKey;
        const others: Partial<UniqueKey>[] = [
          { kind: "invoice/fingerprint" },
          { owner: BOB.id },
          { value: "00".repeat(32) },
        ];
        return { uniqueKeys: others.map((other) => takenKey({ ...kept, ...other })) };
      },
    ),
  ],
  ["a window that begins now", moved(() => ({ timeWindow: [{ from: BLOCK_TIME }] }))],
  [
    "a window that ends after this millisecond",
    moved(() => ({
      timeWindow: [{ until: BLOCK_TIME + 1 }],
    })),
  ],
  [
    "a window of this millisecond",
    moved(() => ({
      timeWindow: [{ from: BLOCK_TIME, until: BLOCK_TIME + 1 }],
    })),
  ],
  ["a window without bounds", moved(() => ({ timeWindow: [{}] }))],
  [
    "a window to the end of time",
    moved(() => ({
      timeWindow: [{ from: 0, until: Number.MAX_SAFE_INTEGER }],
    })),
  ],
  ["parameters of the version before", moved(() => ({ parameters: [{ hash: PREVIOUS_HASH }] }))],
  ["the first parameters of a network", moved(undefined, () => ({ parameters: [CURRENT_HASH] }))],
  ["groups that the notary does not see, with components", withHiddenComponents],
  ["a batch signature, the first of three", inBatch(0, 3)],
  ["a batch signature, the odd last of three", inBatch(2, 3)],
  ["a batch signature of one", inBatch(0, 1)],
  ["a batch signature in the midst of 1,000", inBatch(617, 1000)],
  ["a batch signature that names another size with a path as long", inBatch(1, 3, 4)],
  ["a composite batch signature", inCompositeBatch],
  ["a signature of another version of the platform", byPlatformVersion(0xffff_ffff)],
  ["a valid signature that nothing needs", alsoSignedBy(STRANGER.key)],
  ["the same signature twice", twiceSigned],
  ["signatures of 256 keys", by256Keys],
];

function ofHighIndices(scene: Scene): Made {
  const opening = scene.opening(ALICE.id);
  const refs = scene.states(Array.from({ length: 400 }, () => ofIdentity(opening)));
  const inputs = [3, 24, 255, 256, 300, 399].flatMap((index) => refs[index] ?? []);
  const transaction = scene.build({ inputs, headers: [scene.bobsHeader()] });
  return { shown: scene.request(scene.sign(transaction, ALICE.key), opening) };
}

function withReferences(count: number): Make {
  return moved((scene) => ({
    references: Array.from({ length: count }, () => scene.coin().ref),
  }));
}

function withEncumberedReference(scene: Scene): Made {
  const [one] = scene.coins(2, "ed25519", { encumbranceSet: [0, 1] }) as [Coin, Coin];
  return { shown: scene.request(scene.move([scene.coin()], { references: [one.ref] })) };
}

/** Each of three states. */
function ofEncumbranceSets(count: number): Make {
  return (scene) => {
    const set = () => scene.coins(3, "ed25519", { encumbranceSet: [0, 1, 2] });
    const coins = Array.from({ length: count }, set).flat();
    return { shown: scene.request(scene.move([...coins, scene.coin()])) };
  };
}

function withHiddenComponents(scene: Scene): Made {
  const mediaType = "text/plain";
  const text = new TextEncoder().encode("for holders alone");
  const signed = scene.move([scene.coin()], {
    attachments: [{ contract: "coin", bundle: scene.hash("bundle") }],
    private: [1, 2, 3].map(() => ({ kind: "note", mediaType, content: text })),
  });
  return { shown: scene.request(signed) };
}

type Batch = NonNullable<TransactionSignature["batch"]>;

/** The size that the signature names is not signed: it only tells how the path is to be read. */
function inBatch(index: number, size: number, named = size): Make {
  return (scene) => {
    const coin = scene.coin();
    const { transaction } = scene.move([coin]);
    const ids = Array.from({ length: size }, () => scene.hash<TransactionId>("id in a batch"));
    ids[index] = transactionId(transaction);
    const signatures = signTransactionBatch(coin.key, NETWORK, ids)
      .slice(index, index + 1)
      .map((each) => ({ ...each, batch: { ...(each.batch as Batch), size: named } }));
    return { shown: scene.request({ transaction, signatures }) };
  };
}

function inCompositeBatch(scene: Scene): Made {
  const opening = scene.opening(BOARD);
  const inputs = scene.states([ofIdentity(opening)]);
  const transaction = scene.build({ inputs, headers: [scene.bobsHeader()] });
  const ids = [scene.hash<TransactionId>("id in a batch"), transactionId(transaction)];
  const each = DIRECTORS.slice(1).map((key) => signTransactionBatch(key, NETWORK, ids));
  const [, one] = each[0] ?? [];
  if (one === undefined) throw new Error("a batch has a signature for each id");
  const simple = each.flatMap(([signature]) => signature?.by ?? []);
  const by = compositeSignature(BOARD_KEY, simple as ReturnType<typeof sign>[]);
  return { shown: scene.request({ transaction, signatures: [{ ...one, by }] }, opening) };
}

function byPlatformVersion(platformVersion: number): Make {
  return (scene) => {
    const coin = scene.coin();
    const { transaction } = scene.move([coin]);
    const payload = transactionPayload(NETWORK, transactionId(transaction));
    const by = sign(coin.key, { ...payload, metadata: { platformVersion } });
    return { shown: scene.request({ transaction, signatures: [{ by, platformVersion }] }) };
  };
}

function alsoSignedBy(key: SecretKey): Make {
  return (scene) => {
    const coin = scene.coin();
    const { transaction } = scene.move([coin]);
    return { shown: scene.request(scene.sign(transaction, key, coin.key)) };
  };
}

function twiceSigned(scene: Scene): Made {
  const coin = scene.coin();
  const { transaction } = scene.move([coin]);
  return { shown: scene.request(scene.sign(transaction, coin.key, coin.key)) };
}

function by256Keys(scene: Scene): Made {
  const transaction = scene.build({ headers: [scene.bobsHeader()] });
  const signatures = signaturesOfKeys(scene, transaction, 256);
  return { shown: scene.request({ transaction, signatures }) };
}
