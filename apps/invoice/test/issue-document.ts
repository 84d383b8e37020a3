import { CodecError } from "@stateset/codec";
import { LedgerError, signTransaction, transactionId, verifyTransaction } from "@stateset/ledger";
import type { TestLedger } from "@stateset/testing";
import { invoiceContract } from "../src/contract/index.ts";
import {
  buildIssueTransaction,
  leiFromUbl,
  readUbl,
  UblError,
  type UblParty,
  x500NameFromUbl,
} from "../src/index.ts";
import { ISO_4217 } from "../src/ubl/iso-4217.ts";

/** Puts a document on the ledger as its seller would: `issued`, or the code by which it is refused. */
export async function issueDocument(ledger: TestLedger, document: string): Promise<string> {
  try {
    const xml = new TextEncoder().encode(document);
    const ubl = readUbl(xml);
    const [seller, buyer] = [partyOf(ledger, ubl.seller), partyOf(ledger, ubl.buyer)];
    const transaction = buildIssueTransaction({
      ubl,
      xml,
      seller: seller.party,
      buyer: buyer.party,
      cashIssuers: [ledger.party("Kantonsbank").party.id],
      owner: (ubl.kind === "invoice" ? seller : buyer).holder({ oneTimeKey: true }),
      governing: ledger.governing(invoiceContract),
      network: ledger,
    });
    const id = transactionId(transaction);
    const signatures = [signTransaction(seller.key, ledger.network, id)];
    await verifyTransaction({ transaction, signatures }, ledger.context);
    return "issued";
  } catch (error) {
    if (error instanceof LedgerError && error.fault.code === "contract/rule-broken")
      return error.fault.rule;
    if (error instanceof LedgerError || error instanceof UblError) return error.code;
    if (error instanceof CodecError) return error.code;
    throw error;
  }
}

function partyOf(ledger: TestLedger, ubl: UblParty) {
  const { organisation, country } = x500NameFromUbl(ubl);
  const lei = leiFromUbl(ubl);
  return ledger.party(organisation, { country, ...(lei === undefined ? {} : { lei }) });
}

/** A way to make a document wrong: the amount that counts one minor unit more, and who notices. */
export type Breakage = { term: string; rule: string; document: string };

const LINE = /<cac:(?:Invoice|CreditNote)Line>[\s\S]*$/;
const MONETARY_TOTALS = [
  { term: "BT-106", name: "LineExtensionAmount", rule: "br-co-10" },
  { term: "BT-107", name: "AllowanceTotalAmount", rule: "br-co-11" },
  { term: "BT-108", name: "ChargeTotalAmount", rule: "br-co-12" },
  { term: "BT-109", name: "TaxExclusiveAmount", rule: "br-co-13" },
  { term: "BT-112", name: "TaxInclusiveAmount", rule: "br-co-15" },
  { term: "BT-113", name: "PrepaidAmount", rule: "br-co-16" },
  { term: "BT-114", name: "PayableRoundingAmount", rule: "br-co-16" },
  { term: "BT-115", name: "PayableAmount", rule: "br-co-16" },
];

/** Every breakage that the document has an amount for; a total left out is put in as one unit. */
export function breakagesOf(document: string): Breakage[] {
  const { currency, allowances, charges } = readUbl(document);
  const digits = ISO_4217.get(currency) ?? 0;
  const parts = (term: string, rule: string, part: RegExp, name: string) => {
    const broken = document.replace(part, (block) => withOneMore(block, name, currency, digits));
    return broken === document ? [] : [{ term, rule: `invoice/${rule}`, document: broken }];
  };
  const adjustment = (isCharge: boolean) =>
    new RegExp(
      `<cac:AllowanceCharge>\\s*<cbc:ChargeIndicator>${isCharge}[\\s\\S]*?</cac:AllowanceCharge>(?=[\\s\\S]*<cac:LegalMonetaryTotal)`,
    );
  return [
    ...MONETARY_TOTALS.flatMap(({ term, rule, name }) =>
      parts(term, rule, /<cac:LegalMonetaryTotal>[\s\S]*?(?=<\/cac:LegalMonetaryTotal>)/, name),
    ),
    ...parts("BT-110", "br-co-14", /<cac:TaxTotal>[\s\S]*?<\/cac:TaxTotal>/, "TaxAmount"),
    ...parts("BT-131", "br-co-10", LINE, "LineExtensionAmount"),
    ...parts("BT-117", "br-co-14", /<cac:TaxSubtotal>[\s\S]*?<\/cac:TaxSubtotal>/, "TaxAmount"),
    ...(allowances.length > 0 ? parts("BT-92", "br-co-11", adjustment(false), "Amount") : []),
    ...(charges.length > 0 ? parts("BT-99", "br-co-12", adjustment(true), "Amount") : []),
  ];
}

/** The first amount of that name in the block, one minor unit larger. */
function withOneMore(block: string, name: string, currency: string, digits: number): string {
  const amount = new RegExp(`(<cbc:${name}\\s[^>]*>)\\s*(-?[0-9.]+)\\s*(?=<)`);
  if (!amount.test(block)) {
    const unit = decimal(1n, digits);
    return `${block}<cbc:${name} currencyID="${currency}">${unit}</cbc:${name}>`;
  }
  return block.replace(amount, (_, tag: string, text: string) => {
    const [whole = "", decimals = ""] = text.split(".");
    const minorUnits = BigInt(whole + decimals.slice(0, digits).padEnd(digits, "0"));
    return tag + decimal(minorUnits + 1n, digits);
  });
}

function decimal(minorUnits: bigint, digits: number): string {
  const [sign, text] = minorUnits < 0n ? ["-", `${-minorUnits}`] : ["", `${minorUnits}`];
  const padded = text.padStart(digits + 1, "0");
  const point = padded.length - digits;
  return `${sign}${padded.slice(0, point)}${digits > 0 ? `.${padded.slice(point)}` : ""}`;
}
