import { formatMoney } from "@stateset/invoice";
import type { RunningNetwork } from "../local/running-network.ts";
import type { Balances, ReconciledRow, Reconciliation } from "./reconcile.ts";
import { shortName } from "./story.ts";

/** What a demo comes to, as `--json` prints it; amounts are minor units. */
export type DemoSummary = {
  steps: number;
  transactions: number;
  reconciled: boolean;
  balances: Balances;
  ms: number;
};

/** Balances of each party, what was compared, and whether all of it agrees. */
export function summaryLines(
  { steps, transactions, ms }: DemoSummary,
  { rows, balances, differences }: Reconciliation,
  { parties }: RunningNetwork,
): string[] {
  const names = parties.map(({ name, legalName }) => [name, shortName(legalName)] as const);
  const verdict = differences.length === 0 ? "reconciled" : "not reconciled";
  return [
    "",
    "Balances",
    ...table(names.map(([name, legal]) => [name, legal, moneyOf(balances[name])])),
    "",
    "The vaults compared, by query",
    ...table(rows.map((row) => [row.what, foundOf(row), row.parties.join(", "), verdictOf(row)])),
    ...differences.map((difference) => `  ${difference}`),
    "",
    `${verdict}: ${steps} steps, ${transactions} transactions, ${(ms / 1000).toFixed(1)} s`,
  ];
}

/** What a newcomer can do with a demo that stays up. */
export function nextLines(dir: string, txId: string): string[] {
  const on = `--dir ${dir}`;
  return [
    "",
    "Try next, in another terminal:",
    `  npx stateset vault query --state invoice/invoice --party buyer ${on}`,
    `  npx stateset vault query --state receivable/receivable --party lender ${on}`,
    `  npx stateset tx graph ${txId} --party lender ${on}`,
    `  npx stateset flow list --party seller ${on}`,
  ];
}

function foundOf({ what, found }: ReconciledRow): string {
  const currency = /^cash in ([A-Z]{3})$/.exec(what)?.[1];
  return currency === undefined ? found : formatMoney(BigInt(found), currency);
}

function verdictOf({ what, differences }: ReconciledRow): string {
  if (differences.length > 0) return "DIFFERS";
  return what.startsWith("cash") ? "as issued" : "agreed";
}

function moneyOf(balance: Record<string, bigint> = {}): string {
  const amounts = Object.entries(balance).map(([currency, units]) => formatMoney(units, currency));
  return amounts.length === 0 ? "nothing" : amounts.join(", ");
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd(),
  );
}
