import {
  type Change,
  type Day,
  dayOf,
  type ModelInvoice,
  type ModelNotice,
  type ModelOffer,
  type ModelReceivable,
  type ReceivableDraft,
} from "./receivable-draft.ts";
import { type Kind, stepsFrom } from "./status-table.ts";

export const DAY_MS = 86_400_000;

export function when(isBroken: boolean, rule: string): string[] {
  return isBroken ? [rule] : [];
}

export function both<T>(change: Change<T> | undefined, check: (before: T, after: T) => string[]) {
  const { before, after } = change ?? {};
  return before === undefined || after === undefined ? [] : check(before, after);
}

export function edgeFaults(kind: Kind, command: string, from: string, found: string, to: string) {
  return when(!stepsFrom(kind, from).includes(command) || found !== to, "status-edge");
}

/** The only one of that id, if it is of these parties. */
export function theInvoice(among: ModelInvoice[], claim: ModelOffer | ModelReceivable) {
  const [found, ...more] = among.filter(({ id }) => id === claim.invoice);
  if (found === undefined || more.length > 0) return undefined;
  const { number, seller, buyer, currency } = found;
  const isOf =
    number === claim.number &&
    seller === claim.assignor &&
    buyer === claim.debtor &&
    currency === claim.currency;
  return isOf ? found : undefined;
}

export function dayOfWindow({ window: { from, until } }: ReceivableDraft): Day | undefined {
  const isNarrow = from !== undefined && until !== undefined && until - from <= DAY_MS;
  return isNarrow ? dayOf(from) : undefined;
}

/** Of the issuer agreed on, in the claim's currency. */
export function receives(
  draft: ReceivableDraft,
  name: string,
  { terms, currency }: ModelReceivable,
) {
  let net = 0n;
  for (const leg of draft.cash) {
    if (leg.issuer !== terms.issuer || leg.currency !== currency) continue;
    if (leg.to === name) net += leg.amount;
    if (leg.from === name) net -= leg.amount;
  }
  return net;
}

const NOTIFIED = ["invoice", "number", "lender", "assignor", "debtor", "currency"] as const;

export function isNoticeOf(notice: ModelNotice, of: ModelReceivable): boolean {
  const isThis = notice.receivable === of.id && notice.amount === of.face;
  return isThis && NOTIFIED.every((field) => notice[field] === of[field]);
}
