import type { SecretKey } from "@stateset/codec";
import { RECOVERY_DELAY_MS, type Transaction, type TransactionSignature } from "@stateset/ledger";
import { after, nested, ofIdentity, ofKey, threshold } from "./authorities.ts";
import { createdAt, moved, spent, spentBy } from "./made.ts";
import type { AcceptedTable, Made, Make } from "./row.ts";
import {
  ALICE,
  BLOCK_TIME,
  BOARD,
  BOARD_KEY,
  BOB,
  CAROL,
  DAVE,
  DIRECTORS,
  STRANGER,
} from "./sample-world.ts";
import type { Scene } from "./scene.ts";
import { compositeBy } from "./signatures.ts";

const [first, second, third] = DIRECTORS;

/** Every way to satisfy an authority. */
export const ACCEPTED_AUTHORITIES: AcceptedTable = [
  ["a one-time key", moved()],
  ["a one-time key on P-256", (s) => ({ shown: s.request(s.move([s.coin("p256")])) })],
  ["an identity with its opening", spentBy(ALICE)],
  ["an identity whose key is on P-256", spentBy(CAROL)],
  ["an identity by the key that counts since a rotation", spentBy(DAVE)],
  [
    "an identity by a composite signature",
    spentByBoard((transaction) => [compositeBy(BOARD_KEY, [first, third], transaction)]),
  ],
  [
    "an identity by a composite signature of keys on two curves",
    spentByBoard((transaction) => [compositeBy(BOARD_KEY, [second, third], transaction)]),
  ],
  [
    "an identity with a threshold key by signatures that stand alone",
    spentByBoard((transaction, scene) => scene.sign(transaction, third, first).signatures),
  ],
  ["an identity exactly at the end of its delay", recovered(RECOVERY_DELAY_MS)],
  ["an identity long after its delay", recovered(RECOVERY_DELAY_MS * 100)],
  [
    "no delay, for a state created in this block",
    spentBy(ALICE, (alice) => after(0, alice), createdAt(BLOCK_TIME)),
  ],
  [
    "a delay within a delay: the longer one counts",
    spentBy(ALICE, (alice) => after(1000, after(2000, alice)), createdAt(BLOCK_TIME - 2000)),
  ],
  [
    "an identity whose weight suffices alone",
    spentBy(ALICE, (alice, s) =>
      threshold(3, [3, alice], [1, ofKey(s.key())], [2, ofKey(s.key())]),
    ),
  ],
  [
    "weights of keys that add up",
    spent((scene) => {
      const signers: [SecretKey, SecretKey] = [scene.key(), scene.key("p256")];
      const bob = ofIdentity(scene.opening(BOB.id));
      const authority = threshold(3, [3, bob], [1, ofKey(signers[0])], [2, ofKey(signers[1])]);
      return { authority, signers };
    }),
  ],
  [
    "a key and two identities, all needed",
    spent((scene) => {
      const openings = [scene.opening(ALICE.id), scene.opening(CAROL.id)] as const;
      const [alice, carol] = [ofIdentity(openings[0]), ofIdentity(openings[1])];
      const key = scene.key();
      // The key cannot be lost beyond recovery: after a day, Bob stands in for it.
      const bob = after(86_400_000, ofIdentity(scene.opening(BOB.id)));
      const either = threshold(1, [1, ofKey(key)], [1, bob]);
      const authority = threshold(3, [1, alice], [1, carol], [1, either]);
      return { authority, openings, signers: [key, ALICE.key, CAROL.key] };
    }),
  ],
  ["thresholds six deep", spentBy(ALICE, (alice) => nested(6, alice))],
  [
    "one opening for two states of one commitment",
    (scene) => {
      const opening = scene.opening(ALICE.id);
      const inputs = scene.states([ofIdentity(opening), ofIdentity(opening)]);
      const transaction = scene.build({ inputs, headers: [scene.bobsHeader()] });
      return { shown: scene.request(scene.sign(transaction, ALICE.key), opening) };
    },
  ],
  [
    "openings that nothing needs, and some twice",
    spent((scene) => {
      const opening = scene.opening(ALICE.id);
      const other = scene.opening(STRANGER.id);
      const openings = [other, opening, other, opening];
      return { authority: ofIdentity(opening), openings, signers: [ALICE.key] };
    }),
  ],
  ["inputs of a key, an identity and a board", spentByThree],
];

function recovered(ageMs: number): Make {
  return (scene) => {
    const coin = scene.coin();
    const { transaction } = scene.move([coin]);
    const shown = scene.request(scene.sign(transaction, ALICE.key), coin.opening);
    return { shown, ...createdAt(BLOCK_TIME - ageMs)(coin.ref) };
  };
}

function spentByBoard(
  sign: (transaction: Transaction, scene: Scene) => readonly TransactionSignature[],
): Make {
  return (scene) => {
    const opening = scene.opening(BOARD);
    const inputs = scene.states([ofIdentity(opening)]);
    const transaction = scene.build({ inputs, headers: [scene.bobsHeader()] });
    const signatures = sign(transaction, scene);
    return { shown: scene.request({ transaction, signatures }, opening) };
  };
}

function spentByThree(scene: Scene): Made {
  const [alice, board] = [scene.opening(ALICE.id), scene.opening(BOARD)];
  const coin = scene.coin();
  const inputs = [coin.ref, ...scene.states([ofIdentity(alice), ofIdentity(board)])];
  const transaction = scene.build({ inputs, headers: [scene.bobsHeader()] });
  const { signatures } = scene.sign(transaction, coin.key, ALICE.key);
  const composite = compositeBy(BOARD_KEY, [second, third], transaction);
  const signed = { transaction, signatures: [...signatures, composite] };
  return { shown: scene.request(signed, alice, board) };
}
