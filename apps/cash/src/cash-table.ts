import type { StateTable } from "@stateset/flow/app";

/**
 * Cash as a vault keeps it. Coins add up where issuer and currency are the same, as the contract
 * conserves money by exactly these two.
 */
export const cashTable: StateTable = {
  contract: "cash",
  type: "cash",
  version: 1,
  columns: [
    { name: "issuer_id", type: "text", path: "issuer.id" },
    { name: "issuer_name", type: "text", path: "issuer.name" },
    { name: "owner_id", type: "text", path: "owner.identity" },
    { name: "currency", type: "text", path: "amount.currency" },
    { name: "minor_units", type: "integer", path: "amount.minorUnits" },
  ],
  participants: ["owner"],
  owner: "owner",
  fungible: { quantity: "minor_units", kind: ["issuer_id", "currency"] },
  indexes: [["issuer_id", "currency"], ["owner_id"]],
};
