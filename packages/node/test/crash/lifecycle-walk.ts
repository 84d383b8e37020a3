import { readUbl } from "@stateset/invoice";
import { dayOf, plusDays } from "@stateset/ledger/contract";
import { TERMS } from "../../src/demo/lifecycle.ts";
import type {
  LifecycleFacts,
  LifecycleParty,
  Role,
  StepName,
} from "../../src/demo/lifecycle-facts.ts";

/** A lifecycle whose steps are taken by a test, one by one. */
export type LifecycleWalk = LifecycleFacts & { results: Map<StepName, Record<string, unknown>> };

export type WalkOptions = {
  legalNames: Readonly<Record<Role, string>>;
  document: Buffer;
  /** From 1 on: no two lifecycles have the same number and amount. */
  which: number;
  now: number;
};

export function beginWalk({ legalNames, document, which, now }: WalkOptions): LifecycleWalk {
  const xml = numbered(document, which);
  const ubl = readUbl(xml);
  const today = dayOf(now);
  return {
    parties: {
      bank: named(legalNames.bank),
      seller: named(legalNames.seller),
      buyer: named(legalNames.buyer),
      lender: named(legalNames.lender),
    },
    ...{ xml, ubl, today },
    terms: TERMS,
    dueDate: ubl.dueDate ?? plusDays(today, 30),
    firstPayment: (ubl.totals.payable * 2n) / 5n,
    results: new Map(),
  };
}

/** The same invoice under a number of its own, and with a prepayment that makes it another amount. */
function numbered(document: Buffer, which: number): Buffer {
  const before = document.toString("utf8");
  const payable = Number(/<cbc:PayableAmount[^>]*>([^<]*)</.exec(before)?.[1]);
  const prepaid = (which * 137) / 100;
  const currency = /<cbc:PayableAmount ([^>]*)>/.exec(before)?.[1];
  return Buffer.from(
    before
      .replace(/<cbc:ID>([^<]*)</, `<cbc:ID>$1-${which}<`)
      .replace(
        /<cbc:PayableAmount[^>]*>[^<]*</,
        `<cbc:PrepaidAmount ${currency}>${prepaid.toFixed(2)}</cbc:PrepaidAmount>` +
          `<cbc:PayableAmount ${currency}>${(payable - prepaid).toFixed(2)}<`,
      ),
  );
}

function named(legalName: string): LifecycleParty {
  const byTheTest = () => Promise.reject(new Error("the test takes each step itself"));
  return { legalName, run: byTheTest, holds: byTheTest };
}
