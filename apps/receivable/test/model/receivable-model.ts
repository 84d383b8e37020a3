import { isDeepStrictEqual } from "node:util";
import { brokenByCommand } from "./command-rules.ts";
import { when } from "./draft-view.ts";
import { brokenByInvoice } from "./invoice-rules.ts";
import type { Change, ReceivableDraft } from "./receivable-draft.ts";

/**
 * Every rule that a draft breaks: none, and the ledger must accept it; otherwise one of these must
 * be what it is refused by. It shares no code with the contract, and none of its ways: the contract
 * stops at the first broken rule, the model looks for all.
 */
export function brokenRules(draft: ReceivableDraft): string[] {
  const own = [
    ...countFaults(draft),
    ...signerFaults(draft),
    ...keptFaults(draft),
    ...brokenByCommand(draft),
  ];
  return [
    ...ledgerFaults(draft),
    ...own.map((code) => `receivable/${code}`),
    ...brokenByInvoice(draft).map((code) => `invoice/${code}`),
  ];
}

type Use = "begins" | "changes" | "ends";
type Counts = { offers?: Use; receivables?: Use; notices?: Use };
const KINDS = ["offers", "receivables", "notices"] as const;
const COUNTS: { readonly [command: string]: Counts } = {
  request: { offers: "begins" },
  quote: { offers: "changes" },
  accept: { offers: "changes" },
  decline: { offers: "changes" },
  withdraw: { offers: "changes" },
  expire: { offers: "changes" },
  assign: { offers: "ends", receivables: "begins", notices: "begins" },
  notify: { notices: "changes" },
  acknowledge: { notices: "changes" },
  collect: { receivables: "changes" },
  settle: { receivables: "changes" },
  "mark-overdue": { receivables: "changes" },
  "call-recourse": { receivables: "changes" },
  repurchase: { receivables: "changes", notices: "changes" },
  default: { receivables: "changes" },
};

function useOf({ before, after }: Change<{ id: string }>): Use {
  if (before === undefined) return "begins";
  return after === undefined ? "ends" : "changes";
}

function countFaults(draft: ReceivableDraft): string[] {
  const { command } = draft;
  if (command === undefined) return [];
  const isRight = KINDS.every((kind) => {
    const [use] = [COUNTS[command]?.[kind]];
    const found = draft[kind].map(useOf);
    return use === undefined ? found.length === 0 : found.length === 1 && found[0] === use;
  });
  return when(!isRight, `${command}-counts`);
}

type Role = "assignor" | "debtor" | "owner";
/** Who must agree besides the lender, which owns all. */
const OTHERS: { readonly [command: string]: Role[] } = {
  accept: ["assignor", "owner"],
  assign: ["assignor", "owner"],
  repurchase: ["assignor", "owner"],
  acknowledge: ["debtor", "owner"],
  request: ["assignor"],
};

function signerFaults({ command, signers, ...draft }: ReceivableDraft): string[] {
  if (command === undefined) return [];
  const states = KINDS.flatMap((kind) =>
    (draft[kind] as Change<{ assignor: string; debtor: string; owner: string }>[]).flatMap(
      ({ before, after }) => before ?? (command === "request" ? (after ?? []) : []),
    ),
  );
  return (OTHERS[command] ?? ["owner"])
    .filter((role) => states.some((state) => !signers.includes(state[role])))
    .map((role) => `${command}-signed-by-${role}`);
}

const AMOUNTS = ["collected", "diluted", "discount", "fee", "released", "charged"];
/** Besides the status, which every command may change. */
const MAY_CHANGE: { readonly [command: string]: string[] } = {
  quote: ["terms", "validUntil"],
  collect: ["collected", "diluted"],
  settle: AMOUNTS,
  repurchase: AMOUNTS,
};
/** What a field is called in the states, where that is not its name here. */
const FIELDS: { readonly [field: string]: string } = {
  number: "invoice-number",
  due: "due-date",
  validUntil: "valid-until",
  assignedOn: "assigned-on",
  paidBefore: "paid-before",
  creditedBefore: "credited-before",
};

function keptFaults({ command, ...draft }: ReceivableDraft): string[] {
  const may = ["status", ...(MAY_CHANGE[command ?? ""] ?? [])];
  const changes = KINDS.flatMap((kind) => draft[kind] as Change<object>[]);
  return changes.flatMap(({ before, after }) => {
    if (before === undefined || after === undefined) return [];
    const [was, is] = [before, after] as Record<string, unknown>[];
    return Object.keys({ ...was, ...is })
      .filter((field) => !may.includes(field) && !isDeepStrictEqual(was?.[field], is?.[field]))
      .map((field) => `${command}-keeps-${FIELDS[field] ?? field}`);
  });
}

/** What the ledger refuses, whatever a contract says. */
function ledgerFaults(draft: ReceivableDraft): string[] {
  const { signers, absent, window, ofInvoice, cash } = draft;
  const listed = [...signers, ...(ofInvoice?.signers ?? []), ...cash.map(({ from }) => from)];
  const spent = [
    ...KINDS.flatMap((kind) => draft[kind] as Change<{ owner: string }>[]),
    ...draft.invoices,
  ].flatMap(({ before }) => before?.owner ?? []);
  const isMissing = spent.some((owner) => !listed.includes(owner));
  const { from = 0, until = Number.POSITIVE_INFINITY } = window;
  return [
    ...when(isMissing || absent !== undefined, "tx/authority-unsatisfied"),
    ...when(absent !== undefined, "tx/signer-missing"),
    ...when(from >= until, "tx/empty-time-window"),
  ];
}
