import { jsonSchemaOf } from "@stateset/codec";
import type { InstalledApp, NetworkMap } from "@stateset/flow";
import type { Party } from "@stateset/ledger";
import type { NodeConfig } from "../config/node-config.ts";
import type { NodeDescription } from "../rest/node-routes.ts";
import { VERSION } from "../version.ts";

export function describeNode(on: {
  config: NodeConfig;
  party: Party;
  map: NetworkMap;
  run: { incarnation: string; run: number };
  apps: readonly InstalledApp[];
}): NodeDescription {
  const { config, party, map, run, apps } = on;
  return {
    name: config.name,
    role: config.role,
    identity: party.id,
    legalName: party.name,
    network: map.network,
    version: VERSION,
    development: config.development === true,
    startedAt: new Date().toISOString(),
    ...run,
    apps: apps.map(({ hash, app }) => ({
      name: app.name,
      version: app.version,
      hash,
      description: app.description,
      flows: app.flows.map(({ name, description, input }) => ({
        name,
        description,
        input: jsonSchemaOf(input),
      })),
      states: app.tables.map(({ contract, type }) => `${contract}/${type}`),
    })),
  };
}
