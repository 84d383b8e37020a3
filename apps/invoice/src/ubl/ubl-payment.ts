import { UblError } from "./ubl-error.ts";
import {
  childrenOf,
  dateAt,
  elementAt,
  placeOf,
  requiredTextAt,
  textAt,
  withoutUndefined,
} from "./ubl-fields.ts";
import type { XmlElement } from "./xml-tree.ts";

/** BG-16 */
export interface UblPaymentMeans {
  /** BT-81, UNTDID 4461: "30" credit transfer, "58" SEPA credit transfer. */
  readonly code: string;
  /** BT-84, an IBAN or a national account number, as written. */
  readonly account?: string;
  /** BT-86 */
  readonly bic?: string;
}

export interface UblPayment {
  readonly paymentMeans: readonly UblPaymentMeans[];
  /** BT-83 */
  readonly paymentReference?: string;
  /** BT-9 of a credit note; an invoice has its own element. */
  readonly paymentDueDate?: string;
}

/**
 * UBL repeats the group for each account, and with it the reference and the date, which
 * EN 16931 has once: they may be repeated, but not contradict each other (UBL-SR-44, UBL-SR-45).
 */
export function readPayment(root: XmlElement): UblPayment {
  const groups = childrenOf(root, "cac:PaymentMeans");
  return withoutUndefined({
    paymentMeans: groups.map(readPaymentMeans),
    paymentReference: sharedValue(groups, "cbc:PaymentID", "BT-83", textAt),
    paymentDueDate: sharedValue(groups, "cbc:PaymentDueDate", "BT-9", dateAt),
  });
}

function readPaymentMeans(group: XmlElement): UblPaymentMeans {
  return withoutUndefined({
    code: requiredTextAt(group, "cbc:PaymentMeansCode", "BT-81"),
    account: textAt(group, "cac:PayeeFinancialAccount/cbc:ID", "BT-84"),
    bic: textAt(group, "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID", "BT-86"),
  });
}

function sharedValue(
  groups: readonly XmlElement[],
  path: string,
  field: string,
  read: typeof textAt,
): string | undefined {
  let shared: string | undefined;
  for (const group of groups) {
    const value = read(group, path, field);
    if (value !== undefined && shared !== undefined && value !== shared) {
      throw new UblError({
        code: "ubl/repeated-field",
        ...placeOf(elementAt(group, path, field) ?? group, field),
      });
    }
    shared ??= value;
  }
  return shared;
}
