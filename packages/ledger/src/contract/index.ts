/** What contracts are written with. Nothing here hashes, signs, or knows the time. */
export { type Amount, amountSchema, currencySchema, minorUnitsSchema } from "../amount-schema.ts";
export { type Holder, holderSchema } from "../party/holder-schema.ts";
export {
  type IdentityId,
  identityIdSchema,
  type Party,
  partySchema,
} from "../party/party-schema.ts";
export { dayNumber, dayOf, plusDays } from "./civil-day.ts";
export {
  type AuthorityRule,
  type CommandDefinition,
  type Contract,
  defineContract,
  holder,
  type RuleCheck,
  type RuleContext,
  type StateChange,
  type StateDefinition,
  type StateDefinitions,
  type StateOf,
  type StateUse,
  type UniqueKeyClaim,
} from "./define-contract.ts";
export {
  type ContractInput,
  type GuestValue,
  runContract,
  type StateEntry,
} from "./run-contract.ts";
