import { publicKeyOf, type SecretKey, type Signature, sign } from "@stateset/codec";
import { expect, test } from "vitest";
import {
  addState,
  alice,
  attach,
  coin,
  coinBundle,
  type Draft,
  deed,
  exact,
  faultOf,
  governedBy,
  id32,
  moveDraft,
  output,
  secretKey,
  setParameters,
} from "../../test/coin-network.ts";
import { type AttachedBundle, bundleSignaturePayload } from "../bundle/bundle.ts";
import type { LedgerFault } from "../ledger-error.ts";
import type { Constraint } from "../transaction/components.ts";
import type { BundleHash } from "../transaction/ids.ts";

const developer = secretKey(0x77);
const stranger = secretKey(0x78);

const version2 = attach((bundle) => (bundle.version = 2));
const version4 = attach((bundle) => (bundle.version = 4));
const signedBy = (bundle: AttachedBundle, ...keys: SecretKey[]): AttachedBundle => ({
  ...bundle,
  signatures: keys.map((key): Signature => sign(key, bundleSignaturePayload(bundle.hash))),
});
const signed = (version: number): Constraint => ({
  kind: "signed",
  key: publicKeyOf(developer),
  version,
});
const child = { weight: 1, node: publicKeyOf(developer) };
const twice: Constraint = {
  kind: "signed",
  key: { kind: "threshold", threshold: 2, children: [child, child] },
  version: 3,
};
const approved: Constraint = { kind: "approved" };
const other = id32(0xee) as BundleHash;

/** The fixture under other constraints and another bundle. */
function governed(constraints: {
  inputs: Constraint;
  outputs: Constraint;
  references?: Constraint;
  bundle: AttachedBundle;
}): Draft {
  const { inputs, outputs, references = inputs, bundle } = constraints;
  const draft = governedBy(moveDraft(), bundle, inputs);
  addState(draft, 0x11, output("deed", deed(), references));
  for (const each of draft.components.outputs) each.constraint = outputs;
  return draft;
}

function approve(draft: Draft, contract: string, ...bundles: BundleHash[]): Draft {
  return setParameters(draft, { approvedContracts: [{ contract, bundles }] });
}

const exactly = ({ hash }: AttachedBundle): Constraint => ({ kind: "exact", bundle: hash });

test.each<[string, Draft]>([
  ["exactly the bundle in use", governed({ inputs: exact, outputs: exact, bundle: coinBundle })],
  [
    "a bundle signed by the key",
    governed({ inputs: signed(3), outputs: signed(3), bundle: signedBy(coinBundle, developer) }),
  ],
  [
    "a later version, where the outputs move up with it",
    governed({ inputs: signed(3), outputs: signed(4), bundle: signedBy(version4, developer) }),
  ],
  [
    "a bundle signed by others besides",
    governed({
      inputs: signed(3),
      outputs: signed(3),
      bundle: signedBy(coinBundle, stranger, developer),
    }),
  ],
  [
    "an approved bundle",
    approve(
      governed({ inputs: approved, outputs: approved, bundle: coinBundle }),
      "coin",
      other,
      coinBundle.hash,
    ),
  ],
])("%s may govern", async (_, draft) => {
  expect(await faultOf(draft)).toBeUndefined();
});

/** Each row breaks one thing. */
test.each<[string, Draft, Partial<LedgerFault>]>([
  [
    "exact: another bundle",
    governed({ inputs: exact, outputs: exactly(version4), bundle: version4 }),
    { code: "tx/constraint-violated", state: "input 0" },
  ],
  [
    "exact: an output that demands another bundle",
    governed({ inputs: exact, outputs: exactly(version4), bundle: coinBundle }),
    { code: "tx/constraint-violated", state: "output 0" },
  ],
  [
    "exact: a reference that demands another bundle",
    governed({ inputs: exact, outputs: exact, references: exactly(version4), bundle: coinBundle }),
    { code: "tx/constraint-violated", state: "reference 0" },
  ],
  [
    "signed: no signature",
    governed({ inputs: signed(3), outputs: signed(3), bundle: coinBundle }),
    { code: "tx/constraint-violated" },
  ],
  [
    "signed: a stranger's signature",
    governed({ inputs: signed(3), outputs: signed(3), bundle: signedBy(coinBundle, stranger) }),
    { code: "tx/constraint-violated" },
  ],
  [
    "signed: the signature of another bundle",
    governed({
      inputs: signed(3),
      outputs: signed(3),
      bundle: { ...coinBundle, signatures: signedBy(version4, developer).signatures },
    }),
    { code: "tx/constraint-violated" },
  ],
  [
    "signed: an earlier version",
    governed({ inputs: signed(3), outputs: signed(2), bundle: signedBy(version2, developer) }),
    { code: "tx/constraint-violated", state: "input 0" },
  ],
  [
    "signed: an output that stays behind",
    governed({ inputs: signed(3), outputs: signed(3), bundle: signedBy(version4, developer) }),
    { code: "tx/constraint-changed", contract: "coin", output: 0 },
  ],
  [
    "signed: an output that runs ahead",
    governed({ inputs: signed(3), outputs: signed(4), bundle: signedBy(coinBundle, developer) }),
    { code: "tx/constraint-violated", state: "output 0" },
  ],
  [
    "signed: a key that is no canonical tree",
    governed({ inputs: twice, outputs: twice, bundle: signedBy(coinBundle, developer) }),
    { code: "tx/constraint-violated", state: "output 0" },
  ],
  [
    "approved: not at all",
    governed({ inputs: approved, outputs: approved, bundle: coinBundle }),
    { code: "tx/constraint-violated" },
  ],
  [
    "approved: under another contract's name",
    approve(
      governed({ inputs: approved, outputs: approved, bundle: coinBundle }),
      "invoice",
      coinBundle.hash,
    ),
    { code: "tx/constraint-violated" },
  ],
  [
    "an output under a looser constraint",
    approve(
      governed({ inputs: exact, outputs: approved, bundle: coinBundle }),
      "coin",
      coinBundle.hash,
    ),
    { code: "tx/constraint-changed", contract: "coin", output: 0 },
  ],
  [
    "an output that another key may upgrade",
    governed({
      inputs: signed(3),
      outputs: { kind: "signed", key: publicKeyOf(stranger), version: 3 },
      bundle: signedBy(coinBundle, developer, stranger),
    }),
    { code: "tx/constraint-changed", contract: "coin", output: 0 },
  ],
])("%s", async (_, draft, expected) => {
  expect(await faultOf(draft)).toMatchObject(expected);
});

test("inputs under different constraints cannot be spent together", async () => {
  const bundle = signedBy(coinBundle, developer);
  const draft = governed({ inputs: exact, outputs: exact, bundle });
  const second = addState(draft, 0x12, output("coin", coin(alice.holder, 1n), signed(3)));
  draft.components.inputs.push(second);
  const expected = { code: "tx/constraint-violated", state: "inputs" };
  expect(await faultOf(draft)).toMatchObject(expected);
});

test("a signature made for a network does not count for a bundle", async () => {
  const payload = { ...bundleSignaturePayload(coinBundle.hash), networkId: id32(1) as never };
  const bundle = { ...coinBundle, signatures: [sign(developer, payload)] };
  const draft = governed({ inputs: signed(3), outputs: signed(3), bundle });
  expect(await faultOf(draft)).toMatchObject({ code: "tx/constraint-violated" });
});

const renamed = attach((bundle) => (bundle.name = "gold"));

test.each<[string, (draft: Draft) => void, Partial<LedgerFault>]>([
  [
    "no attachment",
    ({ components }) => Object.assign(components, { attachments: [] }),
    { code: "tx/attachment-missing", contract: "coin" },
  ],
  [
    "an attachment that is not to be had",
    (draft) => Object.assign(draft, { bundles: [] }),
    { code: "tx/attachment-missing", contract: "coin", bundle: coinBundle.hash },
  ],
  [
    "two attachments for one contract",
    ({ components }) => void components.attachments.push({ contract: "coin", bundle: other }),
    { code: "tx/attachment-duplicate", contract: "coin" },
  ],
  [
    "an attachment that nothing needs",
    ({ components }) => void components.attachments.push({ contract: "till", bundle: other }),
    { code: "tx/attachment-unused", contract: "till" },
  ],
  [
    "the bundle of another contract",
    (draft) => {
      draft.bundles.push(renamed);
      draft.components.attachments = [{ contract: "coin", bundle: renamed.hash }];
    },
    { code: "tx/attachment-mismatch", contract: "coin", bundle: renamed.hash },
  ],
  [
    "a bundle handed out under another's hash",
    (draft) => Object.assign(draft, { bundles: [{ ...coinBundle, hash: other }] }),
    { code: "tx/attachment-missing", contract: "coin" },
  ],
  [
    "a command of a contract that is not attached",
    ({ components }) => {
      const [first] = components.commands;
      components.commands.push({ ...(first as never as object), contract: "gold" } as never);
    },
    { code: "tx/attachment-missing", contract: "gold" },
  ],
])("%s", async (_, breakIt, expected) => {
  const draft = moveDraft();
  breakIt(draft);
  expect(await faultOf(draft)).toMatchObject(expected);
});
