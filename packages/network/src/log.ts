export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where events go. Facts stand in the fields, never in the message. */
export type Log = (level: LogLevel, message: string, fields: Record<string, unknown>) => void;

/** What strangers can cause is told this often a second at most. */
const LINES_PER_SECOND_MAX = 20;
const SECOND_MS = 1000;

/** A log that strangers cannot fill: what is left out is counted, and told with the next line. */
export function boundedLog(log: Log, now: () => number = () => performance.now()): Log {
  let second = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let leftOut = 0;
  return (level, message, fields) => {
    if (now() - second >= SECOND_MS) {
      second = now();
      lines = 0;
    }
    if (++lines > LINES_PER_SECOND_MAX) {
      leftOut++;
      return;
    }
    log(level, message, leftOut === 0 ? fields : { ...fields, leftOut });
    leftOut = 0;
  };
}
