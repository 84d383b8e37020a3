/**
 * What may be done in each status, written down once more from the README's diagram: the contract's
 * own table is what is being tested.
 */
const OFFERS: Table = {
  requested: "quote decline withdraw",
  offered: "quote accept decline withdraw expire",
  accepted: "assign expire",
  declined: "",
  withdrawn: "",
  expired: "",
};
const RECEIVABLES: Table = {
  assigned: "collect settle mark-overdue repurchase",
  collecting: "collect settle mark-overdue repurchase",
  overdue: "collect settle call-recourse repurchase default",
  "recourse-called": "collect settle repurchase default",
  defaulted: "collect settle repurchase",
  settled: "",
  diluted: "",
  repurchased: "",
  recovered: "",
  "written-off": "",
};
const NOTICES: Table = {
  prepared: "notify repurchase",
  given: "acknowledge repurchase",
  acknowledged: "repurchase",
  released: "",
};
type Table = { readonly [status: string]: string };

export const STATUSES = {
  offers: Object.keys(OFFERS),
  receivables: Object.keys(RECEIVABLES),
  notices: Object.keys(NOTICES),
};
const TABLES = { offers: OFFERS, receivables: RECEIVABLES, notices: NOTICES };
export type Kind = keyof typeof TABLES;

export function stepsFrom(kind: Kind, status: string): string[] {
  return (TABLES[kind][status] ?? "").split(" ").filter((step) => step !== "");
}

export function isTerminal(kind: Kind, status: string): boolean {
  return stepsFrom(kind, status).length === 0;
}
