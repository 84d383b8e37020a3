import { BANKS, COMPANIES, CURRENCIES, pick } from "./model-cast.ts";
import { termsOf } from "./proper-drafts.ts";
import {
  type Change,
  type ModelCash,
  type ModelInvoice,
  type ModelTerms,
  type ModelWorld,
  owed,
  type ReceivableDraft,
} from "./receivable-draft.ts";
import { STATUSES } from "./status-table.ts";

type Fault = (draft: ReceivableDraft, by: number, world: ModelWorld) => ReceivableDraft;
type Fields = { [field: string]: unknown };

const DAY_MS = 86_400_000;
const KINDS = ["offers", "receivables", "notices"] as const;

/** Changes what the first state of a kind is after the step. */
function after(
  kind: (typeof KINDS)[number],
  change: (state: Fields, by: number) => Fields,
): (draft: ReceivableDraft, by: number) => ReceivableDraft {
  return (draft, by) => {
    const [first, ...rest] = draft[kind] as Change<Fields>[];
    if (first?.after === undefined) return draft;
    const changed = { ...first.after, ...change(first.after, by) };
    for (const field in changed) if (changed[field] === undefined) delete changed[field];
    return { ...draft, [kind]: [{ ...first, after: changed }, ...rest] };
  };
}

/** Of the last kind that the draft has: of an assignment's three, one at a time. */
function afterAny(change: (state: Fields, by: number, kind: (typeof KINDS)[number]) => Fields) {
  return (draft: ReceivableDraft, by: number): ReceivableDraft => {
    const had = KINDS.filter((kind) => draft[kind].some((each) => each.after !== undefined));
    const kind = had.length === 0 ? undefined : pick(had, by);
    return kind === undefined
      ? draft
      : after(kind, (state) => change(state, Math.floor(by / had.length), kind))(draft, by);
  };
}

const cash =
  (change: (leg: ModelCash, by: number) => Partial<ModelCash>): Fault =>
  (draft, by) => {
    const last = draft.cash.at(-1);
    const rest = draft.cash.slice(0, -1);
    return { ...draft, ...(last && { cash: [...rest, { ...last, ...change(last, by) }] }) };
  };

/** Changes the invoice that is only shown. */
const shown =
  (change: (invoice: ModelInvoice, by: number) => Partial<ModelInvoice>): Fault =>
  (draft, by) => ({
    ...draft,
    shown: draft.shown.map((invoice) => ({ ...invoice, ...change(invoice, by) })),
  });

const CLAIM: ((state: Fields) => Fields)[] = [
  () => ({ invoice: "ab".repeat(16) }),
  () => ({ number: "R-0" }),
  () => ({ lender: "fremd" }),
  ({ assignor }) => ({ lender: assignor }),
  ({ lender }) => ({ assignor: lender }),
  () => ({ assignor: "fremd" }),
  ({ assignor }) => ({ debtor: assignor }),
  () => ({ debtor: "fremd" }),
  () => ({ currency: "GBp" }),
  ({ currency }) => ({ currency: currency === "EUR" ? "CHF" : "EUR" }),
  () => ({ owner: "fremd" }),
  ({ assignor }) => ({ owner: assignor }),
];
const moreOrLess = (value: unknown, by: number) =>
  (value as bigint) > 0n && by % 2 === 0 ? (value as bigint) - 1n : (value as bigint) + 1n;
const STANDING = ["advance", "reserve", "face", "paidBefore", "creditedBefore"];
const SETTLED = ["collected", "diluted", "discount", "fee", "released", "charged"];
const RATES = ["-1", "100.000001", "0", "0.0000001", "100"];

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
  "a signer too few": (draft, by) =>
    draft.signers.length < 2
      ? draft
      : { ...draft, signers: draft.signers.filter((_, i) => i !== by % draft.signers.length) },
  "one more signer": (draft, by) => ({
    ...draft,
    signers: [...new Set([...draft.signers, pick(COMPANIES, by)])],
  }),
  "a signer that does not sign": (draft, by) => {
    const listed = [...draft.signers, ...(draft.ofInvoice?.signers ?? [])];
    return { ...draft, absent: pick(listed, by) };
  },
  "another status": afterAny((_, by, kind) => ({ status: pick(STATUSES[kind], by) })),
  "another claim": afterAny((state, by) => pick(CLAIM, by)(state)),
  "what stands off by one": after("receivables", (state, by) => {
    const field = pick(STANDING, by);
    return { [field]: moreOrLess(state[field], Math.floor(by / STANDING.length)) };
  }),
  "what is settled off by one": after("receivables", (state, by) => {
    const field = pick(SETTLED, by);
    return { [field]: moreOrLess(state[field], Math.floor(by / SETTLED.length)) };
  }),
  "another face value": after("offers", ({ face }, by) => ({
    face: pick([0n, moreOrLess(face, by)], by >> 1),
  })),
  "another amount of the notice": after("notices", ({ amount }, by) => ({
    amount: moreOrLess(amount, by),
  })),
  "the notice of another": after("notices", () => ({ receivable: "cd".repeat(16) })),
  "another day": after("receivables", ({ assignedOn, due }, by) =>
    pick(
      [
        { assignedOn: (assignedOn as number) - 1 },
        { assignedOn: (assignedOn as number) + 1 },
        { due: (due as number) + 1 },
      ],
      by,
    ),
  ),
  "another due date": after("offers", ({ due }, by) => ({
    due: (due as number) + (by % 2 === 0 ? 30 : -1),
  })),
  "other terms": afterAny((state, by) => {
    const terms = (state.terms ?? termsOf(by)) as ModelTerms;
    const field = pick(["advance", "discount", "fee"], by);
    const rate = { [field]: pick(RATES, Math.floor(by / 3)) };
    return "amount" in state ? {} : { terms: { ...terms, ...rate } };
  }),
  "another end": (draft, by) => {
    const { from = 0, until = 0 } = draft.window;
    const end = pick([undefined, from, from + 1, until, until - 1], by);
    return after("offers", () => ({ validUntil: end }))(draft, by);
  },
  "nothing comes of it": (draft, by) => {
    const dropped = <T>(changes: Change<T>[]) =>
      changes.map(({ before, after: then }) =>
        before === undefined ? { after: then } : { before },
      ) as Change<T>[];
    const kind = pick(KINDS, by);
    return { ...draft, [kind]: dropped(draft[kind] as Change<object>[]) };
  },
  "another one too": (draft, by, world) => {
    const kind = pick(KINDS, by);
    const taken = (draft[kind] as Change<{ id: string }>[]).flatMap((each) => each.before ?? []);
    const others = [...world[kind].values()].filter(({ id }) => taken.every((t) => t.id !== id));
    if (draft.command === undefined || others.length === 0) return draft;
    const before = pick<object>(others, by >> 2);
    return { ...draft, [kind]: [...draft[kind], { before, after: before }] };
  },
  "another notice": (draft, by, { notices }) => {
    const before = [...notices.values()][by % Math.max(1, notices.size)];
    if (before === undefined || draft.notices[0]?.before === undefined) return draft;
    const { status } = draft.notices[0].after ?? before;
    return { ...draft, notices: [{ before, after: { ...before, status } }] };
  },
  "the invoice is not shown": (draft) => ({ ...draft, shown: [] }),
  "the invoice is shown twice": (draft) => ({ ...draft, shown: [...draft.shown, ...draft.shown] }),
  "another invoice is shown": (draft, by, { invoices }) => ({
    ...draft,
    shown: draft.shown.map(() => pick([...invoices.values()], by)),
  }),
  "an invoice of others is shown": shown((_, by) =>
    pick([{ number: "R-0" }, { seller: "fremd" }, { buyer: "fremd" }, { currency: "GBp" }], by),
  ),
  "the invoice is shown in another status": shown((_, by) => ({
    status: pick(["paid", "credited", "written-off", "approved", "issued", "void"], by),
  })),
  "the invoice is shown as paid": shown((invoice, by) => ({
    ...{ paid: invoice.paid + owed(invoice), status: "paid" },
    payments: [...invoice.payments, { on: 21_200 + by, amount: owed(invoice) }],
  })),
  "the title goes to another": (draft, by) => {
    const [title] = draft.invoices;
    if (title === undefined || draft.ofInvoice?.command !== "transfer") return draft;
    const to = pick(COMPANIES, by);
    const signers = [...new Set([title.before.owner, to])];
    const moved = { before: title.before, after: { ...title.after, owner: to } };
    return { ...draft, invoices: [moved], ofInvoice: { command: "transfer", signers } };
  },
  "cash to another": cash((_, by) => ({ to: pick(COMPANIES, by) })),
  "cash of another issuer": cash((_, by) => ({ issuer: pick(BANKS, by) })),
  "cash in another currency": cash((_, by) => ({ currency: pick(CURRENCIES, by) })),
  "cash off by one": cash(({ amount }, by) => ({ amount: amount + (by % 2 === 0 ? 1n : -1n) })),
  "cash from another": (draft, by, world) => {
    const last = draft.cash.at(-1);
    if (last === undefined) return draft;
    const from = pick(COMPANIES, by);
    const behalf = { ...last, from, to: last.from };
    return { ...cash(() => ({ from }))(draft, by, world), aside: [behalf] };
  },
  "no cash": (draft) => ({ ...draft, cash: [] }),
  "cash beside": (draft, by) => {
    const beside = {
      ...{ from: pick(COMPANIES, by), to: pick(COMPANIES, by >> 2), issuer: pick(BANKS, by) },
      ...{ currency: pick(CURRENCIES, by >> 1), amount: BigInt(1 + by) },
    };
    return { ...draft, cash: [...draft.cash, beside], aside: [beside] };
  },
  "a day on the brink": (draft, by) => {
    const { before, after: made } = draft.receivables[0] ?? {};
    const { due, terms } = made ?? {};
    if (due === undefined || terms === undefined) return draft;
    const days = pick([0, terms.recourse ?? 0, Math.min(terms.overdueMax, 20)], by >> 1);
    const day = due + days + (by % 2);
    const window = { from: day * DAY_MS, until: day * DAY_MS + 1 };
    const isNew = before === undefined && made !== undefined;
    const dated = isNew ? [{ after: { ...made, assignedOn: day } }] : draft.receivables;
    return { ...draft, window, receivables: dated };
  },
  "another window": (draft, by) => {
    const { from = 0, until = 0 } = draft.window;
    const windows = [
      {},
      { from },
      { until },
      { from, until: from + DAY_MS + 1 },
      { from, until: from + DAY_MS },
      { from: from - DAY_MS, until: from },
      { from: from + DAY_MS, until: from + DAY_MS + 1 },
      { from, until: from },
      { from: from + 40 * DAY_MS, until: from + 40 * DAY_MS + 1 },
    ];
    return { ...draft, window: pick(windows, by) };
  },
} satisfies { readonly [name: string]: Fault };

export type FaultName = keyof typeof FAULTS;

const OF_MONEY: readonly FaultName[] = [
  ...(["what is settled off by one", "a signer too few", "cash off by one"] as const),
  ...(["cash of another issuer", "cash to another", "cash from another", "no cash"] as const),
  ...(["cash beside", "another window"] as const),
];
const OF_OFFERS: readonly FaultName[] = ["a signer too few", "other terms", "another end"];
const OF_DELAY: readonly FaultName[] = [
  ...(["a day on the brink", "the invoice is shown as paid", "a day on the brink"] as const),
  ...(["the invoice is shown in another status", "another window"] as const),
];
/** Faults that only some commands can have: tried at random, too few of them would meet one. */
const FITTING: { readonly [command: string]: readonly FaultName[] } = {
  request: ["another claim", "another face value"],
  ...{ quote: OF_OFFERS, accept: OF_OFFERS },
  ...{ decline: ["a signer too few"], withdraw: ["a signer too few"] },
  assign: [
    ...OF_MONEY,
    "what stands off by one",
    "another day",
    "another claim",
    "a day on the brink",
    "the title goes to another",
  ],
  collect: ["what is settled off by one", "an invoice of others is shown"],
  settle: [...OF_MONEY, "the invoice is shown in another status"],
  ...{ "mark-overdue": OF_DELAY, "call-recourse": OF_DELAY, default: OF_DELAY },
  repurchase: [...OF_MONEY, "another notice", "the title goes to another"],
};

/** In which order faults are tried: every other time those first that fit the command. */
export function faultsFor(command: string | undefined, nth: number): FaultName[] {
  const all = Object.keys(FAULTS) as FaultName[];
  const from = (names: readonly FaultName[], at: number) => [
    ...names.slice(at % names.length),
    ...names.slice(0, at % names.length),
  ];
  const fitting = FITTING[command ?? ""];
  const isFitting = nth % 2 === 0 && fitting !== undefined;
  return [...(isFitting ? from(fitting, nth >> 1) : []), ...from(all, nth >> 1)];
}
