import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@stateset/flow";
import { formatX500Name } from "@stateset/ledger";
import { LocalNetwork, type LocalNetworkOptions, removeNetwork } from "../local/local-network.ts";
import { COMPANIES, type RegisteredNames } from "./registered-names.ts";

/** The parties of a demo, as commands name them. */
const PARTIES = ["buyer", "seller", "lender", "bank"];
/** A second lender, for drills. */
export const RIVAL = "rival";
const STATE_FOLDER = ".stateset";

export type DemoNetworkOptions = {
  /** Where it stays; a fresh folder under `.stateset`, removed at the end, unless given. */
  dir?: string;
  names: RegisteredNames;
  /** Whether a second lender takes part. */
  hasRival?: boolean;
  basePort?: number;
  notary?: LocalNetworkOptions["notary"];
  log: Log;
  onProgress?: LocalNetworkOptions["onProgress"];
  onDeath?: LocalNetworkOptions["onDeath"];
};

/** A local network whose seller and buyer are called as on the invoice. */
export type DemoNetwork = { network: LocalNetwork; dir: string; end: () => Promise<void> };

export async function startDemoNetwork(options: DemoNetworkOptions): Promise<DemoNetwork> {
  const { names, basePort, notary, log, onProgress, onDeath } = options;
  const dir = options.dir ?? freshFolder();
  const starting = LocalNetwork.start({
    folder: dir,
    parties: options.hasRival ? [...PARTIES, RIVAL] : PARTIES,
    legalNames: {
      ...COMPANIES,
      seller: formatX500Name(names.seller),
      buyer: formatX500Name(names.buyer),
    },
    leis: names.leis,
    log,
    ...(basePort !== undefined && { basePort }),
    ...(notary !== undefined && { notary }),
    ...(onProgress !== undefined && { onProgress }),
    ...(onDeath !== undefined && { onDeath }),
  });
  try {
    const network = await starting;
    const end = () => (options.dir === undefined ? network.remove() : network.stop());
    return { network, dir, end };
  } catch (error) {
    if (options.dir === undefined) await removeNetwork(dir);
    throw error;
  }
}

function freshFolder(): string {
  mkdirSync(STATE_FOLDER, { recursive: true });
  return mkdtempSync(join(STATE_FOLDER, "demo-"));
}
