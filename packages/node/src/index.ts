export { renumberedDocument } from "./demo/drills/renumbered-document.ts";
export {
  type LifecycleParties,
  type LifecycleParty,
  type LifecycleStep,
  runLifecycle,
} from "./demo/lifecycle.ts";
export { connectNodes } from "./demo/node-client.ts";
export { reconcile } from "./demo/reconcile.ts";
export { DevelopmentNetwork, type DevelopmentParty } from "./development/development-network.ts";
export { builtNotaryd } from "./local/built-notaryd.ts";
export { LocalNetwork, type LocalNetworkOptions } from "./local/local-network.ts";
export type { RunningNetwork, RunningParty } from "./local/running-network.ts";
