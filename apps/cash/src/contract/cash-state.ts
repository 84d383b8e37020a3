import { type Infer, record } from "@stateset/codec/schema";
import { amountSchema, holderSchema, partySchema } from "@stateset/ledger/contract";

/** A claim on its issuer: money that the issuer redeems, held by one holder. */
export const cashSchema = record({
  issuer: partySchema,
  owner: holderSchema,
  amount: amountSchema,
});
export type CashState = Infer<typeof cashSchema>;
