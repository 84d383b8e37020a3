import { bombs } from "./bombs.ts";
import { depths } from "./depths.ts";
import { escapes } from "./escapes.ts";
import type { HostileCase } from "./hostile-case.ts";
import { ordinary } from "./ordinary.ts";
import { tricks } from "./tricks.ts";

/** The hostile programs, and a few ordinary contracts to be judged alike. */
export const HOSTILE_CASES: readonly HostileCase[] = [
  ...escapes,
  ...tricks,
  ...bombs,
  ...depths,
  ...ordinary,
];
