export { DevelopmentNetwork, type DevelopmentParty } from "./development/development-network.ts";
export { LocalNetwork, type LocalNetworkOptions } from "./local/local-network.ts";
export type { RunningNetwork, RunningParty } from "./local/running-network.ts";
