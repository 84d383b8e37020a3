// What apps are written with: pure code, which is bundled into the app.
export { type WrappedKey, wrappedKeysSchema } from "@stateset/ledger";
export { type App, defineApp } from "./app/app.ts";
export {
  checkAndSign,
  collectSignatures,
  signatureMessages,
} from "./core/collect-signatures.ts";
export {
  acceptAndRecord,
  awaitFinal,
  finalise,
  finalityMessages,
  notariseAndRecord,
  receiveTransaction,
} from "./core/finality.ts";
export {
  inform,
  informMessages,
  informParties,
  recordInformed,
  recordShown,
  showRecorded,
} from "./core/inform.ts";
export { ourKeys, spendingKey } from "./core/spending-key.ts";
export { transact } from "./core/transact.ts";
export {
  type CoreSession,
  coreSession,
  recordedMessageSchema,
} from "./core/transaction-message.ts";
export {
  defineFlow,
  defineResponder,
  FLOW_API_VERSION,
  type FlowContext,
  type FlowDefinition,
  FlowFailure,
  type HistoryTicket,
  type OwnState,
  type Recipient,
  type ResponderDefinition,
  type SealedForParties,
  type Session,
} from "./flow-context.ts";
export type { KeyRef } from "./ports/keys.ts";
export type { StateTable } from "./ports/vault.ts";
export { defineProtocol, type Protocol } from "./protocol.ts";
