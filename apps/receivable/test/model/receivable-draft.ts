/** Parties go by short names in the model; what a name stands for is the ledger's to know. */
export type Name = string;
/** Days since 1970-01-01. */
export type Day = number;

export type ModelTerms = {
  advance: string;
  discount: string;
  fee: string;
  dayCount: "A004" | "A005";
  issuer: Name;
  overdueMax: number;
  recourse?: number;
  dilution: boolean;
};

/** Which claim of whom against whom, in all three states alike. */
type Claim = {
  id: string;
  invoice: string;
  number: string;
  lender: Name;
  assignor: Name;
  debtor: Name;
  currency: string;
  owner: Name;
};
export type ModelOffer = Claim & {
  face: bigint;
  due: Day;
  status: string;
  terms?: ModelTerms;
  /** Milliseconds since 1970, as all of windows. */
  validUntil?: number;
};
export type ModelReceivable = Claim & {
  face: bigint;
  advance: bigint;
  reserve: bigint;
  due: Day;
  assignedOn: Day;
  terms: ModelTerms;
  paidBefore: bigint;
  creditedBefore: bigint;
  status: string;
} & ModelSettlement;
export type ModelSettlement = {
  collected: bigint;
  diluted: bigint;
  discount: bigint;
  fee: bigint;
  released: bigint;
  charged: bigint;
};
export type ModelNotice = Claim & { receivable: string; amount: bigint; status: string };

export type ModelInvoice = {
  id: string;
  number: string;
  seller: Name;
  buyer: Name;
  owner: Name;
  currency: string;
  payable: bigint;
  due?: Day;
  status: string;
  paid: bigint;
  credited: bigint;
  payments: { on: Day; amount: bigint }[];
};

export type ModelCash = { from: Name; to: Name; issuer: Name; currency: string; amount: bigint };

/** Without `before` it begins, without `after` it ends. */
export type Change<T> = { before?: T; after?: T };

/** A transaction as somebody would put it to the others: legal or not. */
export type ReceivableDraft = {
  /** Of the receivable contract, if it has one. */
  command?: string;
  signers: Name[];
  /** Who is listed among the signers, but does not sign. */
  absent?: Name;
  window: { from?: number; until?: number };
  offers: Change<ModelOffer>[];
  receivables: Change<ModelReceivable>[];
  notices: Change<ModelNotice>[];
  /** Only referred to. */
  shown: ModelInvoice[];
  invoices: { before: ModelInvoice; after: ModelInvoice }[];
  ofInvoice?: { command: "transfer" | "pay" | "credit" | "write-off"; signers: Name[] };
  cash: ModelCash[];
  /** What moves beside all that the states tell of, or on behalf of another. */
  aside: ModelCash[];
};

export type ModelWorld = {
  offers: ReadonlyMap<string, ModelOffer>;
  receivables: ReadonlyMap<string, ModelReceivable>;
  notices: ReadonlyMap<string, ModelNotice>;
  invoices: ReadonlyMap<string, ModelInvoice>;
  now: number;
  /** How many ids have been given out. */
  ids: number;
};

export const owed = ({ payable, paid, credited }: ModelInvoice) => payable - paid - credited;
export const isOpen = ({ status }: ModelInvoice) =>
  status === "approved" || status === "partially-paid";
export const dayOf = (instant: number): Day => Math.floor(instant / 86_400_000);

/** What the world is like once everybody has agreed to a draft. */
export function settled(world: ModelWorld, draft: ReceivableDraft): ModelWorld {
  return {
    ...world,
    offers: changed(world.offers, draft.offers),
    receivables: changed(world.receivables, draft.receivables),
    notices: changed(world.notices, draft.notices),
    invoices: changed(world.invoices, draft.invoices),
  };
}

function changed<T extends { id: string }>(all: ReadonlyMap<string, T>, by: Change<T>[]) {
  const now = new Map(all);
  for (const { before } of by) if (before !== undefined) now.delete(before.id);
  for (const { after } of by) if (after !== undefined) now.set(after.id, after);
  return now;
}
