import {
  bytes,
  fromHex,
  hex,
  type Infer,
  record,
  taggedHashBytes,
  text,
  toHex,
  union,
} from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import { GROUP_LIMITS } from "./groups.ts";
import { type Leaf, leafSchema } from "./ids.ts";
import type { SealingCipher } from "./sealing.ts";
import { KEY_ID_BYTES_MAX } from "./wrapped-key-schema.ts";

export const NONCE_BYTES = 32;
/** What a ciphertext holds besides the component: the nonce, and the cipher's tag. */
export const SEALING_OVERHEAD_BYTES = NONCE_BYTES + 16;
const CIPHERTEXT_BYTES_MAX = SEALING_OVERHEAD_BYTES + GROUP_LIMITS.private.bytesMax;

/**
 * The three forms in which a component is stored or sent. All three give the same leaf, and so the
 * same transaction id: a tear-off, an erasure and an encrypted copy are one mechanism.
 */
export const componentFormSchema = union({
  open: record({
    nonce: hex({ length: NONCE_BYTES }),
    component: bytes({ min: 1, max: GROUP_LIMITS.private.bytesMax }),
  }),
  sealed: record({
    leaf: leafSchema,
    keyId: text({ min: 1, max: KEY_ID_BYTES_MAX }),
    algorithm: text({ min: 1, max: 32 }),
    ciphertext: bytes({ min: SEALING_OVERHEAD_BYTES + 1, max: CIPHERTEXT_BYTES_MAX }),
  }),
  hashed: record({ leaf: leafSchema }),
});
export type ComponentForm = Infer<typeof componentFormSchema>;
export type OpenComponent = Extract<ComponentForm, { kind: "open" }>;
export type SealedComponent = Extract<ComponentForm, { kind: "sealed" }>;

/**
 * H(component ‖ nonce ‖ component). The nonce is the component's own and random: once it is
 * destroyed nobody can confirm a guess of the content.
 */
export function componentLeaf(open: OpenComponent): Uint8Array {
  return taggedHashBytes("component", fromHex(open.nonce), open.component);
}

export function leafOf(form: ComponentForm): Uint8Array {
  return form.kind === "open" ? componentLeaf(form) : fromHex(form.leaf);
}

/** The form that tells nothing but the leaf. */
export function hashComponent(form: ComponentForm): ComponentForm {
  return { kind: "hashed", leaf: toHex(leafOf(form)) as Leaf };
}

/** Encrypts nonce and component, bound to the leaf. */
export function sealComponent(
  open: OpenComponent,
  seal: { keyId: string; key: Uint8Array; cipher: SealingCipher },
): SealedComponent {
  const leaf = componentLeaf(open);
  const plaintext = new Uint8Array(NONCE_BYTES + open.component.length);
  plaintext.set(fromHex(open.nonce));
  plaintext.set(open.component, NONCE_BYTES);
  return {
    kind: "sealed",
    leaf: toHex(leaf) as Leaf,
    keyId: seal.keyId,
    algorithm: seal.cipher.algorithm,
    ciphertext: seal.cipher.encrypt(seal.key, leaf, plaintext),
  };
}

/**
 * Opens a sealed component and checks that it is what the leaf says.
 * @throws LedgerError `tx/cannot-open` with a wrong key or altered bytes, `tx/leaf-mismatch` where
 * whoever sealed it put another component inside
 */
export function openComponent(
  sealed: SealedComponent,
  seal: { key: Uint8Array; cipher: SealingCipher },
): OpenComponent {
  const { keyId } = sealed;
  const leaf = fromHex(sealed.leaf);
  const plaintext =
    sealed.algorithm === seal.cipher.algorithm
      ? seal.cipher.decrypt(seal.key, leaf, sealed.ciphertext)
      : undefined;
  if (plaintext === undefined || plaintext.length <= NONCE_BYTES)
    throw new LedgerError({ code: "tx/cannot-open", keyId });
  const open: OpenComponent = {
    kind: "open",
    nonce: toHex(plaintext.subarray(0, NONCE_BYTES)),
    component: new Uint8Array(plaintext.subarray(NONCE_BYTES)),
  };
  if (toHex(componentLeaf(open)) !== sealed.leaf)
    throw new LedgerError({ code: "tx/leaf-mismatch", keyId });
  return open;
}
