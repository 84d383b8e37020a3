/**
 * The twelve component groups of version 0, numbered by their place here. Every transaction has all
 * twelve, empty ones included.
 */
export const GROUP_NAMES = [
  "meta",
  "inputs",
  "references",
  "outputs",
  "headers",
  "commands",
  "attachments",
  "timeWindow",
  "parameters",
  "uniqueKeys",
  "instructions",
  "private",
] as const;

export type GroupName = (typeof GROUP_NAMES)[number];

export const GROUP_COUNT = GROUP_NAMES.length;

/**
 * How many components a group may hold, and how large each may be. Generous for business documents
 * (an invoice of 1,000 lines is one output), and small enough that the worst transaction is checked
 * in well under a second.
 */
export const GROUP_LIMITS: Record<GroupName, { min: number; max: number; bytesMax: number }> = {
  meta: { min: 1, max: 1, bytesMax: 512 },
  inputs: { min: 0, max: 512, bytesMax: 128 },
  references: { min: 0, max: 128, bytesMax: 128 },
  outputs: { min: 0, max: 512, bytesMax: 1 << 20 },
  headers: { min: 0, max: 512, bytesMax: 64 << 10 },
  commands: { min: 1, max: 64, bytesMax: 256 << 10 },
  attachments: { min: 0, max: 64, bytesMax: 512 },
  timeWindow: { min: 0, max: 1, bytesMax: 64 },
  parameters: { min: 1, max: 1, bytesMax: 128 },
  uniqueKeys: { min: 0, max: 128, bytesMax: 512 },
  instructions: { min: 0, max: 32, bytesMax: 256 << 10 },
  private: { min: 0, max: 64, bytesMax: 8 << 20 },
};

/** An encoded transaction, signatures not counted. */
export const TRANSACTION_BYTES_MAX = 24 << 20;

/** Groups whose components are a set: sorted by their bytes, none twice. */
export const SORTED_GROUPS: readonly GroupName[] = ["inputs", "references", "uniqueKeys"];

/** What a non-validating notary must see whole; of the others it sees number, count and root. */
export const NOTARY_GROUPS: readonly GroupName[] = [
  "meta",
  "inputs",
  "references",
  "headers",
  "timeWindow",
  "parameters",
  "uniqueKeys",
];
