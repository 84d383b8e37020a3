import { type Command, InvalidArgumentError } from "commander";
import { NetworkFolder } from "../local/network-folder.ts";
import { partyOf, readRunning } from "../local/running-network.ts";
import { RequestError } from "../request-error.ts";
import { RestClient } from "./rest-client.ts";

export const STATE_FOLDER = ".stateset";

export type TargetOptions = { node?: string; token?: string; party?: string; dir: string };

/** The options by which a command finds the node that it talks to. */
export function withTarget(command: Command): Command {
  return command
    .option("--node <url>", "the node's REST interface (or STATESET_NODE)", httpUrl)
    .option("--token <token>", "the token to show it (or STATESET_TOKEN)")
    .option("--party <name>", "a party of the local network that runs (default: its first)")
    .option("--dir <folder>", "the local network's folder", STATE_FOLDER);
}

/** @throws RequestError `node/no-token`, `network/not-running`, `network/unknown-party` */
export function restClientFor(options: TargetOptions): RestClient {
  const { STATESET_NODE, STATESET_TOKEN } = process.env;
  const isNamed = options.party !== undefined;
  const url = options.node ?? (isNamed ? undefined : STATESET_NODE);
  const token = options.token ?? STATESET_TOKEN;
  if (url !== undefined && token !== undefined) return new RestClient({ url, token });
  if (url !== undefined)
    throw new RequestError("node/no-token", `${url} asks for a token: give --token`, { url });
  const party = partyOf(readRunning(new NetworkFolder(options.dir)), options.party);
  return new RestClient({ url: party.rest, token: options.token ?? party.token });
}

function httpUrl(value: string): string {
  const url = URL.parse(value);
  if (url !== null && /^https?:$/.test(url.protocol)) return value;
  throw new InvalidArgumentError("It must be a URL such as http://127.0.0.1:8080.");
}
