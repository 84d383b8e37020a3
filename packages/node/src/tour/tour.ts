import { readUbl, type UblInvoice } from "@stateset/invoice";
import { encodeTransaction, NOTARY_GROUPS, tearOff, transactionId } from "@stateset/ledger";
import { DevelopmentNetwork } from "../development/development-network.ts";
import { RequestError } from "../request-error.ts";
import { InvoiceStory } from "./invoice-story.ts";
import { TourLedger } from "./tour-ledger.ts";

export type TourStep = { facts: Record<string, unknown>; lines: string[] };
export type TourSummary = { transactions: number; refused: number; gas: number; ms: number };

/**
 * Issues an invoice, has it approved and paid, and tries what must not succeed; every step is told
 * as it is done.
 */
export async function runTour(
  xml: Uint8Array,
  tell: (step: TourStep) => void,
): Promise<TourSummary> {
  const start = performance.now();
  const ubl = readInvoice(xml);
  const network = new DevelopmentNetwork();
  const seller = network.partyOfUbl(ubl.seller);
  const buyer = network.partyOfUbl(ubl.buyer);
  const bank = network.party({ organisation: "Development Bank", country: "CH" });
  const ledger = await TourLedger.start(network, [seller, buyer, bank]);
  for (const { built } of [ledger.cash, ledger.invoice]) tell(contractStep(built));
  const story = new InvoiceStory({ ubl, xml, network, ledger, seller, buyer, bank });
  const summary = { transactions: 0, refused: 0, gas: 0, ms: 0 };
  for (const { step, say, run } of story.steps()) {
    const began = performance.now();
    const { id, gas } = await run();
    const ms = Math.round(performance.now() - began);
    tell({ facts: { step, txId: id, gas: Number(gas), ms }, lines: [line(step, id, say)] });
    summary.transactions++;
    summary.gas += Number(gas);
  }
  tell(tearOffStep(story));
  for (const { trick, attempt } of story.tricks()) {
    const rule = await ledger.refusal(attempt());
    tell({ facts: { trick, refusedBy: rule }, lines: [line("refused", rule, trick)] });
    summary.refused++;
  }
  return { ...summary, ms: Math.round(performance.now() - start) };
}

function readInvoice(xml: Uint8Array): UblInvoice {
  const ubl = readUbl(xml);
  if (ubl.kind === "invoice") return ubl;
  throw new RequestError(
    "tour/not-an-invoice",
    "this is a credit note: name an invoice, or make it a transaction with stateset tx build",
  );
}

function contractStep({ bundle: { name, version }, hash }: TourLedger["cash"]["built"]): TourStep {
  return {
    facts: { step: "contract", name, version, hash },
    lines: [line("contract", hash, `${name} ${version}, built from its sources`)],
  };
}

/** The notary's view: the same id, and none of the business. */
function tearOffStep(story: InvoiceStory): TourStep {
  const { transaction } = story.payment;
  const torn = tearOff(transaction, { groups: NOTARY_GROUPS });
  const [whole, seen] = [transaction, torn].map((each) => encodeTransaction(each).length);
  const id = transactionId(torn);
  return {
    facts: { step: "tear-off", txId: id, bytes: whole, seen, groups: NOTARY_GROUPS },
    lines: [line("tear-off", id, `the notary sees ${seen} of ${whole} bytes, and the same id`)],
  };
}

const SHOWN_OF_HASH = 16;

/** Hashes are cut short for people; programs get them whole. */
function line(step: string, subject: string, say: string): string {
  const isHash = /^[0-9a-f]{64}$/.test(subject);
  const shown = isHash ? `${subject.slice(0, SHOWN_OF_HASH)}…` : subject;
  return `${step.padEnd(9)} ${shown.padEnd(32)} ${say}`;
}
