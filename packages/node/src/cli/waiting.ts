/** Shorter work needs no display. */
const SHOWN_AFTER_MS = 2000;
const TICK_MS = 250;

/** On a terminal, says what takes longer than two seconds, and for how long it has. */
export async function waiting<T>(what: string, work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return await work;
  const startedAt = performance.now();
  const ticker = setInterval(() => {
    const ms = performance.now() - startedAt;
    if (ms > SHOWN_AFTER_MS) process.stderr.write(`\r${what} … ${Math.floor(ms / 1000)} s `);
  }, TICK_MS);
  try {
    return await work;
  } finally {
    clearInterval(ticker);
    if (performance.now() - startedAt > SHOWN_AFTER_MS) process.stderr.write("\r\u001b[K");
  }
}
