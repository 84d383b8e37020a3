/** Where a part of the node says what happened: a message that stays the same, and fields that vary. */
export type Log = (
  level: "debug" | "info" | "warn" | "error",
  message: string,
  fields?: Record<string, unknown>,
) => void;
