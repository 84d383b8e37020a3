import { type Infer, optional, record, text } from "@stateset/codec/schema";
import { FlowFailure } from "@stateset/flow/app";
import { amountSchema } from "@stateset/ledger/contract";

/** An identity id, an X.500 name, or the name of an organisation. */
export const partyName = text({ min: 1, max: 1024 });

export const paymentInput = record({
  to: partyName,
  amount: amountSchema,
  /** Whose cash to pay with; otherwise that of any issuer of whose there is enough. */
  issuer: optional(partyName),
});
export type PaymentInput = Infer<typeof paymentInput>;

/** @throws FlowFailure `cash/bad-amount`, before anybody else is troubled */
export function assertAmount({ minorUnits, currency }: PaymentInput["amount"]): void {
  if (minorUnits <= 0n)
    throw new FlowFailure("cash/bad-amount", "amount.minorUnits must be more than nothing", {
      field: "amount.minorUnits",
      minorUnits: minorUnits.toString(),
    });
  if (!/^[A-Z]{3}$/.test(currency))
    throw new FlowFailure("cash/bad-amount", "amount.currency must be a code of ISO 4217, as CHF", {
      field: "amount.currency",
      currency,
    });
}
