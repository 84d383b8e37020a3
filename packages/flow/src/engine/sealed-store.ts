import type { Keys } from "../ports/keys.ts";
import type { FlowRecord, Store, Write } from "../ports/store.ts";
import { openInput, sealInput } from "./sealed-input.ts";

/**
 * The store as the engine sees it: what lies in it of flows' inputs is sealed. An input that cannot
 * be opened is empty, so that its flow can still be shown and killed.
 */
export function sealInputs({ store, keys }: { store: Store; keys: Keys }): Store {
  const secret = keys.derive("flow inputs");
  const sealed = (write: Write): Write => {
    if (write.kind !== "flow") return write;
    const { record } = write;
    return {
      kind: "flow",
      record: { ...record, input: sealInput(record.id, record.input, secret) },
    };
  };
  const opened = (record: FlowRecord): FlowRecord => ({
    ...record,
    input: openInput(record.id, record.input, secret) ?? "",
  });
  return {
    begin: (seen) => store.begin(seen),
    commit: (writes) => store.commit(writes.map(sealed)),
    unfinished: async () =>
      (await store.unfinished()).map(({ record, journal }) => ({
        record: opened(record),
        journal,
      })),
    undelivered: () => store.undelivered(),
    flow: async (id) => {
      const record = await store.flow(id);
      return record && opened(record);
    },
    flowByClientId: async (clientId) => {
      const record = await store.flowByClientId(clientId);
      return record && opened(record);
    },
    flows: (query) => store.flows(query),
    journal: (flowId) => store.journal(flowId),
    transactions: (ids) => store.transactions(ids),
    attachments: (hashes) => store.attachments(hashes),
    contentKeys: (txId) => store.contentKeys(txId),
    eraseContentKeys: (txId, keyIds) => store.eraseContentKeys(txId, keyIds),
    close: () => store.close(),
  };
}
