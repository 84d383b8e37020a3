import { VaultError } from "../ports/vault.ts";

const CURSOR = /^after:(\d{1,15})$/;

/** Where a page ended, by the number that its last row was recorded under; opaque to callers. */
export function formatCursor(position: number): string {
  return btoa(`after:${position}`).replaceAll("=", "");
}

/** @throws VaultError `vault/bad-cursor` */
export function parseCursor(cursor: string): number {
  const [, position] = CURSOR.exec(decoded(cursor)) ?? [];
  if (position === undefined) throw new VaultError({ code: "vault/bad-cursor", cursor });
  return Number(position);
}

function decoded(cursor: string): string {
  try {
    return atob(cursor);
  } catch {
    return "";
  }
}
