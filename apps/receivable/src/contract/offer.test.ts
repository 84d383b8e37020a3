import { describe, test } from "vitest";
import {
  ASSIGNED_ON,
  output,
  receivableNetwork,
  refuses,
  signedBy,
  VALID_UNTIL,
  windowOn,
} from "../../test/receivable-network.ts";
import { type OfferState, receivableContract } from "./index.ts";

const network = await receivableNetwork();
const { requested, offered, accepted, terms, tx } = network;
const { assignor, lender, debtor, stranger } = network;

const by = (...signers: (typeof lender)[]) => signedBy(receivableContract, ...signers);
/** An instant on the day on which offers are made. */
const { from, until } = windowOn(ASSIGNED_ON);

describe("request", () => {
  const valid = network.request(requested());

  test("the assignor asks a lender for its offer", async () => {
    await valid.verifies();
  });

  refuses(valid, [
    ["receivable/parties-differ", "of itself", output(0, { lender: assignor.party })],
    ["receivable/parties-differ", "of the debtor", output(0, { lender: debtor.party })],
    ["receivable/parties-differ", "against itself", output(0, { debtor: assignor.party })],
    ["receivable/face-positive", "for nothing", output(0, { face: 0n })],
    ["receivable/currency-form", "in no currency", output(0, { currency: "eur" })],
    ["receivable/request-fresh", "offered already", output(0, { status: "offered" })],
    ["receivable/request-fresh", "with terms", output(0, { terms: terms() })],
    ["receivable/request-fresh", "with an end", output(0, { validUntil: VALID_UNTIL })],
    ["receivable/lender-owns", "kept by the assignor", output(0, { owner: assignor.holder() })],
    ["receivable/request-signed-by-assignor", "by the lender", by(lender)],
    ["tx/signer-missing", "unsigned", (each) => each.withoutSignatureOf(assignor)],
    [
      "receivable/request-counts",
      "two at once",
      (each) => each.output(receivableContract, "offer", requested({ linearId: "1f".repeat(16) })),
    ],
    [
      "receivable/request-counts",
      "one that was there before",
      (each) => each.input(receivableContract, "offer", requested()),
    ],
  ]);
});

describe("quote", () => {
  const valid = network.quote(requested());

  test("the lender names its terms, and then others", async () => {
    await valid.verifies();
    await network.quote(offered(), { terms: terms({ advanceRate: "85" }) }).verifies();
  });

  test("rates are 0 to 100 percent of up to 6 decimals", async () => {
    const least = terms({ advanceRate: "0.000001", discountRate: "0", feeRate: "0" });
    const most = terms({ advanceRate: "100", discountRate: "100", feeRate: "100" });
    for (const each of [least, most]) await network.quote(requested(), { terms: each }).verifies();
  });

  const rates = ["advanceRate", "discountRate", "feeRate"] as const;
  const wrong = rates.flatMap((rate) =>
    ["-1", "-0.5", "100.000001", "101", "0.0000001"].map((value) => [rate, value] as const),
  );
  test.each([...wrong, ["advanceRate", "0"] as const])(
    "receivable/terms-form: %s of %s percent",
    async (rate, value) => {
      await valid
        .tweak(output(0, { terms: terms({ [rate]: value }) }))
        .failsWith("receivable/terms-form");
    },
  );

  refuses(valid, [
    ["receivable/terms-form", "no terms", output(0, { terms: undefined })],
    ["receivable/valid-in-future", "no end", output(0, { validUntil: undefined })],
    ["receivable/valid-in-future", "over already", output(0, { validUntil: from })],
    ["receivable/valid-in-future", "at no time", (each) => each.timeWindow({ until })],
    ["receivable/status-edge", "accepted at once", output(0, { status: "accepted" })],
    ["receivable/quote-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/quote-counts", "and the request is gone", (each) => each.dropOutput(0)],
  ]);
});

describe("accept", () => {
  const valid = network.accept(offered());

  test("the assignor takes the offer, while it stands", async () => {
    await valid.verifies();
    await network.accept(offered({ validUntil: until })).verifies();
  });

  refuses(valid, [
    [
      "receivable/offer-valid",
      "perhaps after its end",
      (each) => each.timeWindow({ from, until: VALID_UNTIL + 1 }),
    ],
    ["receivable/offer-valid", "at any time", (each) => each.timeWindow({ from })],
    ["receivable/accept-signed-by-assignor", "by the lender alone", by(lender)],
    ["receivable/accept-signed-by-owner", "by the assignor alone", by(assignor)],
    [
      "receivable/accept-keeps-terms",
      "on other terms",
      output(0, { terms: terms({ feeRate: "0" }) }),
    ],
    ["tx/authority-unsatisfied", "without the lender", (each) => each.withoutSignatureOf(lender)],
    ["receivable/accept-counts", "and the offer is gone", (each) => each.dropOutput(0)],
  ]);
});

describe("decline", () => {
  test("the lender a request, the assignor an offer", async () => {
    await network.decline(requested()).tweak(by(lender)).verifies();
    await network.decline(offered()).verifies();
  });

  refuses(network.decline(offered()), [
    ["receivable/declined-by-asked", "by the lender that made it", by(lender)],
    ["receivable/declined-by-asked", "by lender and debtor", by(lender, debtor)],
    ["receivable/decline-signed-by-owner", "by the assignor alone", by(assignor)],
    ["receivable/decline-counts", "and the offer is gone", (each) => each.dropOutput(0)],
  ]);
});

describe("withdraw", () => {
  test("the assignor its request, the lender its offer", async () => {
    await network.withdraw(requested()).verifies();
    await network.withdraw(offered()).tweak(by(lender)).verifies();
  });

  refuses(network.withdraw(requested()), [
    ["receivable/withdrawn-by-maker", "by the lender that was asked", by(lender)],
    ["receivable/withdrawn-by-maker", "by lender and stranger", by(lender, stranger)],
    ["receivable/withdraw-signed-by-owner", "by the assignor alone", by(assignor)],
    ["receivable/withdraw-counts", "and the request is gone", (each) => each.dropOutput(0)],
  ]);
});

describe("expire", () => {
  const valid = network.expire(offered());

  test("what nobody accepted, or nobody assigned, in time", async () => {
    await valid.verifies();
    await network.expire(accepted()).verifies();
  });

  refuses(valid, [
    [
      "receivable/offer-expired",
      "perhaps before its end",
      (each) => each.timeWindow({ from: VALID_UNTIL - 1, until: VALID_UNTIL + 1 }),
    ],
    ["receivable/offer-expired", "at any time", (each) => each.timeWindow({ until: VALID_UNTIL })],
    ["receivable/expire-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/expire-counts", "and the offer is gone", (each) => each.dropOutput(0)],
  ]);
});

test("of two offers, each command takes one", async () => {
  const other = (state: OfferState): OfferState => ({ ...state, linearId: "1f".repeat(16) });
  await network
    .accept(offered())
    .tweak((each) =>
      each
        .input(receivableContract, "offer", other(offered()))
        .output(receivableContract, "offer", other(accepted())),
    )
    .failsWith("receivable/accept-counts");
  await tx()
    .input(receivableContract, "offer", accepted())
    .command(receivableContract, "expire", {}, lender)
    .failsWith("receivable/expire-counts");
});
