/**
 * What may be done to an invoice in each status, written down once more from the README's diagram:
 * the contract's own table is what is being tested.
 */
const TABLE: { readonly [status: string]: string } = {
  issued: "AB IP UQ CA RE AP transfer void write-off",
  acknowledged: "IP UQ CA RE AP transfer void write-off",
  "in-process": "UQ CA RE AP transfer void write-off",
  "under-query": "IP CA RE AP transfer void write-off",
  "conditionally-accepted": "UQ RE AP transfer void write-off",
  rejected: "void",
  approved: "pay credit transfer write-off",
  "partially-paid": "pay credit transfer write-off",
  paid: "",
  credited: "",
  void: "",
  "written-off": "",
};

export const STATUSES = Object.keys(TABLE);

export const ANSWERED: { readonly [response: string]: string } = {
  AB: "acknowledged",
  IP: "in-process",
  UQ: "under-query",
  CA: "conditionally-accepted",
  RE: "rejected",
  AP: "approved",
};

/** The responses that say why. */
export const WHY = ["UQ", "CA", "RE"];

/** Responses by their codes, other steps by their commands. */
export function stepsFrom(status: string): string[] {
  return (TABLE[status] ?? "").split(" ").filter((step) => step !== "");
}

export function isTerminal(status: string): boolean {
  return stepsFrom(status).length === 0;
}
