export { DevelopmentAuthority, type Validity } from "./certificate/development-authority.ts";
export type { Log, LogLevel } from "./log.ts";
export {
  type FileNetworkMap,
  loadNetworkMap,
  type NetworkMapOptions,
} from "./map/file-network-map.ts";
export { type Genesis, genesisSchema, networkIdOf } from "./map/genesis.ts";
export { NetworkMapError, type NetworkMapFault } from "./map/network-map-error.ts";
export {
  decodeNetworkMap,
  encodeNetworkMap,
  type NetworkMapContent,
  type NetworkTrust,
} from "./map/network-map-file.ts";
export { NetworkError, type NetworkFault } from "./network-error.ts";
export type { PeerAddress, PeerDirectory, PeerEntry } from "./peer-directory.ts";
export type { NetworkTiming } from "./timing.ts";
export { TlsNetwork, type TlsNetworkOptions } from "./tls-network.ts";
