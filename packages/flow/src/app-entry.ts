// What apps are written with: pure code, which is bundled into the app.
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
export { coreSession } from "./core/transaction-message.ts";
export {
  defineFlow,
  defineResponder,
  FLOW_API_VERSION,
  type FlowContext,
  type FlowDefinition,
  FlowFailure,
  type HistoryTicket,
  type OwnState,
  type ResponderDefinition,
  type Session,
} from "./flow-context.ts";
export type { StateTable } from "./ports/vault.ts";
export { defineProtocol, type Protocol } from "./protocol.ts";
