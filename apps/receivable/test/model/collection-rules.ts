import {
  both,
  dayOfWindow,
  edgeFaults,
  isNoticeOf,
  receives,
  theInvoice,
  when,
} from "./draft-view.ts";
import { endOf, settlementOn } from "./model-settlement.ts";
import {
  type ModelInvoice,
  type ModelReceivable,
  owed,
  type ReceivableDraft,
} from "./receivable-draft.ts";

type Given = { draft: ReceivableDraft; before: ModelReceivable; after: ModelReceivable };

export function receivableFaults(
  draft: ReceivableDraft,
  command: string,
  before: ModelReceivable,
  after: ModelReceivable,
): string[] {
  const given = { draft, before, after };
  const edge = (to: string) => edgeFaults("receivables", command, before.status, after.status, to);
  if (command === "repurchase") return [...edge("repurchased"), ...repurchaseFaults(given)];
  const shown = theInvoice([...draft.shown, ...draft.invoices.map((each) => each.after)], before);
  if (shown === undefined) return ["invoice-shown", ...edge(LEADS_TO[command] ?? after.status)];
  if (command === "collect") {
    const to = before.status === "defaulted" ? "defaulted" : "collecting";
    return [...edge(to), ...collectionFaults(given, shown)];
  }
  if (command === "settle") {
    const isClosed = ["paid", "credited", "written-off"].includes(shown.status);
    return [
      ...edge(endOf(before, shown)),
      ...when(!isClosed, "invoice-closed"),
      ...amountFaults(given, shown, false),
    ];
  }
  return [
    ...edge(LEADS_TO[command] ?? ""),
    ...when(owed(shown) <= 0n || shown.status === "written-off", "still-owing"),
    ...lateFaults(given, command),
  ];
}

const LEADS_TO: { readonly [command: string]: string } = {
  "mark-overdue": "overdue",
  "call-recourse": "recourse-called",
  default: "defaulted",
};

function collectionFaults({ before, after }: Given, shown: ModelInvoice): string[] {
  const collected = shown.paid - before.paidBefore;
  const diluted = shown.credited - before.creditedBefore;
  const isCounted = after.collected === collected && after.diluted === diluted;
  const isMore = collected > before.collected || diluted > before.diluted;
  return [...when(!isCounted, "collects-what-was-paid"), ...when(!isMore, "collects-something")];
}

function lateFaults({ draft, before }: Given, command: string): string[] {
  const { due, terms } = before;
  const day = dayOfWindow(draft);
  const late = (day ?? 0) - due;
  const undated = when(day === undefined, "dated-by-window");
  if (command === "mark-overdue") return [...undated, ...when(late < 1, "past-due")];
  if (command === "default")
    return [...undated, ...when(late <= (terms.recourse ?? 0), "default-late")];
  const { recourse } = terms;
  return [
    ...undated,
    ...when(recourse === undefined, "recourse-agreed"),
    ...when(recourse !== undefined && late > recourse, "recourse-in-time"),
  ];
}

function repurchaseFaults(given: Given): string[] {
  const { draft, before } = given;
  const [invoices, notice] = [draft.invoices, draft.notices[0]];
  const was = theInvoice(
    invoices.map((each) => each.before),
    before,
  );
  const is = theInvoice(
    invoices.map((each) => each.after),
    before,
  );
  const ofNotice = both(notice, (old, released) => [
    ...edgeFaults("notices", "repurchase", old.status, released.status, "released"),
    ...when(!isNoticeOf(old, before), "notice-matches"),
  ]);
  if (was === undefined || is === undefined) return [...ofNotice, "invoice-shown"];
  const isBack = was.owner === before.lender && is.owner === before.assignor;
  return [...ofNotice, ...when(!isBack, "title-returns"), ...amountFaults(given, is, true)];
}

function amountFaults(given: Given, invoice: ModelInvoice, isRepurchase: boolean): string[] {
  const { draft, before, after } = given;
  const day = dayOfWindow(draft);
  if (day === undefined) return ["dated-by-window"];
  const due = settlementOn(day, before, invoice, isRepurchase);
  const isExact = (Object.keys(due) as (keyof typeof due)[]).every((of) => after[of] === due[of]);
  const toAssignor = receives(draft, before.assignor, before);
  const toLender = receives(draft, before.lender, before);
  const isPaid = toAssignor === due.released - due.charged && toLender === -toAssignor;
  const isUnasked = due.charged > 0n && !draft.signers.includes(before.assignor);
  return [
    ...when(!isExact, "settles-exactly"),
    ...when(!isPaid, "cash-settles"),
    ...when(isUnasked, "charged-agrees"),
  ];
}
