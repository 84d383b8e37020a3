/** Parties go by short names in the model; what a name stands for is the ledger's to know. */
export type Name = string;

/** An invoice as the model sees it: who, how much, and how far it has come. */
export type ModelInvoice = {
  id: string;
  number: string;
  seller: Name;
  buyer: Name;
  owner: Name;
  currency: string;
  /** What its lines sum up to, and what it says is payable. */
  net: bigint;
  payable: bigint;
  ordinal: number;
  issuers: Name[];
  status: string;
  reason?: string;
  paid: bigint;
  credited: bigint;
  payments: { on: string; amount: bigint }[];
};

export type ModelNote = Pick<
  ModelInvoice,
  "id" | "number" | "seller" | "buyer" | "owner" | "currency" | "net" | "payable" | "ordinal"
> & {
  /** The invoice that it credits, and no other. */
  of?: string;
  payee?: Name;
};

export type ModelCash = {
  from: Name;
  to: Name;
  issuer: Name;
  currency: string;
  amount: bigint;
};

/** A transaction as somebody would put it to the others: legal or not. */
export type InvoiceDraft = {
  command: string;
  say?: { response: string; reason?: string };
  signers: Name[];
  /** Who is listed among the signers, but does not sign. */
  absent?: Name;
  window?: { from?: number; until?: number };
  changes: { before: ModelInvoice; after: ModelInvoice }[];
  issued: ModelInvoice[];
  notesTaken: ModelNote[];
  notesIssued: ModelNote[];
  cash: ModelCash[];
  /** How much more cash comes out than goes in. */
  unbacked: bigint;
};

export type ModelWorld = {
  invoices: ReadonlyMap<string, ModelInvoice>;
  notes: ReadonlyMap<string, ModelNote>;
  /** Milliseconds since 1970. */
  now: number;
  /** How many ids have been given out. */
  ids: number;
};

export const owed = ({ payable, paid, credited }: ModelInvoice) => payable - paid - credited;

/** What the world is like once everybody has agreed to a draft. */
export function settled(world: ModelWorld, draft: InvoiceDraft): ModelWorld {
  const invoices = new Map(world.invoices);
  for (const invoice of [...draft.issued, ...draft.changes.map(({ after }) => after)])
    invoices.set(invoice.id, invoice);
  const notes = new Map(world.notes);
  for (const { id } of draft.notesTaken) notes.delete(id);
  for (const note of draft.notesIssued) notes.set(note.id, note);
  return { ...world, invoices, notes };
}
