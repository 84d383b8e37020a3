import { describe, expect, test } from "vitest";
import { invoiceNetwork, refuses } from "../../test/invoice-network.ts";
import {
  type InvoiceResponse,
  type InvoiceState,
  invoiceContract,
  RESPONSE_STATUS,
} from "./index.ts";

const { respond, invoice, approved, creditNote, ...parties } = await invoiceNetwork();
const { seller, buyer, stranger } = parties;

const approve = respond("AP", invoice(), { status: "approved" });

describe("the buyer answers, and the owner signs with it", () => {
  test.each<[InvoiceResponse, string | undefined]>([
    ["AB", undefined],
    ["IP", undefined],
    ["UQ", "REF"],
    ["CA", "PAY"],
    ["RE", "DEL"],
    ["AP", undefined],
  ])("%s", async (response, clarification) => {
    const status = RESPONSE_STATUS[response];
    const said = clarification === undefined ? {} : { clarification };
    await respond(response, invoice(), { status, ...said }).verifies();
  });

  test("what was asked is gone from the state once it is settled", async () => {
    const queried = invoice({ status: "under-query", clarification: "REF" });
    const settled = respond("AP", queried, { status: "approved" });
    await settled.failsWith("invoice/clarification-given");
    await settled
      .tweak((tx) => tx.changeOutput(0, () => ({ clarification: undefined })))
      .verifies();
  });

  test("fault: approving impossible after review", async () => {
    const next = async (
      response: InvoiceResponse,
      before: InvoiceState,
      clarification?: string,
    ) => {
      const { clarification: _, ...rest } = before;
      const said = clarification === undefined ? {} : { clarification };
      const after = { ...rest, ...said, status: RESPONSE_STATUS[response] };
      await respond(response, before, { status: after.status, ...said })
        .tweak((tx) => tx.changeOutput(0, () => ({ clarification })))
        .verifies();
      return after;
    };
    let state = await next("AB", invoice());
    state = await next("IP", state);
    state = await next("UQ", state, "QUA");
    state = await next("IP", state);
    state = await next("CA", state, "PAY");
    state = await next("AP", state);
    expect(state).toEqual(approved({ owner: state.owner }));
  });
});

describe("fault: approving without checking who signs", () => {
  refuses(approve, [
    [
      "invoice/respond-signed-by-buyer",
      "the seller approves its own",
      (tx) => tx.changeCommands(() => ({ signers: [seller] })),
    ],
    [
      "invoice/respond-signed-by-buyer",
      "a stranger approves",
      (tx) => tx.changeCommands(() => ({ signers: [stranger, seller] })),
    ],
    [
      "invoice/respond-signed-by-owner",
      "the buyer alone",
      (tx) => tx.changeCommands(() => ({ signers: [buyer] })),
    ],
    [
      "tx/authority-unsatisfied",
      "the owner listed, without its signature",
      (tx) => tx.withoutSignatureOf(seller),
    ],
    [
      "tx/signer-missing",
      "the buyer listed, without its signature",
      (tx) => tx.withoutSignatureOf(buyer),
    ],
  ]);
});

describe("what an answer may not do", () => {
  refuses(approve, [
    [
      "invoice/clarification-given",
      "approval with a reservation",
      (tx) => tx.changeOutput(0, () => ({ clarification: "PAY" })),
    ],
    [
      "invoice/clarification-given",
      "approval with a reservation, said",
      (tx) =>
        tx
          .changeOutput(0, () => ({ clarification: "PAY" }))
          .changeCommands(() => ({ data: { response: "AP", clarification: "PAY" } })),
    ],
    [
      "invoice/status-edge",
      "approval said, payment recorded",
      (tx) => tx.changeOutput(0, () => ({ status: "paid" })),
    ],
    [
      "invoice/status-edge",
      "approval recorded, rejection said",
      (tx) => tx.changeCommands(() => ({ data: { response: "RE", clarification: "DEL" } })),
    ],
    [
      "invoice/status-edge",
      "nothing happens",
      (tx) => tx.changeOutput(0, () => ({ status: "issued" })),
    ],
    [
      "invoice/respond-counts",
      "fault: a transition that checks only one in, one out",
      (tx) => tx.changeOutput(0, () => ({ linearId: "b2".repeat(16) })),
    ],
    [
      "invoice/respond-counts",
      "the invoice vanishes",
      (tx) => tx.dropOutput(0).output(invoiceContract, "credit-note", creditNote()),
    ],
    [
      "invoice/respond-counts",
      "the invoice twice",
      (tx) => tx.output(invoiceContract, "invoice", approved()),
    ],
    [
      "invoice/respond-counts",
      "a credit note consumed in passing",
      (tx) => tx.input(invoiceContract, "credit-note", creditNote(1n, { owner: buyer.holder() })),
    ],
    [
      "invoice/respond-counts",
      "two at once",
      (tx) => {
        const other = { linearId: "b2".repeat(16) };
        tx.input(invoiceContract, "invoice", invoice(other)).output(
          invoiceContract,
          "invoice",
          approved(other),
        );
      },
    ],
  ]);
  refuses(respond("RE", invoice(), { status: "rejected", clarification: "DEL" }), [
    [
      "invoice/clarification-given",
      "a rejection without a reason",
      (tx) =>
        tx
          .changeOutput(0, () => ({ clarification: undefined }))
          .changeCommands(() => ({ data: { response: "RE" } })),
    ],
    [
      "invoice/clarification-given",
      "one reason said, another recorded",
      (tx) => tx.changeOutput(0, () => ({ clarification: "NON" })),
    ],
  ]);
});
