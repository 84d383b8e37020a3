import { LedgerError } from "../ledger-error.ts";

const LEI_LENGTH = 20;
const LEI_FORM = /^[0-9A-Z]{18}[0-9]{2}$/;

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
  if (mod97(lei) !== 1)
    throw new LedgerError({ code: "party/bad-lei", lei, reason: "check-digits" });
}

function mod97(lei: string): number {
  let remainder = 0;
  for (const character of lei) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}
