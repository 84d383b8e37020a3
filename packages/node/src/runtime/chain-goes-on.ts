import type { Chain } from "@stateset/notary";

/** A chain makes a block each second at least; what is asked of one that stands still waits in vain. */
const STANDSTILL_MS = 30_000;

/**
 * Looks whether the member answers, and its chain goes on.
 * @throws Error where it does not
 */
export async function chainGoesOn(
  chain: Pick<Chain, "tip">,
  now: () => number = Date.now,
): Promise<void> {
  const { chainTime } = await chain.tip();
  const behindMs = now() - chainTime;
  if (behindMs > STANDSTILL_MS) throw new Error(`the newest block is ${behindMs} ms old`);
}
