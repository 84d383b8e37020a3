import { mod97 } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";

const LEI_LENGTH = 20;
const LEI_FORM = /^[0-9A-Z]{18}[0-9]{2}$/;
/** The same remainder as 97, 98 and 02, which are the check digits that the standard computes. */
const SECOND_SPELLING = /(00|01|99)$/;

/**
 * Checks a Legal Entity Identifier: 18 characters and two check digits (ISO 17442-1; the check is
 * ISO/IEC 7064 MOD 97-10, letters counting 10 to 35).
 * @throws LedgerError `party/bad-lei`
 */
export function assertLei(lei: string): void {
  if (lei.length !== LEI_LENGTH)
    throw new LedgerError({ code: "party/bad-lei", lei, reason: "length" });
  if (!LEI_FORM.test(lei))
    throw new LedgerError({ code: "party/bad-lei", lei, reason: "characters" });
  if (mod97(lei) !== 1 || SECOND_SPELLING.test(lei))
    throw new LedgerError({ code: "party/bad-lei", lei, reason: "check-digits" });
}
