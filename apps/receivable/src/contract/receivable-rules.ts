/** Each rule's code and what it demands. */
export const receivableRules = {
  "parties-differ": "assignor, lender and debtor are three different identities",
  "face-positive": "the invoice is still to bring something",
  "currency-form": "a currency is three capital letters of ISO 4217",
  "request-fresh": "a request is in status requested, and has neither terms nor an end",
  "lender-owns": "offer, receivable and notice are owned by the lender",
  "status-edge": "the status may change from the one to the other",
  "terms-form": "terms name rates from 0 to 100 percent of at most 6 decimals, and an advance",
  "valid-in-future": "an offer ends after the window begins",
  "offer-valid": "the window ends before the offer does",
  "offer-expired": "the offer has ended when the window begins",
  "declined-by-asked": "an offer is declined by whom it was made to, the assignor",
  "withdrawn-by-maker": "a request is withdrawn by who made it, the assignor",
  "offer-accepted": "what is assigned is an accepted offer",
  "as-offered": "the receivable says what the offer said",
  "invoice-shown":
    "the transaction shows the invoice that is named, of these parties and this currency",
  "face-outstanding": "the face value is what the invoice is still to bring",
  "due-as-invoiced": "the due date is the invoice's, if that names one",
  "invoice-approved": "the debtor has approved the invoice",
  "title-moves": "the invoice passes from the assignor to the lender",
  "not-overdue": "the invoice is no further past due than agreed",
  "dated-by-window": "the day is that on which a window of at most a day begins",
  "advance-as-agreed": "the advance is the agreed part of the face value, rounded down",
  "reserve-is-rest": "the reserve is the face value less the advance",
  "cash-for-title": "the assignor receives the advance, in cash of the issuer agreed on",
  "assigned-fresh":
    "a new receivable is in status assigned, begins where the invoice stands, and has collected nothing",
  "notice-matches": "the notice is of this receivable, and says what it is",
  "collects-what-was-paid":
    "collected and diluted are what the invoice was paid and credited since the assignment",
  "collects-something": "more is collected or diluted than before",
  "invoice-closed": "the invoice is paid or credited in full, or written off",
  "still-owing": "the invoice is still to bring something",
  "past-due": "the due date is over",
  "recourse-agreed": "the terms agree on recourse",
  "recourse-in-time": "recourse is called within the days agreed",
  "default-late": "the due date and the days of recourse are over",
  "settles-exactly": "the settlement is computed from terms, invoice and day, to the minor unit",
  "cash-settles": "the cash of the issuer agreed on moves between the two by just the settlement",
  "charged-agrees": "the assignor signs what it is charged",
  "title-returns": "the invoice passes from the lender to the assignor",
} as const;

export type ReceivableRule = keyof typeof receivableRules;
export type Rule = (code: ReceivableRule, holds: boolean, facts?: Record<string, unknown>) => void;
