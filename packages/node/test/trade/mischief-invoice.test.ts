import { type InvoiceState, invoiceContract } from "@stateset/invoice/contract";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { Mischief } from "./mischief.ts";
import { anotherInvoice, changed } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
const mischief = new Mischief();
let issued = 0;

beforeAll(async () => {
  trade = await TradeNodes.start();
  for (const trader of ["seller", "buyer", "rival"]) await mischief.installAt(trade, trader);
  await trade.fund("buyer", 10_000_000n);
});
afterEach(async () => {
  mischief.how = {};
  trade.windowsEnd();
  await assertBooksAgree(trade);
});
afterAll(async () => {
  await trade.stop();
});

const tampered = (flow: string, input: object) => ({ flow, input: JSON.stringify(input) });

async function refused(trader: string, flow: string, input: object, code: string) {
  return await trade.refused(trader, "mischief/tampered", tampered(flow, input), code);
}

async function approved(): Promise<string> {
  issued += 1;
  const invoice = await trade.approved(anotherInvoice(trade.document, issued));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  return invoice;
}

describe("a buyer that pays", () => {
  test("less than it has offered", async () => {
    const invoice = await approved();
    mischief.how.says = (message, content) =>
      message === "offer" ? { ...content, amount: 100n } : content;
    const input = { invoice, amount: "1" };
    await refused("buyer", "invoice/pay", input, "invoice/not-as-offered");
  });

  test("another invoice of the same owner than it has offered", async () => {
    const [invoice, other] = [await approved(), await approved()];
    mischief.how.says = (message, content) =>
      message === "offer" ? { ...content, invoice: other } : content;
    const input = { invoice, amount: "1" };
    await refused("buyer", "invoice/pay", input, "invoice/not-as-offered");
    expect(await trade.state("seller", "invoice/invoice", invoice)).toMatchObject({
      status: "approved",
    });
  });

  test("with cash that goes to itself", async () => {
    const invoice = await approved();
    let own: object | undefined;
    mischief.how.begins = async (_, flow) => {
      own = await flow.holder();
    };
    mischief.how.output = (type, state) => (type === "cash" ? { ...state, owner: own } : state);
    const input = { invoice, amount: "1" };
    await refused("buyer", "invoice/pay", input, "invoice/pays-current-payee");
  });

  test("with a command on top", async () => {
    const invoice = await approved();
    mischief.how.begins = async (builder, flow) => {
      const governing = await flow.governing(invoiceContract);
      const { id: identity } = flow.self;
      builder.addCommand(governing, "write-off", {}, [{ kind: "identity", identity }]);
    };
    const input = { invoice, amount: "1" };
    await refused("buyer", "invoice/pay", input, "tx/command-repeated");
  });
});

test("a stranger that would pay another's invoice is told that there is none", async () => {
  const invoice = await approved();
  issued += 1;
  const own = await trade.issue(
    changed(anotherInvoice(trade.document, issued), [/Nordhafen Logistik GmbH/, "Rival"]),
  );
  await trade.done("rival", "invoice/respond", { invoice: own, response: "AP" });
  mischief.how.says = (message, content) =>
    message === "offer" ? { ...content, invoice } : content;
  const input = { invoice: own, amount: "1" };
  const { detail } = await refused("rival", "invoice/pay", input, "invoice/unknown");
  expect(detail).toContain(invoice);
});

describe("a seller that issues", () => {
  const input = () => {
    issued += 1;
    const document = anotherInvoice(trade.document, issued).toString("base64");
    return { document, cashIssuers: ["Bank"] };
  };
  const changes: [what: string, change: (state: InvoiceState) => object, reason: RegExp][] = [
    ["another due date", () => ({ dueDate: "2026-12-31" }), /state differs/],
    ["another reference", () => ({ orderReference: "PO-1" }), /state differs/],
    ["a source that is not there", () => ({ source: "ab".repeat(32) }), /source cannot be read/],
  ];

  test.each(changes)("with %s than the document", async (_, change, reason) => {
    mischief.how.output = (type, state) =>
      type === "invoice" ? { ...state, ...change(state as InvoiceState) } : state;
    const code = "invoice/not-as-documented";
    const { detail } = await refused("seller", "invoice/issue", input(), code);
    expect(detail).toMatch(reason);
    expect(await trade.states("buyer", "invoice/invoice")).not.toContainEqual(
      expect.objectContaining({ state: expect.objectContaining({ status: "issued" }) }),
    );
  });

  test("with keys that open nothing", async () => {
    mischief.how.says = (message, content) =>
      message === "keys" ? { ...content, wrapped: [] } : content;
    const code = "invoice/not-as-documented";
    await refused("seller", "invoice/issue", input(), code);
  });

  test("with keys for somebody else", async () => {
    mischief.how.says = (message, content) =>
      message === "keys"
        ? {
            wrapped: (content.wrapped as { wrapped: Uint8Array }[]).map((each) => ({
              ...each,
              wrapped: each.wrapped.map((byte) => byte ^ 1),
            })),
          }
        : content;
    await refused("seller", "invoice/issue", input(), "tx/cannot-unwrap");
  });

  test("with a megabyte of zeros beside the document", async () => {
    mischief.how.begins = (builder) => {
      builder.addPrivate({
        kind: "invoice/free-text",
        mediaType: "text/plain",
        content: new Uint8Array(1 << 20),
      });
    };
    // It costs the seller as much, and the document is what its state says: taken.
    const { status } = await trade.run(
      "seller",
      "mischief/tampered",
      tampered("invoice/issue", input()),
    );
    expect(status).toBe("COMPLETED");
  });
});
