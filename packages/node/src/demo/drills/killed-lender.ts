import { randomUUID } from "node:crypto";
import type { Drill } from "./drill.ts";
import { becomesTrue, cashOf, ownersOf, statesOfInvoice } from "./drill-books.ts";
import { acceptedOffer, fund, giveNotice, issueApproved, textOf } from "./staged-invoice.ts";

/** All have signed, and nobody has recorded anything. */
const POINT = "receivable/assign/notarise/before#1";

/** What binds is durable before it leaves: the node comes back and does the rest, once. */
export const killedLender: Drill = {
  name: "killed-lender",
  title: "The lender's node is killed between the signatures and the record",
  async run(stage, notes) {
    const { processes, parties } = stage;
    const { seller, buyer, lender } = parties;
    const invoice = await issueApproved(stage);
    const { currency, linearId } = invoice;
    await fund(stage, lender, { minorUnits: invoice.payable, currency });
    const offer = await acceptedOffer(stage, invoice, lender);
    const before = {
      lender: await cashOf(lender, currency),
      seller: await cashOf(seller, currency),
    };
    const start = { flow: "receivable/assign", input: { offer }, clientId: randomUUID() };
    await processes.arm(lender.name, POINT);
    const startedAt = performance.now();
    // It ends with its node, whatever becomes of the request.
    const cut = processes.start(lender.name, start).catch(() => undefined);
    const isDead = await processes.died(lender.name);
    notes.check(isDead, `the lender's node ended at ${POINT}, as by kill -9`);
    await processes.revive(lender.name);
    await cut;
    // Nobody asks it to go on: it is only watched.
    const hasGoneOn = await becomesTrue(
      async () => (await statesOfInvoice(lender, "receivable/receivable", linearId)) > 0,
    );
    notes.check(hasGoneOn, "the lender's node came back and went on by itself");
    const flow = await processes.start(lender.name, start);
    const isCompleted = flow.status === "COMPLETED";
    notes.attempt(
      {
        attempt: `${lender.name} starts receivable/assign, and its node is killed`,
        outcome: isCompleted ? "completed" : "refused",
        ...(!isCompleted && { refusedBy: flow.error?.code ?? flow.status }),
        ms: Math.round(performance.now() - startedAt),
      },
      isCompleted,
      "completed",
    );
    if (!isCompleted) return;
    const result = flow.result as Record<string, unknown>;
    await giveNotice(stage, lender, result);
    const owners = await ownersOf(linearId, [seller, buyer, lender]);
    notes.check(
      owners.join() === lender.identity,
      "seller, buyer and lender name the lender as owner",
    );
    const advance = BigInt(textOf(result, "advance"));
    const paid = before.lender - (await cashOf(lender, currency));
    const received = (await cashOf(seller, currency)) - before.seller;
    notes.check(paid === advance && received === advance, "the advance was paid once");
    const receivables = await statesOfInvoice(lender, "receivable/receivable", linearId);
    notes.check(receivables === 1, "there is one receivable");
  },
};
