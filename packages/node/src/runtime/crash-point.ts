import { appendFileSync } from "node:fs";
import { RequestError } from "../request-error.ts";

const SPELLING = /^(?<point>[^#\s]{1,128})#(?<passage>[1-9][0-9]{0,8})$/;

/**
 * What the crash tests ask for in the environment: `STATESET_CRASH_POINT=<point>#<n>` ends the
 * process, as `kill -9` does, at the n-th passage of a point; `STATESET_POINTS_FILE` collects the
 * points passed, one a line.
 * @returns undefined where neither is asked for
 * @throws RequestError `node/not-development` where the node is not there for trying things out
 */
export function crashPoint(
  environment: NodeJS.ProcessEnv,
  isDevelopment: boolean,
): ((point: string) => void) | undefined {
  const { STATESET_CRASH_POINT: crash, STATESET_POINTS_FILE: file } = environment;
  if (crash === undefined && file === undefined) return undefined;
  if (!isDevelopment)
    throw new RequestError(
      "node/not-development",
      "STATESET_CRASH_POINT and STATESET_POINTS_FILE are for nodes with development: true",
    );
  const at = crash === undefined ? undefined : SPELLING.exec(crash)?.groups;
  if (crash !== undefined && at === undefined)
    throw new RequestError(
      "node/bad-crash-point",
      `STATESET_CRASH_POINT is ${crash}: write <point>#<n>, such as cash/pay/commit/before#1`,
      { found: crash },
    );
  let passages = 0;
  return (point) => {
    if (file !== undefined) appendFileSync(file, `${point}\n`);
    if (point !== at?.point || ++passages < Number(at.passage)) return;
    process.kill(process.pid, "SIGKILL");
    // The signal may take a moment to arrive: nothing more may happen before it does.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
