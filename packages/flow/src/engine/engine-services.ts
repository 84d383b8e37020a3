import type { EncryptionKeys } from "@stateset/codec";
import type { BundleHash, Constraint, NotaryId, Party } from "@stateset/ledger";
import type { LedgerService } from "../ledger/ledger-service.ts";
import type { Clock, Random } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import type { NetworkMap, NotaryEntry } from "../ports/network-map.ts";
import type { Notary } from "../ports/notary.ts";
import type { Vault } from "../ports/vault.ts";
import type { FlowSession } from "../session/flow-session.ts";
import type { FlowRun } from "./flow-run.ts";

/** What the effects of flows are made of. */
export type EngineServices = {
  clock: Clock;
  random: Random;
  keys: Keys;
  /** The secret that the seeds of flows follow from. */
  seed: Uint8Array;
  /** What others wrap content keys for. */
  encryptionKeys: EncryptionKeys;
  map: NetworkMap;
  vault: Vault;
  ledger: LedgerService;
  notaries: (id: NotaryId) => Notary;
  defaultNotary(): NotaryEntry;
  /** @throws FlowError `flow/unknown-party` */
  findParty(name: string): Party;
  /** How new states of a contract are bound: the installed bundle, signed by its owner. */
  governing(contract: string): { bundle: BundleHash; constraint: Constraint };
  attach(session: FlowSession): void;
  transmit(session: FlowSession): void;
  /** Shows the run as waiting until the promise is settled. */
  waiting<T>(run: FlowRun, what: string, promise: Promise<T>): Promise<T>;
  waitUntil(run: FlowRun, time: number): Promise<void>;
  /** A timer that ends with the engine. @returns what cancels it */
  after(ms: number, callback: () => void): () => void;
  /** How long a new transaction may take from being built to being notarised, in milliseconds. */
  transactionWindowMs: number;
};
