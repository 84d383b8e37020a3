export { DevelopmentNetwork, type DevelopmentParty } from "./development/development-network.ts";
