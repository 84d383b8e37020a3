import { defineApp } from "@stateset/flow/app";
import { cashTable } from "./cash-table.ts";
import { cashContract } from "./contract/cash-contract.ts";
import { issueCash, receiveIssue } from "./flows/issue-cash.ts";
import { payCash, receivePayment } from "./flows/pay-cash.ts";
import { receiveRedemption, redeemCash } from "./flows/redeem-cash.ts";

export default defineApp({
  name: "cash",
  version: 1,
  description: "Money on the ledger: issue it, pay with it, redeem it",
  contract: cashContract,
  flows: [issueCash, payCash, redeemCash],
  responders: [receiveIssue, receivePayment, receiveRedemption],
  tables: [cashTable],
});
