import { fromHex } from "@stateset/codec";
import type { NotarisationRequest } from "@stateset/flow";
import {
  type ComponentProof,
  encodeSignedTransaction,
  GROUP_NAMES,
  type Header,
  NOTARY_GROUPS,
  proveComponent,
  type Transaction,
  tearOff,
  transactionId,
} from "@stateset/ledger";
import { shownAs } from "./made.ts";
import type { Made, Make, RefusedTable } from "./row.ts";
import { OTHER_NOTARY } from "./sample-world.ts";
import type { Coin, Scene } from "./scene.ts";

const UNPROVEN = "notary/header-unproven";
const BROKEN = "notary/encumbrance-broken";
const ASTRAY = "does not lead to the transaction";

/** Headers that are not proven, or tell of another notary, and encumbrance sets in part. */
export const REFUSED_PROOFS: RefusedTable = [
  [
    "no proof for an input",
    "notary/malformed",
    "0 headers are shown for 1",
    shownAs(() => ({ headers: [] })),
  ],
  [
    "a proof too many",
    "notary/malformed",
    "2 headers are shown for 1",
    shownAs(({ headers }) => ({ headers: [...headers, ...headers] })),
  ],
  [
    "no proof for a reference",
    "notary/malformed",
    "1 headers are shown for 2",
    (s) => {
      const request = withReference(s);
      return { shown: { ...request, headers: request.headers.slice(0, 1) } };
    },
  ],
  [
    "the header of another transaction",
    UNPROVEN,
    ASTRAY,
    proven((_, s) => {
      const stranger = s.build({ headers: Array.from({ length: 3 }, () => s.bobsHeader()) });
      return proveComponent(stranger, "headers", 1);
    }),
  ],
  [
    "another header with the right paths",
    UNPROVEN,
    ASTRAY,
    altered((s) => {
      const stranger = s.build({ headers: [s.bobsHeader()] });
      return { component: proveComponent(stranger, "headers", 0).component };
    }),
  ],
  [
    "bytes that are no header with the right paths",
    UNPROVEN,
    ASTRAY,
    altered(() => ({ component: fromHex("a0") })),
  ],
  ["another nonce", UNPROVEN, ASTRAY, altered((s) => ({ nonce: s.hash("other") }))],
  ["another index", UNPROVEN, ASTRAY, altered(() => ({ index: 0 }))],
  ["an index past the count", UNPROVEN, ASTRAY, altered(() => ({ index: 3 }))],
  ["a smaller count", UNPROVEN, ASTRAY, altered(() => ({ count: 2 }))],
  ["a larger count", UNPROVEN, ASTRAY, altered(() => ({ count: 4 }))],
  ["another group's number", UNPROVEN, ASTRAY, altered(() => ({ group: 3 }))],
  [
    "a sibling altered",
    UNPROVEN,
    ASTRAY,
    proven(({ path, ...proof }, s) => ({ ...proof, path: [s.hash("other"), ...path.slice(1)] })),
  ],
  [
    "siblings swapped",
    UNPROVEN,
    ASTRAY,
    proven(({ path, ...proof }) => ({ ...proof, path: path.toReversed() })),
  ],
  [
    "a path too short",
    UNPROVEN,
    ASTRAY,
    proven(({ path, ...proof }) => ({ ...proof, path: path.slice(1) })),
  ],
  [
    "a path too long",
    UNPROVEN,
    ASTRAY,
    proven(({ path, ...proof }, s) => ({ ...proof, path: [...path, s.hash("other")] })),
  ],
  [
    "a group path too short",
    UNPROVEN,
    ASTRAY,
    proven(({ groupPath, ...proof }) => ({ ...proof, groupPath: groupPath.slice(1) })),
  ],
  [
    "a group path too long",
    UNPROVEN,
    ASTRAY,
    proven(({ groupPath, ...proof }, s) => ({
      ...proof,
      groupPath: [...groupPath, s.hash("other")],
    })),
  ],
  [
    "a group's root altered",
    UNPROVEN,
    ASTRAY,
    proven(({ groupPath, ...proof }, s) => ({
      ...proof,
      groupPath: [...groupPath.slice(0, -1), s.hash("other")],
    })),
  ],
  [
    "the proofs of two inputs swapped",
    UNPROVEN,
    ASTRAY,
    (s) => {
      const request = s.request(s.move(s.coins(2)));
      return { shown: { ...request, headers: request.headers.toReversed() } };
    },
  ],
  [
    "the proofs of input and reference swapped",
    UNPROVEN,
    ASTRAY,
    (s) => {
      const request = withReference(s);
      return { shown: { ...request, headers: request.headers.toReversed() } };
    },
  ],
  [
    "a header that its transaction holds and that is none",
    UNPROVEN,
    "tx/component-malformed",
    malformedHeader,
  ],
  [
    "an input of another notary's",
    "notary/wrong-notary",
    OTHER_NOTARY,
    (s) => ({
      shown: s.request(s.move([s.coin("ed25519", { notary: OTHER_NOTARY })])),
    }),
  ],
  [
    "a reference of another notary's",
    "notary/wrong-notary",
    OTHER_NOTARY,
    (s) => ({
      shown: withReference(s, { notary: OTHER_NOTARY }),
    }),
  ],
  [
    "an input unproven before another notary's reference",
    UNPROVEN,
    ASTRAY,
    (s) => {
      const request = withReference(s, { notary: OTHER_NOTARY });
      const [proof, ...rest] = request.headers;
      const unproven = { ...(proof as ComponentProof), count: 7 };
      return { shown: { ...request, headers: [unproven, ...rest] } };
    },
  ],
  ["one of an encumbrance set of two", BROKEN, ':1"', ofSet(2, [0])],
  ["two of an encumbrance set of three", BROKEN, ':1"', ofSet(3, [0, 2])],
  [
    "the last of an encumbrance set of three: the first missing is named",
    BROKEN,
    ':0"',
    ofSet(3, [2]),
  ],
  [
    "an encumbrance set of which one is only referred to",
    BROKEN,
    ':1"',
    (s) => {
      const [one, other] = s.coins(2, "ed25519", { encumbranceSet: [0, 1] }) as [Coin, Coin];
      return { shown: s.request(s.move([one], { references: [other.ref] })) };
    },
  ],
  [
    "members of two encumbrance sets, neither whole",
    BROKEN,
    ':1"',
    (s) => {
      const sets = [1, 2].map(() => s.coins(2, "ed25519", { encumbranceSet: [0, 1] }));
      return { shown: s.request(s.move(sets.flatMap(([first]) => first as Coin))) };
    },
  ],
  [
    "a broken encumbrance set and no proof for a reference",
    UNPROVEN,
    ASTRAY,
    (s) => {
      const [one] = s.coins(2, "ed25519", { encumbranceSet: [0, 1] }) as [Coin, Coin];
      const request = s.request(s.move([one], { references: [s.coin().ref] }));
      const [proof] = request.headers as [ComponentProof];
      return { shown: { ...request, headers: [proof, proof] } };
    },
  ],
];

/** A move of the second of three coins, with another proof of its header. */
function proven(change: (proof: ComponentProof, scene: Scene) => ComponentProof): Make {
  return (scene) => {
    const [, coin] = scene.coins(3);
    const request = scene.request(scene.move([coin as Coin]));
    return {
      shown: { ...request, headers: request.headers.map((proof) => change(proof, scene)) },
    };
  };
}

function altered(change: (scene: Scene) => Partial<ComponentProof>): Make {
  return proven((proof, scene) => ({ ...proof, ...change(scene) }));
}

function withReference(scene: Scene, change: Partial<Header> = {}): NotarisationRequest {
  const references = [scene.coin("ed25519", change).ref];
  return scene.request(scene.move([scene.coin()], { references }));
}

/** Of so many states in a set, these are spent. */
function ofSet(size: number, spent: readonly number[]): Make {
  return (scene) => {
    const encumbranceSet = Array.from({ length: size }, (_, index) => index);
    const coins = scene.coins(size, "ed25519", { encumbranceSet });
    return { shown: scene.request(scene.move(spent.map((index) => coins[index] as Coin))) };
  };
}

/** The paths are right, but what they lead to was never a header. */
function malformedHeader(scene: Scene): Made {
  const whole = scene.build({ headers: [scene.bobsHeader()] });
  const nonce = scene.hash("nonce");
  const creating: Transaction = {
    groups: whole.groups.map((group, i) =>
      GROUP_NAMES[i] === "headers"
        ? { kind: "listed", components: [{ kind: "open", nonce, component: fromHex("a0") }] }
        : group,
    ),
  };
  const ref = { txId: transactionId(creating), index: 0 };
  const spending = scene.build({ inputs: [ref], headers: [scene.bobsHeader()] });
  const transaction = tearOff(spending, { groups: NOTARY_GROUPS });
  const signed = encodeSignedTransaction({ transaction, signatures: [] });
  const headers = [proveComponent(creating, "headers", 0)];
  return { shown: { signed, headers, openings: [] } };
}
