import { type Authority, type Components, openGroup } from "@stateset/ledger";
import { after, nested, ofIdentity, ofKey, threshold } from "./authorities.ts";
import { moved } from "./made.ts";
import type { Make, RefusedTable } from "./row.ts";
import {
  ANCIENT_HASH,
  BLOCK_TIME,
  BOB,
  CURRENT_HASH,
  NETWORK,
  NOTARY,
  OTHER_NOTARY,
  PREVIOUS_HASH,
} from "./sample-world.ts";
import type { Draft, Scene } from "./scene.ts";

const MALFORMED = "notary/malformed";

/** The wrong standing, and what can be said of the transaction alone. */
export const REFUSED_FORMS: RefusedTable = [
  [
    "another network",
    "notary/wrong-network",
    NETWORK,
    moved((s) => meta({ network: s.hash("network") })),
  ],
  [
    "another notary",
    "notary/wrong-notary",
    OTHER_NOTARY,
    moved(() => meta({ notary: OTHER_NOTARY })),
  ],
  [
    "another network and another notary",
    "notary/wrong-network",
    NETWORK,
    moved((s) => meta({ network: s.hash("network"), notary: OTHER_NOTARY })),
  ],
  [
    "another notary and unknown parameters",
    "notary/wrong-notary",
    NOTARY,
    moved((s) => ({
      ...meta({ notary: OTHER_NOTARY }),
      parameters: [{ hash: s.hash("parameters") }],
    })),
  ],
  [
    "unknown parameters",
    "notary/wrong-parameters",
    CURRENT_HASH,
    moved((s) => ({ parameters: [{ hash: s.hash("parameters") }] })),
  ],
  [
    "parameters before the predecessor",
    "notary/wrong-parameters",
    ANCIENT_HASH,
    moved(() => ({ parameters: [{ hash: ANCIENT_HASH }] })),
  ],
  [
    "a predecessor of the first parameters",
    "notary/wrong-parameters",
    PREVIOUS_HASH,
    moved(
      () => ({ parameters: [{ hash: PREVIOUS_HASH }] }),
      () => ({ parameters: [CURRENT_HASH] }),
    ),
  ],
  [
    "parameters that succeed the current ones",
    "notary/wrong-parameters",
    CURRENT_HASH,
    moved(
      () => ({ parameters: [{ hash: CURRENT_HASH }] }),
      () => ({ parameters: [PREVIOUS_HASH, ANCIENT_HASH] }),
    ),
  ],
  [
    "unknown parameters and an empty window",
    "notary/wrong-parameters",
    "",
    moved((s) => ({
      parameters: [{ hash: s.hash("parameters") }],
      timeWindow: [{ from: 5, until: 5 }],
    })),
  ],
  [
    "neither input nor output",
    MALFORMED,
    "neither input nor output",
    moved(() => ({ inputs: [], headers: [] })),
  ],
  [
    "a reference and nothing else",
    MALFORMED,
    "neither input nor output",
    moved((s) => ({ inputs: [], headers: [], references: [s.coin().ref] })),
  ],
  [
    "references without an input",
    MALFORMED,
    "references without an input",
    moved((s) => ({ inputs: [], references: [s.coin().ref] })),
  ],
  [
    "an input that is also a reference",
    MALFORMED,
    "is input and reference",
    moved((_, { ref }) => ({ references: [ref] })),
  ],
  [
    "a header too few",
    MALFORMED,
    "0 headers for 1 outputs",
    moved((s) => ({ headers: [], outputs: outputs(s, 1) })),
  ],
  [
    "a header too many",
    MALFORMED,
    "2 headers for 1 outputs",
    moved((s) => ({ headers: [s.bobsHeader(), s.bobsHeader()], outputs: outputs(s, 1) })),
  ],
  [
    "a header of another notary",
    MALFORMED,
    "header 1 names another notary",
    moved((s) => ({ headers: [s.bobsHeader(), s.bobsHeader({ notary: OTHER_NOTARY })] })),
  ],
  [
    "an authority of a bare key",
    MALFORMED,
    "only bare keys",
    byAuthority((_, s) => ofKey(s.key())),
  ],
  [
    "a bare key below a delay",
    MALFORMED,
    "only bare keys",
    byAuthority((_, s) => after(5, ofKey(s.key()))),
  ],
  [
    "an identity that needs a bare key beside it",
    MALFORMED,
    "only bare keys",
    byAuthority((bob, s) => threshold(2, [1, bob], [1, ofKey(s.key())])),
  ],
  [
    "an identity of too little weight",
    MALFORMED,
    "only bare keys",
    byAuthority((bob, s) => threshold(3, [2, bob], [3, ofKey(s.key())])),
  ],
  [
    "a threshold that no weights reach",
    MALFORMED,
    "keys/threshold-unreachable",
    byAuthority((bob) => threshold(2, [1, bob])),
  ],
  [
    "children in another order",
    MALFORMED,
    "keys/children-unsorted",
    byAuthority((bob, s) => {
      const { children, ...tree } = threshold(1, [1, bob], [1, ofKey(s.key())]);
      return { ...tree, children: children.toReversed() };
    }),
  ],
  [
    "a child twice",
    MALFORMED,
    "keys/children-unsorted",
    byAuthority((bob) => threshold(1, [1, bob], [2, bob])),
  ],
  [
    "a fault in a threshold below another",
    MALFORMED,
    "keys/threshold-unreachable",
    byAuthority((bob) => threshold(1, [1, bob], [1, threshold(3, [2, bob])])),
  ],
  [
    "a fault in a threshold below a delay",
    MALFORMED,
    "keys/threshold-unreachable",
    byAuthority((bob) => threshold(1, [1, bob], [1, after(5, threshold(3, [2, bob]))])),
  ],
  ["thresholds seven deep", MALFORMED, "keys/tree-too-deep", byAuthority((bob) => nested(7, bob))],
  ["an encumbrance set of one", MALFORMED, "at least two outputs", bySets([0])],
  ["a set that does not ascend", MALFORMED, "do not ascend", bySets([1, 0], [1, 0])],
  ["an output twice in a set", MALFORMED, "do not ascend", bySets([0, 0, 1], [0, 0, 1])],
  ["a set without its own output", MALFORMED, "not in its own set", bySets([1, 2], [1, 2], [1, 2])],
  ["a set with an output that is not there", MALFORMED, "output 7 does not name", bySets([0, 7])],
  [
    "a set whose other member stands alone",
    MALFORMED,
    "header 0: output 1 does not name",
    bySets([0, 1], []),
  ],
  [
    "members that name two sets",
    MALFORMED,
    "header 0: output 1 does not name",
    bySets([0, 1], [1, 2], [1, 2]),
  ],
  [
    "another notary's header before a faulty authority",
    MALFORMED,
    "header 0 names another notary",
    moved((s) => ({ headers: [s.header(ofKey(s.key()), { notary: OTHER_NOTARY })] })),
  ],
  [
    "a faulty authority with a faulty set",
    MALFORMED,
    "only bare keys",
    moved((s) => ({ headers: [s.header(ofKey(s.key()), { encumbranceSet: [0] })] })),
  ],
  [
    "a window of no length",
    MALFORMED,
    "the time window is empty",
    moved(() => ({ timeWindow: [{ from: BLOCK_TIME, until: BLOCK_TIME }] })),
  ],
  [
    "a window that ends before it begins",
    MALFORMED,
    "the time window is empty",
    moved(() => ({ timeWindow: [{ from: BLOCK_TIME, until: BLOCK_TIME - 1 }] })),
  ],
  ["an instruction", "notary/instructions-unsupported", "", moved(() => INSTRUCTED)],
  [
    "an instruction and an empty window",
    MALFORMED,
    "the time window is empty",
    moved(() => ({ ...INSTRUCTED, timeWindow: [{ from: 1, until: 1 }] })),
  ],
  [
    "an instruction and a missing signature",
    "notary/instructions-unsupported",
    "",
    (s) => {
      const { transaction } = s.move([s.coin()], INSTRUCTED);
      return { shown: { ...s.request({ transaction, signatures: [] }), headers: [] } };
    },
  ],
];

const INSTRUCTED: Draft = { instructions: [{ kind: "ibc/packet", data: new Uint8Array(1) }] };

function meta(change: Partial<Components["meta"]>): Draft {
  return { meta: [{ version: 0, hash: "sha-256", network: NETWORK, notary: NOTARY, ...change }] };
}

/** As a move of so many headers would have them. */
function outputs(scene: Scene, count: number): Components["outputs"][] {
  const headers = Array.from({ length: count }, () => scene.bobsHeader());
  return openGroup(scene.build({ headers }), "outputs");
}

/** The output has an authority made of Bob's. */
function byAuthority(authority: (bob: Authority, scene: Scene) => Authority): Make {
  return moved((s) => ({ headers: [s.header(authority(ofIdentity(s.opening(BOB.id)), s))] }));
}

/** An output for each set. */
function bySets(...sets: number[][]): Make {
  return moved((s) => ({
    headers: sets.map((encumbranceSet) => s.bobsHeader({ encumbranceSet })),
  }));
}
