import { CodecError } from "@stateset/codec";
import { describe, expect, test } from "vitest";
import { invoiceNetwork, PAID_ON, type Refusal, refuses } from "../../test/invoice-network.ts";
import { LINE_TEXT_MAX } from "./document-rules.ts";
import { type InvoiceState, invoiceContract } from "./index.ts";

const { issue, issueCreditNote, invoice, approved, creditNote, respond, pay, ...parties } =
  await invoiceNetwork();
const { seller, buyer, factor, bank, stranger } = parties;

type Totals = InvoiceState["totals"];
const INT64_MAX = 2n ** 63n - 1n;

/** Changes the invoice that is issued. */
const state =
  (change: (state: InvoiceState) => object): Refusal[2] =>
  (tx) =>
    tx.changeOutput(0, change);
const total = (field: keyof Totals, by: bigint) =>
  state(({ totals }) => ({ totals: { ...totals, [field]: totals[field] + by } }));
/** Several totals, so that all the sums before the one in question still hold. */
const totals = (change: Partial<Totals>) => state((s) => ({ totals: { ...s.totals, ...change } }));

test("the seller issues, with every sum of EN 16931 in play", async () => {
  await issue.verifies();
  await issue.tweak((tx) => tx.changeOutput(0, () => ({ dueDate: undefined }))).verifies();
  await issue.tweak((tx) => tx.changeOutput(0, () => ({ dueDate: "2026-03-02" }))).verifies();
  await issueCreditNote.verifies();
});

describe("fault: totals never checked against lines", () => {
  const first = <T extends object>([item, ...rest]: T[], change: Partial<T>) => [
    { ...item, ...change },
    ...rest,
  ];
  refuses(issue, [
    ["invoice/br-co-10", "BT-106, one cent more", total("lineNet", 1n)],
    ["invoice/br-co-10", "BT-106, one cent less", total("lineNet", -1n)],
    [
      "invoice/br-co-10",
      "a line",
      state((s) => ({ lines: first(s.lines, { netAmount: 80_001n }) })),
    ],
    ["invoice/br-co-10", "a line missing", state((s) => ({ lines: s.lines.slice(1) }))],
    ["invoice/br-co-10", "a line twice", state((s) => ({ lines: [...s.lines, s.lines[0]] }))],
    ["invoice/br-co-11", "BT-107", total("allowances", 1n)],
    [
      "invoice/br-co-11",
      "an allowance",
      state((s) => ({ allowances: first(s.allowances, { amount: 1n }) })),
    ],
    ["invoice/br-co-12", "BT-108", total("charges", -1n)],
    ["invoice/br-co-12", "a charge", state((s) => ({ charges: [...s.charges, ...s.charges] }))],
    ["invoice/br-co-13", "BT-109", total("withoutVat", 1n)],
    ["invoice/br-co-14", "BT-110", total("vat", -1n)],
    [
      "invoice/br-co-14",
      "a VAT amount",
      state((s) => ({ vatBreakdown: first(s.vatBreakdown, { taxAmount: 0n }) })),
    ],
    ["invoice/br-co-15", "BT-112", total("withVat", 1n)],
    ["invoice/br-co-16", "BT-113", total("paid", 1n)],
    ["invoice/br-co-16", "BT-114", total("rounding", 1n)],
    ["invoice/br-co-16", "BT-115, one cent more", total("payable", 1n)],
    ["invoice/br-co-16", "BT-115, one cent less", total("payable", -1n)],
  ]);

  test("invoice/br-co-10: a sum that wraps around 64 bits is no sum", async () => {
    const half = { ...invoice().lines[0], netAmount: INT64_MAX };
    await issue
      .tweak(state((s) => ({ lines: [half, half], totals: { ...s.totals, lineNet: -2n } })))
      .failsWith("invoice/br-co-10");
  });

  test("lines that take back others count with their sign", async () => {
    const line = { ...invoice().lines[1], id: "3", quantity: "-200", netAmount: -30_000n };
    const back = (s: InvoiceState) => ({
      lines: [...s.lines, line],
      totals: {
        ...s.totals,
        ...{ lineNet: 80_000n, withoutVat: 77_000n, withVat: 93_730n, payable: 70_000n },
      },
    });
    await issue.tweak(state(back)).verifies();
  });
});

describe("what holds of a new invoice", () => {
  refuses(issue, [
    ["invoice/payable-positive", "nothing is payable", totals({ paid: 123_700n, payable: 0n })],
    ["invoice/payable-positive", "the seller owes", totals({ paid: 123_701n, payable: -1n })],
    ["invoice/parties-differ", "an invoice to oneself", state(() => ({ buyer: seller.party }))],
    ["invoice/currency-form", "fault: money without currency", state(() => ({ currency: "   " }))],
    [
      "invoice/currency-form",
      "a currency that cash cannot have",
      state(() => ({ currency: "eur" })),
    ],
    ["invoice/number-form", "only white space", state(() => ({ number: " " }))],
    ["invoice/number-form", "white space around it", state(() => ({ number: "AB-2026-00417 " }))],
    ["invoice/number-form", "two spaces", state(() => ({ number: "AB  1" }))],
    ["invoice/number-form", "a space that is none", state(() => ({ number: "AB\u00a01" }))],
    ["invoice/number-form", "a line break", state(() => ({ number: "AB\n1" }))],
    ["invoice/number-form", "a character of no width", state(() => ({ number: "AB\u200b1" }))],
    ["invoice/due-not-before-issue", "due a day early", state(() => ({ dueDate: "2026-03-01" }))],
    ["invoice/type-code", "a credit note's code", state(() => ({ typeCode: "381" }))],
    ["invoice/type-code", "a proforma, which claims nothing", state(() => ({ typeCode: "325" }))],
    ["invoice/type-code", "part of a code", state(() => ({ typeCode: "38" }))],
    ["invoice/issued-fresh", "approved from the start", state(() => ({ status: "approved" }))],
    ["invoice/issued-fresh", "paid from the start", state(() => ({ paidOnLedger: 1n }))],
    ["invoice/issued-fresh", "credited from the start", state(() => ({ creditedOnLedger: 1n }))],
    [
      "invoice/issued-fresh",
      "with a payment that counts nothing",
      state(() => ({ payments: [{ on: PAID_ON, amount: 0n }] })),
    ],
    [
      "invoice/issued-fresh",
      "with a payment, not counted",
      state(() => ({ payments: [{ on: PAID_ON, amount: 1n }] })),
    ],
    [
      "invoice/issued-fresh",
      "with a payment, counted",
      state(() => ({ paidOnLedger: 1n, payments: [{ on: PAID_ON, amount: 1n }] })),
    ],
    ["invoice/issued-fresh", "with words of the buyer's", state(() => ({ clarification: "OK" }))],
    ["invoice/seller-owns", "owned by another", state(() => ({ owner: factor.holder() }))],
    ["invoice/room-to-update", "too long to be updated", state(longLines(LINE_TEXT_MAX + 1))],
  ]);

  test("the longest lines that may be issued can also be approved", async () => {
    const long = { ...invoice(), ...longLines(LINE_TEXT_MAX)(invoice()) };
    await issue.tweak(state(() => long)).verifies();
    await respond("AP", long, { status: "approved" }).verifies();
  });

  test("and paid, for the 64th time, by whatever cash", async () => {
    const cashIssuers = [bank, ...Array.from({ length: 15 }, () => stranger)];
    const often = approved({
      ...longLines(LINE_TEXT_MAX)(invoice()),
      status: "partially-paid",
      cashIssuers: cashIssuers.map(({ party }) => party.id),
      paidOnLedger: 63n,
      payments: Array.from({ length: 63 }, () => ({ on: PAID_ON, amount: 1n })),
    });
    await pay(often, 1n).verifies();
  });

  /** As many lines as there may be, with as much text as asked, in characters of two bytes. */
  function longLines(length: number) {
    const count = 1000;
    return ({ lines: [line], totals: { lineNet } }: InvoiceState) => ({
      lines: Array.from({ length: count }, (_, i) => ({
        ...(line as InvoiceState["lines"][0]),
        id: `${i}`.padStart(4, "0"),
        name: "\u6f22".repeat(length / count - 4 + (i === 0 ? length % count : 0)),
        netAmount: i === 0 ? lineNet : 0n,
      })),
    });
  }
});

describe("whose cash pays it is the seller's to say", () => {
  const paidBy = (cashIssuers: InvoiceState["cashIssuers"]) =>
    issue.tweak(state(() => ({ cashIssuers })));
  const issuers = (count: number) =>
    Array.from({ length: count }, (_, i) => `${i}`.padStart(64, "0") as typeof bank.party.id);

  test("one issuer, several, or as many as 16, in any order", async () => {
    await paidBy([stranger.party.id]).verifies();
    await paidBy([stranger.party.id, bank.party.id]).verifies();
    await paidBy(issuers(16)).verifies();
  });

  /** A schema's refusal comes before anything is built. */
  test("not none, which nobody could pay, and not 17", () => {
    expect(() => paidBy([]).sign()).toThrow(CodecError);
    expect(() => paidBy(issuers(17)).sign()).toThrow(CodecError);
    const unsaid = issue.tweak(state(() => ({ cashIssuers: undefined })));
    expect(() => unsaid.sign()).toThrow(CodecError);
  });

  test("an identity, and not a name", () => {
    expect(() => paidBy([bank.party.name as never]).sign()).toThrow(CodecError);
  });
});

describe("who issues, and how many", () => {
  refuses(issue, [
    [
      "invoice/issue-signed-by-seller",
      "the buyer alone",
      (tx) => tx.changeCommands(() => ({ signers: [buyer] })),
    ],
    [
      "invoice/issue-signed-by-seller",
      "a stranger",
      (tx) => tx.changeCommands(() => ({ signers: [stranger] })),
    ],
    [
      "tx/party-unregistered",
      "another company's name over the buyer's identity",
      state(() => ({ buyer: { ...buyer.party, name: stranger.party.name } })),
    ],
    [
      "tx/signer-missing",
      "the seller's signature is missing",
      (tx) => tx.withoutSignatureOf(seller),
    ],
    [
      "invoice/issue-counts",
      "two at once",
      (tx) =>
        tx.output(
          invoiceContract,
          "invoice",
          invoice({ linearId: "b2".repeat(16), issueDate: "2026-03-03", number: "AB-2" }),
        ),
    ],
    [
      "invoice/issue-counts",
      "one out of another",
      (tx) => tx.input(invoiceContract, "invoice", approved()),
    ],
    [
      "invoice/issue-counts",
      "one for another",
      (tx) => tx.input(invoiceContract, "invoice", approved({ linearId: "b2".repeat(16) })),
    ],
    [
      "invoice/issue-counts",
      "a credit note in passing",
      (tx) => tx.output(invoiceContract, "credit-note", creditNote()),
    ],
    [
      "invoice/issue-counts",
      "none, for a credit note",
      (tx) => tx.dropOutput(0).output(invoiceContract, "credit-note", creditNote()),
    ],
  ]);
});

test("every rule has one code and one sentence", () => {
  const { rules, commands } = invoiceContract;
  const declared = Object.keys(commands).map((command) => `${command}-`);
  expect(new Set(Object.values(rules)).size).toBe(Object.keys(rules).length);
  for (const code of Object.keys(rules)) {
    expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)+$/);
    // What commands declare is refused under `<command>-counts` and the like.
    expect(declared.filter((command) => code.startsWith(command)).length).toBe(0);
  }
});
