export const ASSIGNOR = "alpenblick";
export const DEBTOR = "hafenwerk";
export const LENDERS = ["fjordkapital", "talbank"] as const;
export const COMPANIES = [ASSIGNOR, DEBTOR, ...LENDERS, "fremd"] as const;
export const BANKS = ["kantonsbank", "volksbank"] as const;
export const CURRENCIES = ["EUR", "CHF"] as const;

/** What a step leaves to chance. */
export type Knobs = {
  /** Of which offer, receivable, notice or invoice. */
  at: number;
  which: number;
  /** Which terms. */
  terms: number;
  /** Since the step before. */
  hours: number;
  payable: bigint;
  /** How much of what is owed is paid or credited. */
  perMille: bigint;
};

export const pick = <T>(from: readonly T[], by: number): T => from[by % from.length] as T;
