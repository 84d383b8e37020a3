import { type InvoiceDraft, type ModelInvoice, type ModelNote, owed } from "./invoice-draft.ts";
import { ANSWERED, stepsFrom, WHY } from "./status-table.ts";

const DAY_MS = 86_400_000;

/**
 * Every rule that a draft breaks: none, and the ledger must accept it; otherwise one of these must
 * be what it is refused by. It shares no code with the contract, and none of its ways: the contract
 * stops at the first broken rule, the model looks for all.
 */
export function brokenRules(draft: InvoiceDraft): string[] {
  const of = (codes: readonly string[]) => codes.map((code) => `invoice/${code}`);
  return [
    ...ledgerFaults(draft),
    ...of([...countFaults(draft), ...signerFaults(draft), ...keptFaults(draft)]),
    ...of(RULES[draft.command]?.(draft) ?? ["no-such-command"]),
  ];
}

type Counts = { changes?: "one" | "some"; issued?: 1; taken?: "some"; notes?: 1 };
const COUNTS: { readonly [command: string]: Counts } = {
  issue: { issued: 1 },
  respond: { changes: "one" },
  pay: { changes: "some" },
  credit: { changes: "one", taken: "some" },
  transfer: { changes: "some" },
  void: { changes: "one" },
  "write-off": { changes: "one" },
  "issue-credit-note": { notes: 1 },
};

function countFaults({ command, changes, issued, notesTaken, notesIssued }: InvoiceDraft) {
  const may = COUNTS[command] ?? {};
  const isRight =
    (may.changes === undefined ? changes.length === 0 : changes.length > 0) &&
    (may.changes !== "one" || changes.length === 1) &&
    (may.taken === undefined ? notesTaken.length === 0 : notesTaken.length > 0) &&
    issued.length === (may.issued ?? 0) &&
    notesIssued.length === (may.notes ?? 0);
  return isRight ? [] : [`${command}-counts`];
}

/** Who must agree, by the field that names it. */
const SIGNERS: { readonly [command: string]: ("seller" | "buyer" | "owner")[] } = {
  issue: ["seller"],
  respond: ["buyer", "owner"],
  pay: ["owner"],
  credit: ["owner", "seller"],
  transfer: ["owner"],
  void: ["seller", "owner"],
  "write-off": ["owner"],
  "issue-credit-note": ["seller"],
};

function signerFaults(draft: InvoiceDraft): string[] {
  const { command, signers, changes, issued, notesIssued, notesTaken } = draft;
  const faults: string[] = [];
  const documents = [...changes.map(({ before }) => before), ...issued, ...notesIssued];
  for (const field of SIGNERS[command] ?? [])
    if (documents.some((document) => !signers.includes(document[field])))
      faults.push(`${command}-signed-by-${field}`);
  const holders = [
    ...notesTaken.map(({ owner }) => owner),
    ...(command === "transfer" ? changes.map(({ after }) => after.owner) : []),
  ];
  if (holders.some((owner) => !signers.includes(owner))) faults.push(`${command}-signed-by-owner`);
  return faults;
}

const FIELDS = {
  number: "number",
  seller: "seller",
  buyer: "buyer",
  owner: "owner",
  currency: "currency",
  payable: "totals",
  ordinal: "ordinal",
  issuers: "cash-issuers",
  status: "status",
  reason: "clarification",
  paid: "paid-on-ledger",
  credited: "credited-on-ledger",
  payments: "payments",
} as const;
type Field = keyof typeof FIELDS;

const MAY_CHANGE: { readonly [command: string]: Field[] } = {
  respond: ["status", "reason"],
  pay: ["paid", "payments", "status"],
  credit: ["credited", "status"],
  transfer: ["owner"],
  void: ["status"],
  "write-off": ["status"],
};

function keptFaults({ command, changes }: InvoiceDraft): string[] {
  const kept = (Object.keys(FIELDS) as Field[]).filter(
    (field) => MAY_CHANGE[command]?.includes(field) !== true,
  );
  return kept
    .filter((field) => changes.some(({ before, after }) => !isSame(before[field], after[field])))
    .map((field) => `${command}-keeps-${FIELDS[field]}`);
}

function isSame(one: unknown, other: unknown): boolean {
  const shown = (value: unknown) =>
    JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part));
  return shown(one) === shown(other);
}

/** What the ledger and the cash contract refuse, whatever an invoice says. */
function ledgerFaults(draft: InvoiceDraft): string[] {
  const { command, signers, absent, window, notesTaken, cash, unbacked } = draft;
  const faults: string[] = [];
  const signing = [...signers, ...cash.map(({ from }) => from)].filter((name) => name !== absent);
  // Of the invoices and notes that a command is about, the contract itself asks for the owners.
  const spent = command === "credit" ? [] : notesTaken;
  if (spent.some(({ owner }) => !signing.includes(owner))) faults.push("tx/authority-unsatisfied");
  if (absent !== undefined) faults.push("tx/authority-unsatisfied", "tx/signer-missing");
  const { from = 0, until = Number.POSITIVE_INFINITY } = window ?? {};
  if (from >= until) faults.push("tx/empty-time-window");
  if (unbacked !== 0n && cash.length > 0) faults.push("cash/move-conserves");
  return faults;
}

const RULES: { readonly [command: string]: (draft: InvoiceDraft) => string[] } = {
  issue: ({ issued, signers }) =>
    issued.flatMap((invoice) => {
      const { status, reason, paid, credited, payments } = invoice;
      const isTouched = paid !== 0n || credited !== 0n || payments.length > 0;
      return [
        ...documentFaults(invoice, signers),
        ...when(status !== "issued" || reason !== undefined || isTouched, "issued-fresh"),
        ...when(invoice.owner !== invoice.seller, "seller-owns"),
      ];
    }),
  respond: ({ changes, say }) =>
    changes.flatMap(({ before, after }) => {
      const { response = "", reason } = say ?? {};
      const isWhy = WHY.includes(response) ? reason !== undefined : reason === undefined;
      return [
        ...edgeFaults(response, before, after, ANSWERED[response]),
        ...when(!isWhy || after.reason !== reason, "clarification-given"),
      ];
    }),
  pay: (draft) => [...paymentFaults(draft), ...cashFaults(draft), ...dateFaults(draft)],
  credit: ({ changes, notesTaken }) =>
    changes.flatMap(({ before, after }) => {
      const worth = notesTaken.reduce((sum, { payable }) => sum + payable, 0n);
      const rest = owed(after);
      const ended = after.paid === 0n ? "credited" : "paid";
      return [
        ...when(!notesTaken.every((note) => isFor(note, before)), "credits-this-invoice"),
        ...when(after.credited !== before.credited + worth, "credits-exactly"),
        ...when(rest < 0n, "not-overpaid"),
        ...edgeFaults("credit", before, after, rest > 0n ? before.status : ended),
      ];
    }),
  transfer: ({ changes }) =>
    changes.flatMap(({ before, after }) => [
      ...when(before.owner === after.owner, "owner-changes"),
      ...when(after.owner === after.buyer, "owner-is-not-buyer"),
      ...edgeFaults("transfer", before, after, after.status),
    ]),
  void: ({ changes }) =>
    changes.flatMap(({ before, after }) => edgeFaults("void", before, after, "void")),
  "write-off": ({ changes }) =>
    changes.flatMap(({ before, after }) => edgeFaults("write-off", before, after, "written-off")),
  "issue-credit-note": ({ notesIssued, signers }) =>
    notesIssued.flatMap((note) => [
      ...documentFaults(note, signers),
      ...when(note.owner !== note.buyer, "buyer-owns"),
    ]),
};

function documentFaults(document: ModelInvoice | ModelNote, signers: readonly string[]): string[] {
  const { net, payable, seller, buyer, ordinal } = document;
  return [
    ...when(payable !== net, "br-co-16"),
    ...when(payable <= 0n, "payable-positive"),
    ...when(seller === buyer, "parties-differ"),
    ...when(ordinal > 0 && !signers.includes(buyer), "twin-needs-buyer"),
  ];
}

function edgeFaults(step: string, before: ModelInvoice, after: ModelInvoice, to?: string) {
  const isAllowed = stepsFrom(before.status).includes(step) && after.status === to;
  return when(!isAllowed, "status-edge");
}

function isFor(note: ModelNote, invoice: ModelInvoice): boolean {
  const { seller, buyer, currency, of = invoice.id } = note;
  return isSame(
    [seller, buyer, currency, of],
    [invoice.seller, invoice.buyer, invoice.currency, invoice.id],
  );
}

function paymentFaults({ changes }: InvoiceDraft): string[] {
  return changes.flatMap(({ before, after }) => [
    ...when(after.paid <= before.paid, "payment-positive"),
    ...when(owed(after) < 0n, "not-overpaid"),
    ...edgeFaults("pay", before, after, owed(after) === 0n ? "paid" : "partially-paid"),
  ]);
}

/** Each payee together with all of its invoices of one currency. */
function cashFaults({ changes, cash, unbacked }: InvoiceDraft): string[] {
  const faults: string[] = [];
  for (const { after: one } of changes) {
    const mine = changes.filter(
      ({ after }) => after.owner === one.owner && after.currency === one.currency,
    );
    const counted = mine.reduce((sum, { before, after }) => sum + after.paid - before.paid, 0n);
    let received = 0n;
    for (const issuer of new Set(cash.map((leg) => leg.issuer))) {
      let net = 0n;
      cash.forEach((leg, i) => {
        if (leg.issuer !== issuer || leg.currency !== one.currency) return;
        if (leg.to === one.owner) net += leg.amount + (i === 0 ? unbacked : 0n);
        if (leg.from === one.owner) net -= leg.amount;
      });
      const isAccepted = mine.every(({ after }) => after.issuers.includes(issuer));
      faults.push(...when(net > 0n && !isAccepted, "accepted-cash"));
      received += net;
    }
    faults.push(...when(received !== counted, "pays-current-payee"));
  }
  return faults;
}

function dateFaults({ changes, window }: InvoiceDraft): string[] {
  const { from, until } = window ?? {};
  if (from === undefined || until === undefined || until > from + DAY_MS) return ["payment-dated"];
  const on = new Date(from).toISOString().slice(0, 10);
  const isDated = changes.every(({ before, after }) =>
    isSame(after.payments, [...before.payments, { on, amount: after.paid - before.paid }]),
  );
  return when(!isDated, "payment-dated");
}

function when(isBroken: boolean, rule: string): string[] {
  return isBroken ? [rule] : [];
}
