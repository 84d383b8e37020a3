import type { Figure } from "./figure.ts";

const HEADINGS = ["figure", "value", "unit", "n", "CPU ms/op", "RSS MB"];

export function table(figures: Figure[]): string {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => row.map((cell, i) => align(cell, i, widths[i] ?? 0)).join("  "))
    .join("\n");
}

function cells({ figure, value, unit, n, cpuMsPerOp, rssMb }: Figure): string[] {
  return [figure, rounded(value), unit, rounded(n), rounded(cpuMsPerOp), rounded(rssMb)];
}

/** Three significant digits below a thousand, whole numbers above. */
function rounded(value: number): string {
  if (value === 0 || Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

/** Words to the left, numbers to the right. */
function align(cell: string, column: number, width: number): string {
  return column === 0 || column === 2 ? cell.padEnd(width) : cell.padStart(width);
}
