import {
  type InvoiceDraft,
  type ModelCash,
  type ModelInvoice,
  type ModelNote,
  type ModelWorld,
  type Name,
  owed,
} from "./invoice-draft.ts";
import { ANSWERED, WHY } from "./status-table.ts";

export const COMPANIES = ["alpenblick", "hafenwerk", "fjordkapital", "fremd"] as const;
/** The last one's cash no invoice accepts. */
export const BANKS = ["kantonsbank", "volksbank", "luftbank"] as const;
export const CURRENCIES = ["EUR", "CHF"] as const;

/** Responses by their codes, other steps by their commands. */
export const COMMANDS = [
  ...Object.keys(ANSWERED),
  ...["issue", "pay", "credit", "transfer", "void", "write-off", "issue-credit-note"],
];

/** What a step leaves to chance. */
export type Knobs = {
  /** Of which invoice. */
  at: number;
  which: number;
  /** Since the step before. */
  hours: number;
  payable: bigint;
  /** How much of what is owed is paid or credited. */
  perMille: bigint;
};

export const pick = <T>(from: readonly T[], by: number): T => from[by % from.length] as T;
const other = (invoice: ModelInvoice, change: Partial<ModelInvoice>) => ({
  before: invoice,
  after: { ...invoice, ...change },
});

const EMPTY = {
  ...{ signers: [], changes: [], issued: [], notesTaken: [], notesIssued: [], cash: [] },
  unbacked: 0n,
};

/** What the parties would do, were they all honest; it may be too early, too late or too much. */
export function draftOf(world: ModelWorld, step: string, knobs: Knobs): InvoiceDraft | undefined {
  if (step === "issue") {
    const invoice = newInvoice(world, knobs);
    return { ...EMPTY, command: step, signers: [invoice.seller], issued: [invoice] };
  }
  const invoice = [...world.invoices.values()][knobs.at % Math.max(1, world.invoices.size)];
  if (invoice === undefined) return undefined;
  const { seller, buyer, owner } = invoice;
  if (ANSWERED[step] !== undefined) {
    const { reason: _, ...rest } = invoice;
    const why = WHY.includes(step) ? { reason: pick(["REF", "PAY", "DEL"], knobs.which) } : {};
    const after = { ...rest, ...why, status: ANSWERED[step] };
    const said = { command: "respond", say: { response: step, ...why } };
    return { ...EMPTY, ...said, signers: [buyer, owner], changes: [{ before: invoice, after }] };
  }
  switch (step) {
    case "pay":
      return payment(world, invoice, knobs);
    case "credit":
      return credit(world, invoice, knobs);
    case "transfer":
      return sale(invoice, knobs);
    case "void":
      return { ...EMPTY, ...ending(invoice, "void"), command: step, signers: [seller, owner] };
    case "write-off":
      return { ...EMPTY, ...ending(invoice, "written-off"), command: step, signers: [owner] };
    default:
      return creditNote(world, invoice, knobs);
  }
}

function ending(invoice: ModelInvoice, status: string) {
  return { changes: [other(invoice, { status })] };
}

/** Alpenblick and Fjordkapital sell, Hafenwerk and Fremd buy. */
export function newInvoice(world: ModelWorld, { at, which, payable }: Knobs): ModelInvoice {
  const seller = pick(["alpenblick", "alpenblick", "fjordkapital"], at);
  const id = newId(world, 0);
  const accepted = pick([["kantonsbank"], ["kantonsbank", "volksbank"], ["volksbank"]], which);
  return {
    ...{ id, number: `R-${id.slice(-6)}`, seller, owner: seller, ordinal: 0 },
    buyer: pick(["hafenwerk", "hafenwerk", "fremd"], which + at),
    currency: pick(["EUR", "EUR", "EUR", "CHF"], which),
    ...{ net: payable, payable, issuers: accepted, status: "issued" },
    ...{ paid: 0n, credited: 0n, payments: [] },
  };
}

/** An id that no other state has; a step may give out four. */
export function newId(world: ModelWorld, of: 0 | 1 | 2 | 3): string {
  return (world.ids + of).toString(16).padStart(32, "0");
}

function payment(world: ModelWorld, invoice: ModelInvoice, knobs: Knobs): InvoiceDraft {
  const { which, perMille } = knobs;
  const others = [...world.invoices.values()].filter(
    (each) => each.id !== invoice.id && ["approved", "partially-paid"].includes(each.status),
  );
  const all = [invoice, ...others.slice(0, which % 4 === 3 ? 2 : 0)];
  const from = world.now;
  const on = new Date(from).toISOString().slice(0, 10);
  const changes = all.map((each) => {
    const amount = partOf(owed(each), perMille);
    const paid = each.paid + amount;
    const status = paid + each.credited === each.payable ? "paid" : "partially-paid";
    return other(each, { paid, status, payments: [...each.payments, { on, amount }] });
  });
  return {
    ...{ ...EMPTY, command: "pay", changes },
    signers: [...new Set(all.map(({ owner }) => owner))],
    window: { from, until: from + pick([600_000, 1, 86_400_000], which) },
    cash: changes.map(({ before, after }) => ({
      from: which % 7 === 0 ? pick(COMPANIES, which) : before.buyer,
      to: before.owner,
      issuer: acceptedBy(all, before, which),
      currency: before.currency,
      amount: after.paid - before.paid,
    })),
  };
}

/** An issuer that all of the payee's invoices accept, if there is one. */
function acceptedBy(all: readonly ModelInvoice[], invoice: ModelInvoice, which: number): Name {
  const mine = all.filter(({ owner }) => owner === invoice.owner);
  const common = invoice.issuers.filter((name) =>
    mine.every((each) => each.issuers.includes(name)),
  );
  return pick(common.length > 0 ? common : invoice.issuers, which);
}

function credit(world: ModelWorld, invoice: ModelInvoice, knobs: Knobs): InvoiceDraft {
  const fitting = [...world.notes.values()].filter(
    ({ seller, buyer, currency, of = invoice.id }) =>
      seller === invoice.seller &&
      buyer === invoice.buyer &&
      currency === invoice.currency &&
      of === invoice.id,
  );
  const loose = [...world.notes.values()].filter(({ of }) => of === undefined);
  const others = loose.length > 0 ? loose : [...world.notes.values()];
  const unfit = knobs.which % 4 === 0 ? others.slice(0, 1) : [];
  const notes = fitting.length > 0 ? fitting : unfit;
  if (notes.length === 0) return creditNote(world, invoice, knobs);
  const taken = notes.slice(0, 1 + (knobs.which % 2));
  const credited = taken.reduce((sum, { payable }) => sum + payable, invoice.credited);
  const isAll = credited + invoice.paid >= invoice.payable;
  const status = isAll ? (invoice.paid > 0n ? "paid" : "credited") : invoice.status;
  return {
    ...{ ...EMPTY, command: "credit", notesTaken: taken },
    changes: [other(invoice, { credited, status })],
    signers: [...new Set([invoice.owner, invoice.seller, ...taken.map(({ owner }) => owner)])],
  };
}

/** To somebody else, often against cash. */
function sale(invoice: ModelInvoice, { which, payable }: Knobs): InvoiceDraft {
  const { owner, currency } = invoice;
  const buyers = COMPANIES.filter((name) => name !== owner);
  const to = which % 9 === 0 ? pick(COMPANIES, which) : pick(buyers, which);
  const price: ModelCash = {
    ...{ from: to, to: owner, currency, amount: payable },
    issuer: pick(BANKS, which),
  };
  return {
    ...{ ...EMPTY, command: "transfer", changes: [other(invoice, { owner: to })] },
    signers: [...new Set([owner, to])],
    cash: which % 2 === 0 ? [price] : [],
  };
}

function creditNote(world: ModelWorld, invoice: ModelInvoice, knobs: Knobs): InvoiceDraft {
  const { which, payable, perMille } = knobs;
  const { seller, buyer, currency, owner } = invoice;
  const part = partOf(owed(invoice), perMille);
  const worth = part > 0n ? part : payable;
  const id = newId(world, 1);
  const named = pick(
    [{ of: invoice.id }, {}, { of: invoice.id }, {}, { of: newId(world, 3) }],
    which,
  );
  const note: ModelNote = {
    ...{ id, number: `G-${id.slice(-6)}`, seller, buyer, owner: buyer, currency },
    ...{ net: worth, payable: worth, ordinal: 0 },
    ...named,
    ...(owner !== seller && { payee: owner }),
  };
  return { ...EMPTY, command: "issue-credit-note", signers: [seller], notesIssued: [note] };
}

/** Rounded up: of little, still something. */
function partOf(amount: bigint, perMille: bigint): bigint {
  return (amount * perMille + 999n) / 1000n;
}
