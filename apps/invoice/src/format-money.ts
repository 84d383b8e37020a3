import { ISO_4217 } from "./ubl/iso-4217.ts";

/** An amount as people read it, such as `EUR 17381.55`. */
export function formatMoney(minorUnits: bigint, currency: string): string {
  const digits = ISO_4217.get(currency) ?? 0;
  const sign = minorUnits < 0n ? "-" : "";
  const written = String(minorUnits < 0n ? -minorUnits : minorUnits).padStart(digits + 1, "0");
  const whole = written.slice(0, written.length - digits);
  const fraction = digits === 0 ? "" : `.${written.slice(written.length - digits)}`;
  return `${currency} ${sign}${whole}${fraction}`;
}
