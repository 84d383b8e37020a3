import { formatMoney, type UblInvoice } from "@stateset/invoice";
import { parseX500Name } from "@stateset/ledger";
import type { RunningNetwork } from "../local/running-network.ts";
import type { LifecycleStep } from "./lifecycle.ts";
import { type LifecycleFacts, type Role, resultOf, type StepName } from "./lifecycle-facts.ts";
import { overdueDaysMax } from "./lifecycle-steps.ts";

/** Names of documents may be much longer than a line. */
const NAME_CHARACTERS_MAX = 32;
const TX_ID_SHOWN = 12;

/** What each step says, behind the name of the party that takes it. */
const SENTENCES: Record<StepName, (facts: LifecycleFacts) => string> = {
  "fund-buyer": (facts) => `issues ${payable(facts)} of cash to ${called(facts, "buyer")}`,
  "fund-lender": (facts) => `issues ${payable(facts)} of cash to ${called(facts, "lender")}`,
  issue: (facts) =>
    `issues invoice ${facts.ubl.number} over ${payable(facts)}, ${due(facts)}; ` +
    "the document goes sealed to the buyer",
  "take-up": () => "says that it looks at the invoice",
  approve: () => "approves it",
  request: (facts) =>
    `asks ${called(facts, "lender")} for finance${facts.ubl.dueDate === undefined ? `; ${agreedDue(facts)}` : ""}`,
  quote: (facts) => quote(facts),
  accept: () => "accepts",
  assign: (facts) =>
    `pays ${money(facts, "assign", "advance")} and takes the title, in one transaction`,
  notify: () => "gives the buyer notice that the claim is assigned",
  acknowledge: () => "acknowledges the notice",
  "pay-part": (facts) =>
    `pays ${amount(facts, facts.firstPayment)} to ${called(facts, "lender")}, cash and invoice in one transaction`,
  "pay-rest": (facts) =>
    `pays ${facts.firstPayment > 0n ? "the rest, " : ""}${money(facts, "pay-rest", "paid")}`,
  settle: (facts) => settlement(facts),
};

/** The line of a step that was done. */
export function stepLine({ step, of, name, party, txId, ms, facts }: LifecycleStep): string {
  const number = String(step).padStart(String(of).length);
  const said = `${called(facts, party)} ${SENTENCES[name](facts)}`;
  return `${number}  ${txId.slice(0, TX_ID_SHOWN)}  ${`${ms} ms`.padStart(7)}  ${said}`;
}

/** Who takes part, and what the story is about. */
export function openingLines(
  { number, totals, currency }: UblInvoice,
  { parties, notary }: RunningNetwork,
): string[] {
  const width = Math.max(...parties.map(({ name }) => name.length));
  const witness =
    notary.kind === "embedded"
      ? "a notary"
      : `a notary cluster of ${notary.members.length} members`;
  return [
    `Invoice ${number} over ${formatMoney(totals.payable, currency)}`,
    ...parties.map(({ name, legalName }) => `  ${name.padEnd(width)}  ${legalName}`),
    `Each has a node and a database of its own; ${witness} witnesses that nothing is spent twice.`,
    "",
  ];
}

/** An organisation's name, short enough for a sentence. */
export function shortName(legalName: string): string {
  const { organisation, organisationUnit } = parseX500Name(legalName);
  const name =
    organisationUnit === undefined ? organisation : `${organisation} ${organisationUnit}`;
  if (name.length <= NAME_CHARACTERS_MAX) return name;
  return `${name
    .slice(0, NAME_CHARACTERS_MAX - 1)
    .toWellFormed()
    .trim()}…`;
}

function called({ parties }: LifecycleFacts, role: Role): string {
  return shortName(parties[role].legalName);
}

function due({ ubl, today }: LifecycleFacts): string {
  if (ubl.dueDate === undefined) return "without a due date";
  return ubl.dueDate < today ? `due ${ubl.dueDate}, which has passed` : `due ${ubl.dueDate}`;
}

function agreedDue({ dueDate }: LifecycleFacts): string {
  return `they agree on ${dueDate} as the due date`;
}

function quote(facts: LifecycleFacts): string {
  const { advanceRate, discountRate, feeRate, recourseDays } = facts.terms;
  const days = overdueDaysMax(facts);
  return (
    `offers ${advanceRate} % at once, for ${discountRate} % a year and a fee of ${feeRate} %, ` +
    `with recourse for ${recourseDays} days` +
    (days > 0 ? `, although the invoice is ${days - 1} days overdue` : "")
  );
}

function settlement(facts: LifecycleFacts): string {
  const fee = `a fee of ${money(facts, "settle", "fee")}`;
  const isFree = BigInt(resultOf(facts.results, "settle", "discount")) === 0n;
  const costs = isFree
    ? `keeps ${fee}, and no discount for an advance of less than a day`
    : `keeps a discount of ${money(facts, "settle", "discount")} and ${fee}`;
  const charged = BigInt(resultOf(facts.results, "settle", "charged"));
  const paid =
    charged > 0n
      ? `is paid ${amount(facts, charged)} by`
      : `releases ${money(facts, "settle", "released")} of the reserve to`;
  return `${costs}; ${paid} ${called(facts, "seller")}`;
}

function payable(facts: LifecycleFacts): string {
  return amount(facts, facts.ubl.totals.payable);
}

function money(facts: LifecycleFacts, step: StepName, field: string): string {
  return amount(facts, BigInt(resultOf(facts.results, step, field)));
}

function amount({ ubl }: LifecycleFacts, minorUnits: bigint): string {
  return formatMoney(minorUnits, ubl.currency);
}
