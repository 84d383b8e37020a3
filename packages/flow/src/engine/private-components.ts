import { type EncryptionKeys, fromHex, toHex } from "@stateset/codec";
import {
  type ContentKey,
  type Leaf,
  LedgerError,
  leafOf,
  privateForms,
  readPrivateComponent,
  sealPrivateComponents,
  type Transaction,
  transactionId,
  type WrappedKey,
  wrapContentKey,
} from "@stateset/ledger";
import {
  FlowFailure,
  type OpenedComponent,
  type Recipient,
  type SealedForParties,
} from "../flow-context.ts";
import type { Write } from "../ports/store.ts";

/** What the flow brings: its node's keys, its seed's bytes, and its next commit. */
export type Sealing = {
  keys: EncryptionKeys;
  random(bytes: number): Uint8Array;
  uuid(): string;
  write(writes: readonly Write[]): void;
};

const SECRET_BYTES = 32;
const ENCRYPTION_KEY = /^[0-9a-f]{64}$/;

/** See `FlowContext.sealPrivate`. All of it follows from the flow's seed, and needs no journal. */
export function sealPrivate(
  transaction: Transaction,
  to: readonly Recipient[],
  on: Sealing,
): SealedForParties {
  const seed = on.random(SECRET_BYTES);
  const contentKeys: ContentKey[] = [];
  const sealed = sealPrivateComponents(transaction, (leaf) => {
    const made = { keyId: on.uuid(), key: on.random(SECRET_BYTES) };
    contentKeys.push({ ...made, leaf: toHex(leaf) as Leaf });
    return made;
  });
  const wrapFor = (publicKey: Uint8Array) =>
    contentKeys.map((key) => wrapContentKey(key, { publicKey, seed }));
  const wrapped = to.map(({ party, encryptionKey }) => {
    const refusal = () =>
      new FlowFailure("flow/bad-encryption-key", "nobody can encrypt for such a key", { party });
    if (!ENCRYPTION_KEY.test(encryptionKey)) throw refusal();
    return orFail(() => wrapFor(fromHex(encryptionKey)), refusal);
  });
  on.write(keysOf(transaction, wrapFor(on.keys.publicKey)));
  return { transaction: sealed, wrapped };
}

/** See `FlowContext.openPrivate`. */
export function openPrivate(
  transaction: Transaction,
  wrapped: readonly WrappedKey[],
  on: Sealing,
): OpenedComponent[] {
  const { keys } = on;
  const used: WrappedKey[] = [];
  const components = privateForms(transaction).flatMap((form, index) => {
    const component = orFail(
      () => readPrivateComponent(form, index, { wrapped, keys }),
      ({ fault: { code, ...facts } }) =>
        new FlowFailure(code, `private component ${index} cannot be read`, { ...facts, index }),
    );
    if (component === undefined) return [];
    const key = form.kind === "sealed" && wrapped.find(({ keyId }) => keyId === form.keyId);
    if (key) used.push(key);
    return [{ ...component, leaf: toHex(leafOf(form)) as Leaf }];
  });
  on.write(keysOf(transaction, used));
  return components;
}

function keysOf(transaction: Transaction, wrapped: readonly WrappedKey[]): Write[] {
  const txId = transactionId(transaction);
  return wrapped.map((each) => ({ kind: "content-key", contentKey: { txId, ...each } }));
}

function orFail<T>(run: () => T, failure: (error: LedgerError) => FlowFailure): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof LedgerError ? failure(error) : error;
  }
}
