import {
  type KeyTree,
  keyTreeSchema,
  publicKeyOf,
  type SecretKey,
  thresholdOf,
} from "@stateset/codec";
import {
  hashParameters,
  type IdentityId,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type ParametersHash,
} from "@stateset/ledger";
import { countedHex, countedKey } from "./counted-bytes.ts";

export const NETWORK: NetworkId = countedHex("network", 0);
export const NOTARY: NotaryId = countedHex("notary", 0);
export const OTHER_NOTARY: NotaryId = countedHex("notary", 1);

/** When the block is made that judges a row, unless the row says otherwise. */
export const BLOCK_TIME = 1_767_225_600_000;
/** When the states that a row spends were created, unless the row says otherwise. */
export const CREATED_AT = BLOCK_TIME - 86_400_000;

const ANCIENT: NetworkParameters = {
  network: NETWORK,
  epoch: 2,
  vm: {
    engine: countedHex("engine", 0),
    gas: 0,
    memoryBytes: 0,
    stackBytes: 0,
    callDepth: 0,
    sourceBytesMax: 0,
    inputBytesMax: 0,
    resultBytesMax: 0,
  },
  approvedContracts: [],
  contractOwners: [],
  uniqueKeySalt: countedHex("salt", 0),
};
const PREVIOUS: NetworkParameters = { ...ANCIENT, epoch: 3 };
const CURRENT: NetworkParameters = { ...ANCIENT, epoch: 4 };

export const CURRENT_HASH = hashParameters(CURRENT);
export const PREVIOUS_HASH = hashParameters(PREVIOUS);
/** Of the version before the predecessor, which the map knows and a notary takes no more. */
export const ANCIENT_HASH = hashParameters(ANCIENT);

export const PARAMETERS: ReadonlyMap<ParametersHash, NetworkParameters> = new Map([
  [CURRENT_HASH, CURRENT],
  [PREVIOUS_HASH, PREVIOUS],
  [ANCIENT_HASH, ANCIENT],
]);

/** A company of which the map tells the key that counts now. */
export type Party = { id: IdentityId; key: SecretKey };

export const ALICE = party("Alice");
export const BOB = party("Bob");
/** Her key is on the curve P-256. */
export const CAROL = party("Carol", "p256");
/** His key counts since a rotation; the one before it does not count any more. */
export const DAVE = party("Dave, rotated");
export const DAVES_FORMER_KEY = countedKey("ed25519", "Dave");
/** Nobody whom the map knows. */
export const STRANGER = party("Stranger");

/** Three directors, of whom two speak for their company. */
export const DIRECTORS: [SecretKey, SecretKey, SecretKey] = [
  countedKey("ed25519", "first director"),
  countedKey("p256", "second director"),
  countedKey("ed25519", "third director"),
];
export const BOARD_KEY: KeyTree = thresholdOf<KeyTree>(
  keyTreeSchema,
  2,
  DIRECTORS.map((key) => ({ weight: 1, node: publicKeyOf(key) })),
);
export const BOARD: IdentityId = countedHex("identity of Board", 0);

/** The identities that the map knows, in every row. */
export const IDENTITIES: readonly { id: IdentityId; key: KeyTree }[] = [
  ...[ALICE, BOB, CAROL, DAVE].map(({ id, key }) => ({ id, key: publicKeyOf(key) })),
  { id: BOARD, key: BOARD_KEY },
];

/** What opens the commitment of an identity. */
export type Opening = { identity: IdentityId; blinding: string };

function party(name: string, kind: SecretKey["kind"] = "ed25519"): Party {
  return { id: countedHex(`identity of ${name}`, 0), key: countedKey(kind, name) };
}
