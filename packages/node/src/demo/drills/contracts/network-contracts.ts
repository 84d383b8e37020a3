import { readFile } from "node:fs/promises";
import { cashContract } from "@stateset/cash/contract";
import { decodeAppFile, readApp } from "@stateset/flow";
import { invoiceContract } from "@stateset/invoice/contract";
import type { AttachedBundle, GoverningContract, NetworkParameters } from "@stateset/ledger";
import type { Contract } from "@stateset/ledger/contract";
import { receivableContract } from "@stateset/receivable/contract";
import { RestClient } from "../../../cli/rest-client.ts";
import { NetworkFolder } from "../../../local/network-folder.ts";
import type { RunningNetwork } from "../../../local/running-network.ts";

/** The sources, to build with; what judges are the bundles. */
const SOURCES = [cashContract, invoiceContract, receivableContract] as unknown as Contract[];

/** What the nodes of a network judge transactions by. */
export type NetworkContracts = {
  parameters: NetworkParameters;
  bundles: readonly AttachedBundle[];
  governing: readonly GoverningContract<Contract>[];
};

/** Reads the app files that the nodes run, and asks one of them for the network's parameters. */
export async function networkContracts(
  dir: string,
  { parties }: RunningNetwork,
): Promise<NetworkContracts> {
  const [first] = parties;
  if (first === undefined) throw new Error("a network has parties");
  const rest = new RestClient({ url: first.rest, token: first.token });
  const { body } = await rest.get("/v1/network");
  const { parameters: told } = body as { parameters: NetworkParameters & { hash: string } };
  const { hash: _, ...parameters } = told;
  const folder = new NetworkFolder(dir);
  const bundles = await Promise.all(
    SOURCES.map(async ({ name }) => {
      const { app } = decodeAppFile(new Uint8Array(await readFile(folder.app(name))));
      const bundle = readApp(app).contracts.find((each) => each.bundle.name === name);
      if (bundle === undefined) throw new Error(`the app ${name} brings its contract`);
      return bundle;
    }),
  );
  const governing = SOURCES.map((contract, i) => {
    const { hash } = bundles[i] as AttachedBundle;
    return { contract, bundle: hash, constraint: { kind: "exact" as const, bundle: hash } };
  });
  return { parameters, bundles, governing };
}
