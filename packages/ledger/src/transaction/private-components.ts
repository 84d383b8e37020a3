import type { EncryptionKeys } from "@stateset/codec";
import { type ComponentForm, leafOf, openComponent, sealComponent } from "./component-form.ts";
import type { PrivateComponent } from "./components.ts";
import { unwrapContentKey } from "./content-key.ts";
import { GROUP_NAMES } from "./groups.ts";
import { AES_256_GCM } from "./sealing.ts";
import { decodeComponent, groupOf, type Transaction } from "./transaction.ts";
import type { WrappedKey } from "./wrapped-key-schema.ts";

const PRIVATE = GROUP_NAMES.indexOf("private");

/** The forms of its private components, as far as the group is listed. */
export function privateForms(transaction: Transaction): readonly ComponentForm[] {
  const group = groupOf(transaction, "private");
  return group.kind === "listed" ? group.components : [];
}

/** The same transaction with every open private component sealed under the key given for it. */
export function sealPrivateComponents(
  transaction: Transaction,
  keyFor: (leaf: Uint8Array) => { keyId: string; key: Uint8Array },
): Transaction {
  const forms = privateForms(transaction);
  if (!forms.some(({ kind }) => kind === "open")) return transaction;
  const components = forms.map((form) =>
    form.kind === "open"
      ? sealComponent(form, { ...keyFor(leafOf(form)), cipher: AES_256_GCM })
      : form,
  );
  return { groups: transaction.groups.with(PRIVATE, { kind: "listed", components }) };
}

/**
 * Reads a private component, and what is sealed with its wrapped key; undefined where it is hashed,
 * or sealed under a key that is not here.
 * @throws LedgerError `tx/cannot-unwrap`, `tx/cannot-open`, `tx/leaf-mismatch`,
 * `tx/component-malformed`
 */
export function readPrivateComponent(
  form: ComponentForm,
  index: number,
  by: { wrapped: readonly WrappedKey[]; keys: EncryptionKeys },
): PrivateComponent | undefined {
  if (form.kind === "hashed") return undefined;
  if (form.kind === "open") return decodeComponent("private", index, form);
  const { leaf, keyId } = form;
  const wrapped = by.wrapped.find((each) => each.keyId === keyId);
  if (wrapped === undefined) return undefined;
  const key = unwrapContentKey(wrapped, { leaf, keys: by.keys });
  return decodeComponent("private", index, openComponent(form, { key, cipher: AES_256_GCM }));
}
