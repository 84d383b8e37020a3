import type { Output } from "./output.ts";

/** Shorter work needs no display. */
const SHOWN_AFTER_MS = 2000;
const TICK_MS = 250;

/** On a terminal, says what takes longer than two seconds, and for how long it has. */
export async function waiting<T>(what: string | (() => string), work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return await work;
  const startedAt = performance.now();
  const ticker = setInterval(() => {
    const ms = performance.now() - startedAt;
    const text = typeof what === "string" ? what : what();
    if (ms > SHOWN_AFTER_MS)
      process.stderr.write(`\r\u001b[K${text} … ${Math.floor(ms / 1000)} s `);
  }, TICK_MS);
  try {
    return await work;
  } finally {
    clearInterval(ticker);
    if (performance.now() - startedAt > SHOWN_AFTER_MS) process.stderr.write("\r\u001b[K");
  }
}

/** Shows on a terminal how far long work is; elsewhere it is said once that there is some. */
export function longWork(output: Output, show: (text: string) => void): (text: string) => void {
  let isTold = false;
  return (text) => {
    if (process.stderr.isTTY) show(text);
    else if (!isTold) output.note(text);
    isTold = true;
  };
}
