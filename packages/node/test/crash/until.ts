import { setTimeout as sleep } from "node:timers/promises";

const WAIT_MAX_MS = 60_000;
const LOOK_AGAIN_MS = 5;

/** As `expect.poll`, which only tests may use. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<void> {
  const deadline = performance.now() + WAIT_MAX_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(lookAgainMs);
  }
}
