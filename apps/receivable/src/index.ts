import { defineApp } from "@stateset/flow/app";
import { receivableContract } from "./contract/index.ts";
import {
  acceptOffer,
  declineOffer,
  expireOffer,
  quoteOffer,
  withdrawOffer,
} from "./flows/answer-offer.ts";
import { assignReceivable, assignTitle } from "./flows/assign-receivable.ts";
import {
  callRecourse,
  collectReceivable,
  defaultReceivable,
  markOverdue,
} from "./flows/follow-receivable.ts";
import { acknowledgeNotice, notifyDebtor } from "./flows/notify-debtor.ts";
import { agreeToCommand } from "./flows/receivable-agreement.ts";
import { receiveNews } from "./flows/receivable-news.ts";
import { receiveRequest, requestFinance } from "./flows/request-finance.ts";
import {
  agreeToSettlement,
  repurchaseReceivable,
  settleReceivable,
} from "./flows/settle-receivable.ts";
import { noticeTable, offerTable, receivableTable } from "./receivable-tables.ts";

export default defineApp({
  name: "receivable",
  version: 1,
  description: "Sales of invoices to lenders: offers, assignment, notice, collection, recourse",
  contract: receivableContract,
  flows: [
    requestFinance,
    quoteOffer,
    acceptOffer,
    declineOffer,
    withdrawOffer,
    expireOffer,
    assignReceivable,
    notifyDebtor,
    acknowledgeNotice,
    collectReceivable,
    settleReceivable,
    markOverdue,
    callRecourse,
    repurchaseReceivable,
    defaultReceivable,
  ],
  responders: [receiveRequest, agreeToCommand, assignTitle, agreeToSettlement, receiveNews],
  tables: [offerTable, receivableTable, noticeTable],
});
