export { addCashLeg } from "./cash-leg.ts";
export { type CoinsWanted, claimCoins } from "./coins.ts";
