export { cashContract } from "./cash-contract.ts";
export { type CashState, cashSchema } from "./cash-state.ts";
