import { fromHex, publicKeyOf, type SecretKey, type Signature, toHex } from "@stateset/codec";
import {
  signTransactionBatch,
  type Transaction,
  type TransactionId,
  type TransactionSignature,
  transactionId,
} from "@stateset/ledger";
import { keysOf } from "./authorities.ts";
import type { Make, RefusedTable } from "./row.ts";
import { BOARD_KEY, DIRECTORS, NETWORK, STRANGER } from "./sample-world.ts";
import type { Coin, Scene } from "./scene.ts";
import { compositeBy, signaturesOfKeys, signedOtherwise } from "./signatures.ts";

const INVALID = "notary/signature-invalid";
const FIRST = '"index":0';
const [first, second, third] = DIRECTORS;

/** Signatures that do not hold, and too many of them. */
export const REFUSED_SIGNATURES: RefusedTable = [
  [
    "a signature over another id",
    INVALID,
    FIRST,
    signed((t, c, s) => [signedOtherwise(c.key, t, { hash: s.hash("id") })]),
  ],
  [
    "a signature for another network",
    INVALID,
    FIRST,
    signed((t, c, s) => [signedOtherwise(c.key, t, { networkId: s.hash("network") })]),
  ],
  [
    "a signature for another purpose",
    INVALID,
    FIRST,
    signed((t, c) => [signedOtherwise(c.key, t, { purpose: "receipt" })]),
  ],
  [
    "a signature of a batch without its path",
    INVALID,
    FIRST,
    signed((t, c) => [signedOtherwise(c.key, t, { purpose: "transaction-batch" })]),
  ],
  [
    "a signature under another platform version than it names",
    INVALID,
    FIRST,
    signed((t, c) => [signedOtherwise(c.key, t, { metadata: { platformVersion: 2 } })]),
  ],
  ["an Ed25519 signature with its last bit altered", INVALID, FIRST, simple("ed25519", flip(63))],
  ["an Ed25519 signature with its first bit altered", INVALID, FIRST, simple("ed25519", flip(0))],
  ["a P-256 signature with a bit altered", INVALID, FIRST, simple("p256", flip(40))],
  ["a P-256 signature with the high s", INVALID, FIRST, simple("p256", withHighS)],
  [
    "a signature under another's key",
    INVALID,
    FIRST,
    simple("ed25519", (by) => ({ ...by, key: publicKeyOf(STRANGER.key).key })),
  ],
  [
    "a signature under a key of zeros",
    INVALID,
    FIRST,
    simple("ed25519", (by) => ({ ...by, key: "00".repeat(32) })),
  ],
  [
    "a signature of zeros",
    INVALID,
    FIRST,
    simple("ed25519", (by) => ({ ...by, signature: "00".repeat(64) })),
  ],
  [
    "an invalid signature behind one that suffices",
    INVALID,
    '"index":1',
    signed((t, c, s) => [
      ...s.sign(t, c.key).signatures,
      signedOtherwise(STRANGER.key, t, { hash: s.hash("id") }),
    ]),
  ],
  [
    "two invalid signatures: the first is named",
    INVALID,
    FIRST,
    signed((t, c, s) => [
      signedOtherwise(c.key, t, { hash: s.hash("id") }),
      signedOtherwise(STRANGER.key, t, { hash: s.hash("id") }),
    ]),
  ],
  [
    "a composite signature of too few",
    INVALID,
    FIRST,
    signed((t) => [compositeBy(BOARD_KEY, [first], t)]),
  ],
  [
    "a composite signature with a stranger",
    INVALID,
    FIRST,
    signed((t) => [compositeBy(BOARD_KEY, [first, third, STRANGER.key], t)]),
  ],
  [
    "a composite signature with one twice",
    INVALID,
    FIRST,
    signed((t) => [compositeBy(BOARD_KEY, [first, first, third], t)]),
  ],
  [
    "a composite signature in another order",
    INVALID,
    FIRST,
    signed((t) => {
      const { by, ...rest } = compositeBy(BOARD_KEY, [first, second, third], t);
      if (by.kind !== "composite") throw new Error("the board's signature is composite");
      return [{ ...rest, by: { ...by, signatures: by.signatures.toReversed() } }];
    }),
  ],
  [
    "a composite signature of which one is over something else",
    INVALID,
    FIRST,
    signed((t, _, s) => {
      const [good, other] = [t, s.build({})].map(
        (each) => compositeBy(BOARD_KEY, DIRECTORS, each).by,
      );
      if (good?.kind !== "composite" || other?.kind !== "composite")
        throw new Error("the board's signature is composite");
      const signatures = [...good.signatures.slice(0, 2), ...other.signatures.slice(2)];
      return [{ by: { ...good, signatures }, platformVersion: 1 }];
    }),
  ],
  [
    "a composite signature under a tree that no weights reach",
    INVALID,
    FIRST,
    signed((t, c) => [compositeBy(keysOf(2, [c.key]), [c.key], t)]),
  ],
  [
    "a composite signature under a tree of another order",
    INVALID,
    FIRST,
    signed((t) => {
      const tree = keysOf(2, DIRECTORS);
      if (tree.kind !== "threshold") throw new Error("three keys make a threshold");
      const unsorted = { ...tree, children: tree.children.toReversed() };
      return [compositeBy(unsorted, DIRECTORS, t)];
    }),
  ],
  ["another's path in a batch", INVALID, FIRST, inBatch((signatures) => signatures.slice(0, 1))],
  ["another index in a batch", INVALID, FIRST, placed((place) => ({ ...place, index: 0 }))],
  [
    "a size of a batch whose path is longer",
    INVALID,
    FIRST,
    placed((place) => ({ ...place, size: 5 })),
  ],
  ["an index past the end of a batch", INVALID, FIRST, placed((place) => ({ ...place, index: 3 }))],
  [
    "a batch path too short",
    INVALID,
    FIRST,
    placed(({ path, ...place }) => ({ ...place, path: path.slice(1) })),
  ],
  [
    "a batch path too long",
    INVALID,
    FIRST,
    placed(({ path, ...place }) => ({ ...place, path: [...path, ...path.slice(1)] })),
  ],
  [
    "a signature of one id as of a batch of one",
    INVALID,
    FIRST,
    signed((t, c, s) =>
      s.sign(t, c.key).signatures.map((each) => ({
        ...each,
        batch: { index: 0, size: 1, path: [] },
      })),
    ),
  ],
  [
    "signatures of 257 keys",
    "notary/too-large",
    '"what":"signatures","found":257,"max":256',
    signed((t, _, s) => signaturesOfKeys(s, t, 257)),
  ],
  [
    "signatures of 257 keys, one invalid",
    "notary/too-large",
    '"found":257',
    signed((t, _, s) => {
      const other = s.build({});
      return [...signaturesOfKeys(s, t, 256), ...s.sign(other, STRANGER.key).signatures];
    }),
  ],
  [
    "a broken encumbrance set and an invalid signature",
    "notary/encumbrance-broken",
    ':1"',
    (s) => {
      const [coin] = s.coins(2, "ed25519", { encumbranceSet: [0, 1] }) as [Coin, Coin];
      const { transaction } = s.move([coin]);
      const signatures = [signedOtherwise(coin.key, transaction, { purpose: "receipt" })];
      return { shown: s.request({ transaction, signatures }) };
    },
  ],
];

type Place = NonNullable<TransactionSignature["batch"]>;
type Simple = Exclude<Signature, { kind: "composite" }>;

/** A coin's move with these signatures. */
function signed(
  sign: (transaction: Transaction, coin: Coin, scene: Scene) => readonly TransactionSignature[],
  kind: SecretKey["kind"] = "ed25519",
): Make {
  return (scene) => {
    const coin = scene.coin(kind);
    const { transaction } = scene.move([coin]);
    return { shown: scene.request({ transaction, signatures: sign(transaction, coin, scene) }) };
  };
}

/** A coin's move with something of its one signature changed. */
function simple(kind: SecretKey["kind"], change: (by: Simple) => Simple): Make {
  const sign = (transaction: Transaction, { key }: Coin, scene: Scene) =>
    scene
      .sign(transaction, key)
      .signatures.map(({ by, ...rest }) => ({ ...rest, by: change(by as Simple) }));
  return signed(sign, kind);
}

function flip(byte: number): (by: Simple) => Simple {
  return (by) => {
    const bytes = fromHex(by.signature);
    bytes[byte] = (bytes[byte] as number) ^ 1;
    return { ...by, signature: toHex(bytes) };
  };
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Valid as ECDSA goes: of the two values of s, the format has the low one alone. */
function withHighS(by: Simple): Simple {
  const [r, s] = [by.signature.slice(0, 64), by.signature.slice(64)];
  const high = (P256_ORDER - BigInt(`0x${s}`)).toString(16).padStart(64, "0");
  return { ...by, signature: r + high };
}

/** The move stands in the midst of three ids that are signed together. */
function inBatch(
  choose: (signatures: readonly TransactionSignature[]) => readonly TransactionSignature[],
): Make {
  return signed((transaction, { key }, scene) => {
    const id = () => scene.hash<TransactionId>("id in a batch");
    const ids = [id(), transactionId(transaction), id()];
    return choose(signTransactionBatch(key, NETWORK, ids));
  });
}

function placed(change: (place: Place) => Place): Make {
  return inBatch((signatures) =>
    signatures.slice(1, 2).map((each) => ({ ...each, batch: change(each.batch as Place) })),
  );
}
