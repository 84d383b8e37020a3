import type { Log, Network, NetworkHandlers } from "@stateset/flow";
import type { LoadedConfig } from "../config/read-config.ts";
import type { NodeIdentity } from "./open-identity.ts";

/** What a notary's node does for others, whichever notary it is. */
export type NotaryRole = {
  request: NetworkHandlers["request"];
  /** What it cannot work without, by name. */
  checks: Readonly<Record<string, () => Promise<unknown>>>;
  close(): Promise<void>;
};

export type NotaryRoleOptions = {
  loaded: LoadedConfig;
  identity: NodeIdentity;
  /** To ask others by, once it has been started. */
  network: Pick<Network, "request">;
  log: Log;
  onPoint: ((point: string) => void) | undefined;
};
