import type { PublicKey } from "@stateset/codec";
import { LedgerError, type NetworkId, type NotaryId, type ReceiptTrust } from "@stateset/ledger";
import { decodeNetworkMap, NetworkMapError } from "@stateset/network";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { NodeConfig } from "../config/node-config.ts";
import { NetworkFolder } from "../local/network-folder.ts";
import { partiesIn } from "../local/network-marker.ts";
import { followTrust, readTrust, type TrustedGenesis } from "../receipt-trust.ts";
import { RequestError } from "../request-error.ts";
import { readBoundedFile } from "./files.ts";

/** Three ways to say whom to believe, of which a command takes one. */
export type TrustOptions = {
  trust?: string;
  networkMap?: string;
  network?: NetworkId;
  authority?: string;
  dir?: string;
};

/** As large as a network map may be, which may hold 4,096 changes of members as a trust file may. */
const FILE_BYTES_MAX = 64 << 20;
const OTHER_WAYS = ["trust", "networkMap", "dir"];

/** There is no default: a folder that happens to lie there is nobody to believe. */
export function withTrust(command: Command): Command {
  const way = (flags: string, description: string, name: string) =>
    new Option(flags, description).conflicts(OTHER_WAYS.filter((each) => each !== name));
  return command
    .addOption(way("--trust <file>", "a trust file: network, first members, changes", "trust"))
    .addOption(way("--network-map <file>", "or a network map, with the next two", "networkMap"))
    .option("--network <id>", "the id of the map's network", networkId)
    .option("--authority <key>", "the Ed25519 key that signs the map, hexadecimal", ed25519Key)
    .addOption(way("--dir <folder>", "or the folder of a local network", "dir"));
}

/**
 * Whom the options say to believe about a cluster; undefined where they name nobody.
 * @throws RequestError that names the file at fault, or `receipt/unknown-notary`
 */
export async function trustAbout(
  cluster: NotaryId,
  options: TrustOptions,
  command: Command,
): Promise<ReceiptTrust | undefined> {
  const named = await namedBy(options, command);
  if (named === undefined) return undefined;
  const { path, notaries } = named;
  const found = notaries.find(({ genesis }) => genesis.cluster === cluster);
  if (found !== undefined) return told(path, () => followTrust(found));
  const known = notaries.map(({ genesis }) => genesis.cluster as string);
  const detail =
    `The receipt is of cluster ${cluster}, and ${path} names ${known.join(", ") || "none"}: ` +
    "ask the transaction's notary, or name the file of its network";
  throw new RequestError("receipt/unknown-notary", detail, { cluster, known });
}

type Named = { path: string; notaries: readonly TrustedGenesis[] };

async function namedBy(options: TrustOptions, command: Command): Promise<Named | undefined> {
  const { trust: path, networkMap, network, authority, dir } = options;
  if (path !== undefined) {
    const content = await readBoundedFile(path, FILE_BYTES_MAX);
    return { path, notaries: [told(path, () => readTrust(content))] };
  }
  if (dir !== undefined) return await namedByMap(await mapOf(new NetworkFolder(dir)));
  if (networkMap !== undefined && network !== undefined && authority !== undefined)
    return await namedByMap({ path: networkMap, network, authority });
  if ([networkMap, network, authority].some((each) => each !== undefined))
    command.error("error: --network-map, --network and --authority go together");
  return undefined;
}

type TrustedMap = { path: string; network: NetworkId; authority: string };

/** What the nodes of a local network believe: the configurations of all name the same map. */
async function mapOf(folder: NetworkFolder): Promise<TrustedMap> {
  const [party] = partiesIn(folder);
  if (party === undefined)
    throw new RequestError(
      "network/not-a-network-folder",
      `${folder.root} holds no local network: name the folder that stateset network up made`,
      { folder: folder.root },
    );
  const path = folder.node(party.name).config;
  const { networkMap } = JSON.parse(
    (await readBoundedFile(path, FILE_BYTES_MAX)).toString(),
  ) as NodeConfig;
  return {
    path: folder.networkMap,
    network: networkMap.network as NetworkId,
    authority: networkMap.authority,
  };
}

async function namedByMap({ path, network, authority }: TrustedMap): Promise<Named> {
  const file = await readBoundedFile(path, FILE_BYTES_MAX);
  const key: PublicKey = { kind: "ed25519", key: authority };
  const { notaries } = told(path, () => decodeNetworkMap(file, { network, authority: key }));
  return { path, notaries: notaries.map((each) => ({ network, ...each })) };
}

/** What a file's reader throws, as a problem that names the file and the remedy. */
function told<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LedgerError || error instanceof NetworkMapError)) throw error;
    const { code, ...facts } = error.fault;
    const reason = "reason" in facts ? ` (${facts.reason})` : "";
    throw new RequestError(code, `${path} ${REMEDIES[code] ?? error.message}${reason}`, {
      path,
      ...facts,
    });
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  "receipt/malformed": "is no trust file: get it again from the notary's operators",
  "receipt/untrusted-members":
    "names members that those before them did not agree to: get it again from the notary's operators",
  "network-map/malformed": "is no network map: get it again from the map authority",
  "network-map/signature-invalid":
    "is not signed by --authority for --network: correct these, or get the right map",
  "network-map/wrong-network": "is that of another network: correct --network",
};

function networkId(value: string): NetworkId {
  return hex32(value) as NetworkId;
}

function ed25519Key(value: string): string {
  return hex32(value);
}

function hex32(value: string): string {
  if (/^[0-9a-f]{64}$/.test(value)) return value;
  throw new InvalidArgumentError("It must be 64 hexadecimal digits, lower case.");
}
