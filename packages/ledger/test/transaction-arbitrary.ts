import { publicKeyOf, toHex } from "@stateset/codec";
import fc, { type Arbitrary } from "fast-check";
import type { Authority } from "../src/authority.ts";
import {
  type ComponentForm,
  hashComponent,
  type OpenComponent,
  sealComponent,
} from "../src/transaction/component-form.ts";
import type { Components } from "../src/transaction/components.ts";
import { GROUP_NAMES, type GroupName } from "../src/transaction/groups.ts";
import { AES_256_GCM } from "../src/transaction/sealing.ts";
import { closeGroup, type Group, type Transaction } from "../src/transaction/transaction.ts";
import { openOf, secretKey } from "./coin-network.ts";

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex) as Arbitrary<never>;
const name = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 });
const data = fc.uint8Array({ minLength: 1, maxLength: 40 });
const key = fc.integer({ min: 1, max: 9 }).map((fill) => publicKeyOf(secretKey(fill)));
const stateRef = fc.record({ txId: hash, index: fc.nat(0xffff) });

const { authority } = fc.letrec<{ authority: Authority }>((tie) => ({
  authority: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant("key" as const), key }),
    fc.record({ kind: fc.constant("identity" as const), commitment: hash }),
    fc.record({
      kind: fc.constant("after" as const),
      delayMs: fc.maxSafeNat(),
      authority: tie("authority"),
    }),
    fc.record({
      kind: fc.constant("threshold" as const),
      threshold: fc.integer({ min: 1, max: 9 }),
      children: fc.array(
        fc.record({ weight: fc.integer({ min: 1, max: 9 }), node: tie("authority") }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  ),
}));

const constraint = fc.oneof(
  fc.record({ kind: fc.constant("exact" as const), bundle: hash }),
  fc.record({ kind: fc.constant("signed" as const), key, version: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant("approved" as const) }),
);
const signer = fc.oneof(
  fc.record({ kind: fc.constant("key" as const), key }),
  fc.record({ kind: fc.constant("identity" as const), identity: hash }),
);

const components: { [G in GroupName]: Arbitrary<Components[G]> } = {
  meta: fc.record({
    version: fc.constant(0),
    hash: fc.constant("sha-256" as const),
    network: hash,
    notary: hash,
  }),
  inputs: stateRef,
  references: stateRef,
  outputs: fc.record({ contract: name, type: name, constraint, data }),
  headers: fc.record({
    notary: hash,
    authority: authority as Arbitrary<never>,
    encumbranceSet: fc.array(fc.nat(511), { maxLength: 3 }),
  }),
  commands: fc.record({
    contract: name,
    name,
    data,
    signers: fc.array(signer, { minLength: 1, maxLength: 3 }),
  }),
  attachments: fc.record({ contract: name, bundle: hash }),
  timeWindow: fc.record({ from: fc.nat(), until: fc.nat() }, { requiredKeys: [] }),
  parameters: fc.record({ hash }),
  uniqueKeys: fc.record({ kind: name, owner: hash, value: hash }),
  instructions: fc.record({ kind: name, data }),
  private: fc.record(
    { kind: name, subject: name, mediaType: name, content: data },
    { requiredKeys: ["kind", "mediaType", "content"] },
  ),
};

const COUNTS: { [G in GroupName]?: [number, number] } = {
  meta: [1, 1],
  commands: [1, 3],
  timeWindow: [0, 1],
  parameters: [1, 1],
};

/** A transaction of well-formed components, all open; whether it makes sense is another matter. */
export function openTransactions(): Arbitrary<Transaction> {
  const groups = GROUP_NAMES.map((group, number) => {
    const [minLength, maxLength] = COUNTS[group] ?? [0, 4];
    return fc.array(components[group] as Arbitrary<never>, { minLength, maxLength }).map(
      (some): Group => ({
        kind: "listed",
        components: some.map((component, at) => openOf(group, component, 100 * number + at)),
      }),
    );
  });
  return fc.tuple(...groups).map((some) => ({ groups: some }));
}

const sealingKey = new Uint8Array(32).fill(9);
export const seal = (open: OpenComponent) =>
  sealComponent(open, { keyId: "k-1", key: sealingKey, cipher: AES_256_GCM });

/** The same transaction with some groups closed, and some components sealed or hashed. */
export function tornForms(transaction: Transaction): Arbitrary<Transaction> {
  const forms = (form: ComponentForm): Arbitrary<ComponentForm> =>
    form.kind === "open"
      ? fc.constantFrom<ComponentForm>(
          form,
          seal(form),
          hashComponent(form),
          hashComponent(seal(form)),
        )
      : fc.constant(form);
  const groups = transaction.groups.map((group): Arbitrary<Group> => {
    if (group.kind === "closed") return fc.constant(group);
    const listed = fc
      .tuple(...group.components.map(forms))
      .map((some): Group => ({ kind: "listed", components: some }));
    return fc.oneof(fc.constant(group), listed, fc.constant(closeGroup(group)));
  });
  return fc.tuple(...groups).map((some) => ({ groups: some }));
}
