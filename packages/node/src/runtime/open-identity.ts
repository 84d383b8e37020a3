import { readFile } from "node:fs/promises";
import { keyId } from "@stateset/codec";
import type { Keys, Log, NetworkMap } from "@stateset/flow";
import { type FileKeyStore, openKeyStore } from "@stateset/keys";
import type { Party } from "@stateset/ledger";
import type { FileNetworkMap } from "@stateset/network";
import type { LoadedConfig } from "../config/read-config.ts";
import { RequestError } from "../request-error.ts";
import { openNetworkMap } from "./open-network-map.ts";

/** Who a node is on its network, and what it proves that with. */
export type NodeIdentity = {
  party: Party;
  keys: Keys;
  map: FileNetworkMap;
  /** Stops following the map's file. */
  close(): void;
  /** For the TLS connections to other nodes. */
  credentials: { certificate: string; privateKey: string };
};

/** @throws KeyStoreError, NetworkMapError, RequestError `node/not-registered` */
export async function openIdentity(loaded: LoadedConfig, log: Log): Promise<NodeIdentity> {
  const { config, secrets, file } = loaded;
  const { path } = config.keyStore;
  const [keyStore, watched, certificate] = await Promise.all([
    openKeyStore({ path, password: secrets.keyStorePassword }),
    openNetworkMap(config, log),
    readFile(config.p2p.certificate, "utf8"),
  ]);
  const { map } = watched;
  const party = registeredAs(keyStore, map);
  if (party === undefined) {
    watched.close();
    throw new RequestError(
      "node/not-registered",
      `keyStore.path in ${file}: nobody on the network map is registered with the keys of ${path}; ` +
        "register the node, or name the key store that it was registered with",
      { key: "keyStore.path", path },
    );
  }
  const privateKey = keyStore.tlsPrivateKey();
  const keys = keyStore.as(party.id, map.identityKey(party.id));
  return { party, keys, map, close: watched.close, credentials: { certificate, privateKey } };
}

function registeredAs(keyStore: FileKeyStore, map: NetworkMap): Party | undefined {
  const own = keyId(keyStore.identityKey);
  return map.parties().find(({ id }) => {
    const key = map.identityKey(id);
    return key !== undefined && key.kind !== "threshold" && keyId(key) === own;
  });
}
