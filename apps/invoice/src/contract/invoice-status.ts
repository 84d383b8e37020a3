import type { InvoiceStatus } from "./invoice-state.ts";

/** Peppol Invoice Response codes (UNCL 4343 subset), and the statuses that they lead to. */
export const RESPONSE_STATUS = {
  AB: "acknowledged",
  IP: "in-process",
  UQ: "under-query",
  CA: "conditionally-accepted",
  RE: "rejected",
  AP: "approved",
} as const satisfies Record<string, InvoiceStatus>;
export type InvoiceResponse = keyof typeof RESPONSE_STATUS;

/** The responses that must say why. */
export const NEEDS_CLARIFICATION: readonly InvoiceResponse[] = ["UQ", "CA", "RE"];

const BEFORE_APPROVAL: readonly InvoiceStatus[] = [
  "issued",
  "acknowledged",
  "in-process",
  "under-query",
  "conditionally-accepted",
];
const OWED: readonly InvoiceStatus[] = ["approved", "partially-paid"];

/** From which statuses each command may take an invoice. */
export const MAY_FOLLOW: Record<string, readonly InvoiceStatus[]> = {
  AB: ["issued"],
  IP: ["issued", "acknowledged", "under-query"],
  UQ: ["issued", "acknowledged", "in-process", "conditionally-accepted"],
  CA: ["issued", "acknowledged", "in-process", "under-query"],
  RE: BEFORE_APPROVAL,
  AP: BEFORE_APPROVAL,
  pay: OWED,
  credit: OWED,
  transfer: [...BEFORE_APPROVAL, ...OWED],
  void: [...BEFORE_APPROVAL, "rejected"],
  "write-off": [...BEFORE_APPROVAL, ...OWED],
};
