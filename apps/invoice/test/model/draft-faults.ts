import type { InvoiceDraft, ModelCash, ModelInvoice, ModelWorld } from "./invoice-draft.ts";
import { BANKS, COMPANIES, CURRENCIES, newId, newInvoice, pick } from "./proper-drafts.ts";
import { STATUSES } from "./status-table.ts";

type Fault = (draft: InvoiceDraft, by: number, world: ModelWorld) => InvoiceDraft;

const DAY_MS = 86_400_000;

/** Changes the first invoice after the step, or the one that is issued. */
const invoice =
  (change: (invoice: ModelInvoice, by: number) => Partial<ModelInvoice>): Fault =>
  (draft, by) => {
    const [first, ...changes] = draft.changes;
    const [issued, ...rest] = draft.issued;
    return {
      ...draft,
      ...(issued && { issued: [{ ...issued, ...change(issued, by) }, ...rest] }),
      ...(first && {
        changes: [{ ...first, after: { ...first.after, ...change(first.after, by) } }, ...changes],
      }),
    };
  };

const notes =
  (change: (payable: bigint, by: number) => Partial<InvoiceDraft["notesIssued"][0]>): Fault =>
  (draft, by) => ({
    ...draft,
    notesIssued: draft.notesIssued.map((note) => ({ ...note, ...change(note.payable, by) })),
  });

const cash =
  (change: (leg: ModelCash, by: number) => Partial<ModelCash>): Fault =>
  (draft, by) => {
    const [first, ...rest] = draft.cash;
    return { ...draft, ...(first && { cash: [{ ...first, ...change(first, by) }, ...rest] }) };
  };

const atLeastOne = (amount: bigint) => (amount > 0n ? amount : 1n);
const orMore = (amount: bigint, by: number) => (amount > 0n && by % 2 === 0 ? -1n : 1n);

/**
 * How a draft may go wrong on purpose. Not every fault is one each time: it is the model that
 * says what is left of the draft.
 */
export const FAULTS = {
  "another signer": (draft, by) => ({
    ...draft,
    signers: [
      ...draft.signers.filter((_, i) => i !== by % draft.signers.length),
      pick(COMPANIES, by),
    ].filter((name, i, all) => all.indexOf(name) === i),
  }),
  "without the seller": (draft) => {
    const sellers = [...draft.changes, ...draft.issued.map((after) => ({ after }))];
    const rest = draft.signers.filter((name) =>
      sellers.every(({ after }) => after.seller !== name),
    );
    return rest.length === 0 ? draft : { ...draft, signers: rest };
  },
  "one more signer": (draft, by) => ({
    ...draft,
    signers: [...new Set([...draft.signers, pick(COMPANIES, by)])],
  }),
  "a signer that does not sign": (draft, by) => ({ ...draft, absent: pick(draft.signers, by) }),
  "another status": invoice((_, by) => ({ status: pick(STATUSES, by) })),
  "paid counted off by one": invoice(({ paid }, by) => ({ paid: paid + orMore(paid, by) })),
  "payment off by one": invoice(({ paid, payments }, by) => {
    const off = orMore(paid, by);
    const last = payments.at(-1);
    if (last === undefined || last.amount + off < 0n) return {};
    const amount = last.amount + off;
    return { paid: paid + off, payments: [...payments.slice(0, -1), { on: last.on, amount }] };
  }),
  "paid all at once": invoice(({ payable }) => ({ paid: payable, status: "paid" })),
  "credited off by one": invoice(({ credited }, by) => ({
    credited: credited + orMore(credited, by),
  })),
  "another amount": (draft, by, world) =>
    notes((payable) => ({ payable: payable + 1n }))(
      invoice(({ payable }) => ({ payable: payable + 1n }))(draft, by, world),
      by,
      world,
    ),
  "nothing payable": (draft, by, world) =>
    notes(() => ({ net: 0n, payable: 0n }))(
      draft.issued.length > 0
        ? invoice(() => ({ net: -1n, payable: -1n }))(draft, by, world)
        : draft,
      by,
      world,
    ),
  "another owner": (draft, by, world) =>
    notes(() => ({ owner: pick(COMPANIES, by) }))(
      invoice(() => ({ owner: pick(COMPANIES, by) }))(draft, by, world),
      by,
      world,
    ),
  "other issuers": invoice((_, by) => ({ issuers: [pick(BANKS, by)] })),
  "another number": invoice(({ number }) => ({ number: `${number}a` })),
  "another buyer": (draft, by, world) =>
    notes(() => ({ buyer: pick(COMPANIES, by) }))(
      invoice(() => ({ buyer: pick(COMPANIES, by) }))(draft, by, world),
      by,
      world,
    ),
  "a twin": (draft, by, world) =>
    notes(() => ({ ordinal: 1 }))(invoice(() => ({ ordinal: 1 }))(draft, by, world), by, world),
  "another reason": invoice(({ reason }, by) => {
    const said = pick(["REF", "PAY", "NON"], by);
    return reason === undefined || by % 2 === 0 ? { reason: said } : {};
  }),
  "another reason said": (draft, by) => {
    const { response = "AB", reason } = draft.say ?? {};
    const isSaid = reason === undefined || by % 2 === 0;
    return draft.say === undefined
      ? draft
      : { ...draft, say: { response, ...(isSaid && { reason: pick(["REF", "NON"], by) }) } };
  },
  "a reason too many or too few": (draft, by) => {
    const [first, ...rest] = draft.changes;
    if (draft.say === undefined || first === undefined) return draft;
    const { response, reason } = draft.say;
    const why = reason === undefined ? { reason: pick(["REF", "NON"], by) } : {};
    const { reason: _, ...silent } = first.after;
    const changes = [{ ...first, after: { ...silent, ...why } }, ...rest];
    return { ...draft, say: { response, ...why }, changes };
  },
  "cash to another": cash((_, by) => ({ to: pick(COMPANIES, by) })),
  "paid to another owner": (draft, by, world) => {
    const owner = pick(COMPANIES, by);
    return cash(() => ({ to: owner }))(invoice(() => ({ owner }))(draft, by, world), by, world);
  },
  "cash of another issuer": cash((_, by) => ({ issuer: pick(BANKS, by) })),
  "cash in another currency": cash((_, by) => ({ currency: pick(CURRENCIES, by) })),
  "cash from another": cash((_, by) => ({ from: pick(COMPANIES, by) })),
  "cash off by one": cash(({ amount }, by) => ({ amount: atLeastOne(amount + orMore(1n, by)) })),
  "cash out of nothing": (draft, by) => ({ ...draft, unbacked: BigInt(1 + (by % 3)) }),
  "no cash": (draft) => ({ ...draft, cash: [] }),
  "cash beside": (draft, by, { now }) => ({
    ...draft,
    cash: [
      ...draft.cash,
      {
        ...{ from: pick(COMPANIES, by), to: pick(COMPANIES, by >> 2), issuer: pick(BANKS, by) },
        ...{ currency: pick(CURRENCIES, by >> 1), amount: BigInt(1 + (now % 100)) },
      },
    ],
  }),
  "another window": (draft, by, { now }) => ({
    ...draft,
    window: pick(
      [
        {},
        { from: now },
        { until: now + 1 },
        { from: now, until: now + DAY_MS + 1 },
        { from: now - DAY_MS, until: now },
        { from: now, until: now },
        { from: now - (now % DAY_MS), until: now + 1 },
        { from: now, until: now + DAY_MS },
      ],
      by,
    ),
  }),
  "another day": invoice(({ payments }, by) => ({
    payments: payments.map(({ on, amount }, i) => {
      const moved = new Date(Date.parse(on) + (by % 2 === 0 ? DAY_MS : -DAY_MS));
      const isMoved = i === by % payments.length;
      return { on: isMoved ? moved.toISOString().slice(0, 10) : on, amount };
    }),
  })),
  "payments rewritten": invoice(({ payments }, by) => ({
    payments: pick(
      [
        payments.slice(1),
        payments.slice(0, -1),
        [...payments, ...payments.slice(-1)],
        [...payments].reverse(),
        [...payments, { on: "2026-03-02", amount: 0n }],
        payments.map(({ on, amount }, i) => ({ on, amount: i === 0 ? amount + 1n : amount })),
      ],
      by,
    ),
  })),
  "an invoice in passing": (draft, by, world) => {
    // Of another amount than any other: the same document twice would claim the same unique key.
    const chance = { at: by, which: by, hours: 0, payable: 2_000_000n, perMille: 0n };
    const passing = { ...newInvoice(world, chance), id: newId(world, 2), number: `P-${by}` };
    return { ...draft, issued: [...draft.issued, passing] };
  },
  "another invoice too": (draft, by, { invoices }) => {
    const [first] = draft.changes;
    const others = [...invoices.values()].filter(({ id }) =>
      draft.changes.every(({ before }) => before.id !== id),
    );
    if (first === undefined || others.length === 0) return draft;
    const before = pick(others, by);
    const after = { ...before, status: first.after.status, owner: first.after.owner };
    return { ...draft, changes: [...draft.changes, { before, after }] };
  },
  "a note taken in passing": (draft, by, world) => {
    const others = [...world.notes.values()].filter(({ id }) =>
      draft.notesTaken.every((note) => note.id !== id),
    );
    return others.length === 0
      ? draft
      : { ...draft, notesTaken: [...draft.notesTaken, pick(others, by)] };
  },
  "no note": (draft) => ({ ...draft, notesTaken: [] }),
} satisfies { readonly [name: string]: Fault };

export type FaultName = keyof typeof FAULTS;

/** Faults that only a payment can have: tried at random, too few of them would meet one. */
const OF_PAYMENTS: readonly FaultName[] = [
  ...(["paid counted off by one", "payment off by one", "paid all at once"] as const),
  ...(["cash to another", "cash of another issuer", "cash of another issuer"] as const),
  ...(["cash in another currency", "paid to another owner"] as const),
  ...(["cash from another", "cash off by one", "cash out of nothing", "no cash"] as const),
  ...(["cash beside", "another window", "another window", "another window"] as const),
  ...(["another day", "payments rewritten", "payments rewritten"] as const),
];
const OF_CREDITS: readonly FaultName[] = [
  ...([
    "credited off by one",
    "without the seller",
    "another signer",
    "a note taken in passing",
    "no note",
  ] as const),
];

/** Every other time one that fits the command, so that each rule is met. */
export function faultOf(command: string, nth: number): FaultName {
  const all = Object.keys(FAULTS) as FaultName[];
  const fitting = { pay: OF_PAYMENTS, credit: OF_CREDITS }[command] ?? all;
  return pick(nth % 2 === 0 ? fitting : all, nth >> 1);
}
