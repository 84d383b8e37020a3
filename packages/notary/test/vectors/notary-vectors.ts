import { ACCEPTED_AUTHORITIES } from "./accepted-authorities.ts";
import { ACCEPTED_REQUESTS } from "./accepted-requests.ts";
import { REFUSED_BYTES } from "./refused-bytes.ts";
import { REFUSED_FORMS } from "./refused-forms.ts";
import { REFUSED_GROUPS } from "./refused-groups.ts";
import { REFUSED_PROOFS } from "./refused-proofs.ts";
import { REFUSED_SIGNATURES } from "./refused-signatures.ts";
import { REFUSED_VERDICTS } from "./refused-verdicts.ts";
import { acceptedRows, type Row, refusedRows } from "./row.ts";

export const NOTARY_VECTORS = new URL("../../../../test-vectors/notary.json", import.meta.url);

/** The text of test-vectors/notary.json. */
export function notaryVectors(): string {
  const rows: Row[] = [
    ...acceptedRows([...ACCEPTED_AUTHORITIES, ...ACCEPTED_REQUESTS]),
    ...refusedRows("open", [...REFUSED_BYTES, ...REFUSED_GROUPS]),
    ...refusedRows("check", [...REFUSED_FORMS, ...REFUSED_PROOFS, ...REFUSED_SIGNATURES]),
    ...refusedRows("judge", REFUSED_VERDICTS),
  ];
  assertNamesDiffer(rows);
  return `${JSON.stringify({ rows }, undefined, 2)}\n`;
}

/** All that looks random is counted by a row's name. */
function assertNamesDiffer(rows: readonly Row[]): void {
  const names = new Set<string>();
  for (const { name } of rows) {
    if (names.has(name)) throw new Error(`two rows are called ${name}`);
    names.add(name);
  }
}
