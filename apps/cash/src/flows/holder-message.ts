import { record } from "@stateset/codec/schema";
import { holderSchema } from "@stateset/ledger/contract";

/** A one-time holder of the responder's, for one output. */
export const holderMessage = {
  from: "responder",
  schema: record({ holder: holderSchema }),
  repeatable: true,
} as const;
