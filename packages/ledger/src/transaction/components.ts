import {
  bytes,
  choice,
  HASH_BYTES,
  hex,
  type Infer,
  keyTreeSchema,
  list,
  optional,
  publicKeySchema,
  record,
  type Schema,
  text,
  uint,
  union,
} from "@stateset/codec";
import { authoritySchema } from "../authority.ts";
import { identityIdSchema } from "../party/party-schema.ts";
import { GROUP_LIMITS, type GroupName } from "./groups.ts";
import {
  bundleHashSchema,
  networkIdSchema,
  notaryIdSchema,
  parametersHashSchema,
  stateRefSchema,
} from "./ids.ts";

export const FORMAT_VERSION = 0;

const contractName = text({ min: 1, max: 64 });
const typeName = text({ min: 1, max: 64 });

const metaSchema = record({
  version: uint({ max: FORMAT_VERSION }),
  hash: choice("sha-256"),
  network: networkIdSchema,
  notary: notaryIdSchema,
});

/** Which versions of its contract may govern a state. */
const constraintSchema = union({
  /** This bundle and no other. */
  exact: record({ bundle: bundleHashSchema }),
  /** Any bundle that this key signed, of this version or a later one. */
  signed: record({ key: keyTreeSchema, version: uint({ min: 1, max: 0xffff_ffff }) }),
  /** Any bundle that the network's parameters list under the contract's name. */
  approved: record({}),
});

const outputSchema = record({
  contract: contractName,
  type: typeName,
  constraint: constraintSchema,
  /** The state, canonical under the schema that the contract's bundle gives for its type. */
  data: bytes({ min: 1, max: GROUP_LIMITS.outputs.bytesMax }),
});

const headerSchema = record({
  notary: notaryIdSchema,
  authority: authoritySchema,
  /** The outputs that can only be spent together, this one included; empty where it stands alone. */
  encumbranceSet: list(uint({ max: GROUP_LIMITS.outputs.max - 1 }), {
    max: GROUP_LIMITS.outputs.max,
  }),
});

const signerSchema = union({
  key: record({ key: publicKeySchema }),
  identity: record({ identity: identityIdSchema }),
});

const commandSchema = record({
  contract: contractName,
  name: typeName,
  data: bytes({ min: 1, max: GROUP_LIMITS.commands.bytesMax }),
  signers: list(signerSchema, { min: 1, max: 32 }),
});

const attachmentSchema = record({ contract: contractName, bundle: bundleHashSchema });

/** Milliseconds since 1970, UTC: valid in blocks whose time lies in [from, until). */
const timeWindowSchema = record({ from: optional(uint()), until: optional(uint()) });

const parametersReferenceSchema = record({ hash: parametersHashSchema });

const uniqueKeySchema = record({
  kind: text({ min: 1, max: 64 }),
  owner: identityIdSchema,
  value: hex({ length: HASH_BYTES }),
});

/** For the cluster to carry out with the notarisation; carried, and not yet executed anywhere. */
const instructionSchema = record({
  kind: text({ min: 1, max: 64 }),
  data: bytes({ max: GROUP_LIMITS.instructions.bytesMax }),
});

/** What contracts never see and holders may erase: personal data and source documents. */
const privateSchema = record({
  kind: text({ min: 1, max: 64 }),
  /** Whose personal data it is, under the holder's own numbering. */
  subject: optional(text({ min: 1, max: 128 })),
  mediaType: text({ min: 1, max: 128 }),
  content: bytes({ max: GROUP_LIMITS.private.bytesMax }),
});

/** The schema of each group's components. */
export const COMPONENT_SCHEMAS = {
  meta: metaSchema,
  inputs: stateRefSchema,
  references: stateRefSchema,
  outputs: outputSchema,
  headers: headerSchema,
  commands: commandSchema,
  attachments: attachmentSchema,
  timeWindow: timeWindowSchema,
  parameters: parametersReferenceSchema,
  uniqueKeys: uniqueKeySchema,
  instructions: instructionSchema,
  private: privateSchema,
} satisfies Record<GroupName, Schema>;

export type Components = { [G in GroupName]: Infer<(typeof COMPONENT_SCHEMAS)[G]> };

export type Meta = Components["meta"];
export type Output = Components["outputs"];
export type Header = Components["headers"];
export type Command = Components["commands"];
export type CommandSigner = Infer<typeof signerSchema>;
export type Constraint = Infer<typeof constraintSchema>;
export type TimeWindow = Components["timeWindow"];
export type UniqueKey = Components["uniqueKeys"];
export type PrivateComponent = Components["private"];
