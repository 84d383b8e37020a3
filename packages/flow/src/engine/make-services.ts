import type { NotaryId } from "@stateset/ledger";
import { FlowFailure } from "../flow-context.ts";
import { encryptionKeysOf } from "../ledger/encryption-keys.ts";
import type { LedgerService } from "../ledger/ledger-service.ts";
import type { Log } from "../log.ts";
import type { Clock, Random } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import type { NetworkMap, NotaryEntry } from "../ports/network-map.ts";
import type { Notary } from "../ports/notary.ts";
import type { Vault } from "../ports/vault.ts";
import type { SessionHub } from "../session/session-hub.ts";
import type { EngineServices } from "./engine-services.ts";
import { findParty } from "./find-party.ts";
import type { FlowRun } from "./flow-run.ts";
import type { Timers } from "./timers.ts";

/** Long enough for every party to check and sign, short enough that nobody waits for an option. */
const TRANSACTION_WINDOW_MS = 10 * 60_000;

/** The ports that effects use, and what they have in common. */
export function makeServices(on: {
  clock: Clock;
  random: Random;
  keys: Keys;
  map: NetworkMap;
  vault: Vault;
  notaries: (id: NotaryId) => Notary;
  log: Log;
  ledger: LedgerService;
  hub: SessionHub;
  timers: Timers;
  transactionWindowMs?: number;
}): EngineServices & { log: Log } {
  const { clock, random, keys, map, vault, notaries, log, ledger, hub, timers } = on;
  return {
    ...{ clock, random, keys, map, vault, notaries, log, ledger },
    seed: keys.derive("flow seeds"),
    encryptionKeys: encryptionKeysOf(keys),
    defaultNotary: () => defaultNotary(map),
    findParty: (name) => findParty(name, map),
    governing: (contract) => governing(contract, { ledger, map }),
    attach: (session) => hub.add(session),
    transmit: (session) => hub.transmit(session),
    waiting,
    waitUntil: (run, time) =>
      waiting(run, `the time ${new Date(time).toISOString()}`, timers.until(time)),
    after: (ms, callback) => timers.after(ms, callback),
    transactionWindowMs: on.transactionWindowMs ?? TRANSACTION_WINDOW_MS,
  };
}

/** New states may be governed by later versions that the contract's owner signs. */
function governing(
  contract: string,
  { ledger, map }: { ledger: LedgerService; map: NetworkMap },
): ReturnType<EngineServices["governing"]> {
  const found = ledger.bundleNamed(contract);
  if (found === undefined)
    throw new FlowFailure("flow/contract-missing", "no app here brings the contract", { contract });
  const { hash: bundle } = found;
  const owner = map.current.contractOwners.find((each) => each.contract === contract);
  if (owner === undefined) return { bundle, constraint: { kind: "exact", bundle } };
  const { version } = found.bundle;
  return { bundle, constraint: { kind: "signed", key: owner.key, version } };
}

async function waiting<T>(run: FlowRun, what: string, promise: Promise<T>): Promise<T> {
  const { progress } = run.record;
  run.record.progress = `waits for ${what}`;
  run.setStatus("WAITING");
  try {
    return await promise;
  } finally {
    await run.goesOn();
    if (progress === undefined) delete run.record.progress;
    else run.record.progress = progress;
    run.setStatus("RUNNING");
  }
}

function defaultNotary(map: NetworkMap): NotaryEntry {
  const [first] = map.notaries();
  if (first !== undefined) return first;
  throw new FlowFailure("flow/no-notary", "the network map has no notary");
}
