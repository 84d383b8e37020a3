import { createPrivateKey, sign as signBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fromHex, keyId, type PublicKey, publicKeyOf, type SecretKey, sign } from "@stateset/codec";
import type { NotaryEntry } from "@stateset/flow";
import type { IdentityId, MemberSet } from "@stateset/ledger";
import {
  ClusterWorker,
  FileSigningRecord,
  MemberChain,
  serveWorker,
  type TransactionSigner,
  type WorkerKey,
} from "@stateset/notary";
import { RequestError } from "../request-error.ts";
import { chainGoesOn } from "./chain-goes-on.ts";
import type { NotaryRole, NotaryRoleOptions } from "./notary-role.ts";
import { ownNotary } from "./own-member-set.ts";
import { systemClock } from "./platform.ts";

/** Outlives the chain's database, which an operator may put back. */
const SIGNING_RECORD = "signed-block";

/**
 * The worker beside one member of a cluster.
 * @throws RequestError as `ownNotary`, and `node/wrong-worker-key`
 */
export async function openWorkerRole(
  { loaded, identity, network }: NotaryRoleOptions,
  { rpc, secret }: { rpc: string; secret: SecretKey },
): Promise<NotaryRole> {
  const { party, map } = identity;
  const { id, memberSets } = ownNotary(identity, loaded.file);
  const key: WorkerKey = {
    publicKey: publicKeyOf(secret),
    sign: async (payload) => sign(secret, payload),
  };
  const entry = () => map.notary(id);
  const identityOf = (worker: PublicKey) => identityOfWorker(entry(), worker);
  if (identityOf(key.publicKey) !== party.id)
    throw new RequestError(
      "node/wrong-worker-key",
      `notary.chain.workerKeyFile in ${loaded.file}: the network map has the key of another node, ` +
        "or of none; name the worker_key.json of the member that this node works for",
      { key: "notary.chain.workerKeyFile", found: key.publicKey.key },
    );
  const { dataFolder } = loaded.config;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const chain = new MemberChain({
    url: rpc,
    signer: signerOf(secret, key.publicKey),
    clock: systemClock,
  });
  const worker = new ClusterWorker({
    ...{ network: map.network, chain, key, identity: party.id },
    genesis: memberSets[0] as MemberSet,
    peers: { network, identityOf },
    record: new FileSigningRecord(join(dataFolder, SIGNING_RECORD)),
    clock: systemClock,
  });
  return {
    request: serveWorker(worker, identityOf),
    checks: { chain: () => chainGoesOn(chain) },
    async close() {
      worker.close();
      chain.close();
    },
  };
}

/** RFC 8410: what stands before a key's 32 bytes. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** Signs transactions of the chain, whose bytes are signed as they are. */
function signerOf({ secret }: SecretKey, { key }: PublicKey): TransactionSigner {
  const der = Buffer.concat([PKCS8, secret]);
  const own = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return {
    publicKey: fromHex(key),
    sign: async (bytes) => new Uint8Array(signBytes(null, bytes, own)),
  };
}

/** By the network map, whose identities stand in the order of the newest member set. */
function identityOfWorker(
  entry: NotaryEntry | undefined,
  worker: PublicKey,
): IdentityId | undefined {
  const { members = [] } = entry?.memberSets.at(-1) ?? {};
  const index = members.findIndex((each) => keyId(each) === keyId(worker));
  return index < 0 ? undefined : entry?.identities[index];
}
