import { type Infer, int, record, text } from "@stateset/codec/schema";

/** Money: integer minor units of an ISO 4217 currency, never negative, at most 2^63 − 1. */
export type Amount = Infer<typeof amountSchema>;
export const currencySchema = text({ min: 3, max: 3 });
export const minorUnitsSchema = int({ min: 0n });
export const amountSchema = record({ minorUnits: minorUnitsSchema, currency: currencySchema });
