export { type DevelopmentParty, DevelopmentNetwork } from "./development/development-network.ts";
