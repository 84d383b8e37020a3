import { encode, type SecretKey, toHex } from "@stateset/codec";
import type { NotarisationRequest } from "@stateset/flow";
import { type Authority, COMPONENT_SCHEMAS, type StateRef, type UniqueKey } from "@stateset/ledger";
import { ofIdentity } from "./authorities.ts";
import { countedHex } from "./counted-bytes.ts";
import type { Made, Make } from "./row.ts";
import { CREATED_AT, type Opening, type Party } from "./sample-world.ts";
import type { Coin, Draft, Scene } from "./scene.ts";
import type { View } from "./verdict.ts";

/** What goes with a row besides its request. */
export type Circumstances = Omit<Made, "shown">;

/** Another transaction that has a state or a unique key: its leaf, and when it was notarised. */
export function takenBy(counter: number, at: number) {
  return { by: countedHex<never>("leaf of another", counter), at };
}

/** A coin's move, in which the draft changes groups. */
export function moved(
  draft: (scene: Scene, coin: Coin) => Draft = () => ({}),
  circumstances: (coin: Coin) => Circumstances = () => ({}),
): Make {
  return (scene) => {
    const coin = scene.coin();
    const signed = scene.move([coin], draft(scene, coin));
    return { shown: scene.request(signed), ...circumstances(coin) };
  };
}

/** A coin's move, of which the request is shown with something changed. */
export function shownAs(
  change: (request: NotarisationRequest, scene: Scene, coin: Coin) => Partial<NotarisationRequest>,
): Make {
  return (scene) => {
    const coin = scene.coin();
    const request = scene.request(scene.move([coin]));
    return { shown: { ...request, ...change(request, scene, coin) } };
  };
}

/** How a state of this authority is spent. */
export type Spending = {
  authority: Authority;
  signers?: readonly SecretKey[];
  openings?: readonly Opening[];
  circumstances?: (ref: StateRef) => Circumstances;
};

/** A state of any authority goes to Bob. */
export function spent(spending: (scene: Scene) => Spending): Make {
  return (scene) => {
    const { authority, signers = [], openings = [], circumstances } = spending(scene);
    const [ref] = scene.states([authority]);
    if (ref === undefined) throw new Error("one authority makes one state");
    const transaction = scene.build({ inputs: [ref], headers: [scene.bobsHeader()] });
    const shown = scene.request(scene.sign(transaction, ...signers), ...openings);
    return { shown, ...circumstances?.(ref) };
  };
}

/** One identity's state goes to Bob, under an authority made of the identity's own. */
export function spentBy(
  { id, key }: Party,
  authority: (identity: Authority, scene: Scene) => Authority = (identity) => identity,
  circumstances: (ref: StateRef) => Circumstances = () => ({}),
): Make {
  return spent((scene) => {
    const opening = scene.opening(id);
    return {
      authority: authority(ofIdentity(opening), scene),
      openings: [opening],
      signers: [key],
      circumstances,
    };
  });
}

/** The state's transaction was notarised then; null where it was not. */
export function createdAt(at: number | null): (ref: StateRef) => Circumstances {
  return (ref) => ({ created: [[ref, at]] });
}

/** An issuance with unique keys, signed by these. */
export function claimed(
  uniqueKeys: (scene: Scene) => UniqueKey[],
  signers: readonly SecretKey[],
  circumstances: (keys: readonly UniqueKey[]) => Circumstances = () => ({}),
): Make {
  return (scene) => {
    const draft = { uniqueKeys: uniqueKeys(scene), headers: [scene.bobsHeader()] };
    const signed = scene.sign(scene.build(draft), ...signers);
    return { shown: scene.request(signed), ...circumstances(draft.uniqueKeys) };
  };
}

export function uniqueKey(
  scene: Scene,
  owner: UniqueKey["owner"],
  kind = "invoice/number",
): UniqueKey {
  return { kind, owner, value: scene.hash("unique value") };
}

/** A unique key that another transaction has. */
export function takenKey(key: UniqueKey, counter = 0): View["uniqueKeys"][number] {
  const encoded = toHex(encode(COMPONENT_SCHEMAS.uniqueKeys, key));
  return { encoded, ...takenBy(counter, CREATED_AT + counter) };
}
