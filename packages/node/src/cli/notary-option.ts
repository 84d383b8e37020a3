import { InvalidArgumentError, Option } from "commander";
import type { WantedNotary } from "../local/local-notary.ts";

/** As many as parties; two processes each, on one machine. */
const MEMBERS_MAX = 16;

/** Which notary a local network has. */
export function notaryOption(): Option {
  return new Option(
    "--notary <kind>",
    "its notary: embedded, or cluster[:members], which Go builds (default: the folder's, or embedded)",
  ).argParser(parseNotary);
}

export function parseNotary(value: string): WantedNotary {
  if (value === "embedded") return { kind: "embedded" };
  if (/^validating(:[0-9]{1,2})?$/.test(value))
    throw new InvalidArgumentError("This notary is not built yet: use embedded or cluster.");
  const [, members] = /^cluster(?::([0-9]{1,2}))?$/.exec(value) ?? [value, ""];
  if (members === undefined) return { kind: "cluster" };
  const number = Number(members);
  if (number >= 1 && number <= MEMBERS_MAX) return { kind: "cluster", members: number };
  throw new InvalidArgumentError(
    `It must be embedded, or cluster, or cluster:N with 1 to ${MEMBERS_MAX} members.`,
  );
}
