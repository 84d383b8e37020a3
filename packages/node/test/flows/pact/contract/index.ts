import { hex, type Infer, record, text } from "@stateset/codec/schema";
import { defineContract, holder, holderSchema, partySchema } from "@stateset/ledger/contract";

const pactSchema = record({
  linearId: hex({ length: 16 }),
  first: partySchema,
  second: partySchema,
  third: partySchema,
  /** Has no say in it. */
  witness: partySchema,
  note: text({ max: 64 }),
  owner: holderSchema,
});
export type Pact = Infer<typeof pactSchema>;

const ALL = ["first", "second", "third"];

/** What three parties sign, and a fourth hears of. */
export const pactContract = defineContract({
  name: "pact",
  version: 1,
  states: { pact: { schema: pactSchema, authority: holder("owner") } },
  rules: {},
  commands: {
    make: { data: record({}), creates: { pact: { min: 1, max: 1, signedBy: ALL } } },
    renew: {
      data: record({}),
      updates: { pact: { min: 1, max: 1, changes: ["note"], signedBy: ["owner", ...ALL] } },
    },
    /** The first party by itself. */
    annotate: {
      data: record({}),
      updates: { pact: { min: 1, max: 1, changes: ["note"], signedBy: ["owner"] } },
    },
  },
});
