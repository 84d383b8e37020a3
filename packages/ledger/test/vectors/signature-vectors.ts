import assert from "node:assert/strict";
import {
  encode,
  isKeyTreeSatisfied,
  keyTreeSchema,
  type Signature,
  type SignaturePayload,
  sign,
  signatureSchema,
  taggedHash,
  toHex,
  verifySignature,
} from "@stateset/codec";
import { acceptedComposites, refusedComposites, treeCases } from "./composite-cases.ts";
import { countedKey, keyJson } from "./counted-bytes.ts";
import { acceptedMixedOrder, refusedEd25519 } from "./ed25519-cases.ts";
import { signaturePayloadSchema } from "./ledger-schemas.ts";
import { refusedP256 } from "./p256-cases.ts";
import { OTHER_PAYLOADS, PAYLOAD } from "./signature-cases.ts";

const SIGNERS = [countedKey("ed25519", "signer"), countedKey("p256", "signer")];

export function signatureVectors() {
  const payloads: [string, SignaturePayload][] = [["as most here", PAYLOAD], ...OTHER_PAYLOADS];
  return {
    message: "what is signed is the hash under the tag signature of the payload's encoding",
    keys: SIGNERS.map(keyJson),
    payloads: payloads.map(([name, payload]) => {
      const bytes = encode(signaturePayloadSchema, payload);
      return { name, payload, bytes: toHex(bytes), message: taggedHash("signature", bytes) };
    }),
    signed: SIGNERS.flatMap((key) =>
      payloads.map(([name, payload]) => accepted(name, sign(key, payload), payload)),
    ),
    accepted: [
      ...acceptedComposites().map(({ name, signature }) => accepted(name, signature, PAYLOAD)),
      accepted(...named(acceptedMixedOrder())),
    ],
    refused: [
      ...refusedEd25519().map((row) => refused(...named(row))),
      ...refusedP256().map(({ name, signature }) => refused(name, signature, PAYLOAD)),
      ...refusedComposites().map(({ name, signature }) => refused(name, signature, PAYLOAD)),
      ...SIGNERS.flatMap((key) =>
        OTHER_PAYLOADS.map(([name, payload]) => refused(name, sign(key, PAYLOAD), payload)),
      ),
    ],
    trees: treeCases().map(({ name, tree, code }) => ({
      name,
      tree,
      bytes: toHex(encode(keyTreeSchema, tree)),
      isSatisfiedByAll: isKeyTreeSatisfied(tree, () => true),
      ...(code === undefined ? {} : { code }),
    })),
  };
}

type Named = { name: string; signature: Signature; payload: SignaturePayload };

function named({ name, signature, payload }: Named) {
  return [name, signature, payload] as const;
}

function accepted(name: string, signature: Signature, payload: SignaturePayload) {
  assert.ok(verifySignature(signature, payload), `${signature.kind}, ${name}`);
  return { name, signature, bytes: toHex(encode(signatureSchema, signature)), payload };
}

function refused(name: string, signature: Signature, payload: SignaturePayload) {
  assert.ok(!verifySignature(signature, payload), `${signature.kind}, ${name}`);
  return { name, signature, payload };
}
