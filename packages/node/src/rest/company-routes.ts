import type { EncryptionKeys } from "@stateset/codec";
import type { FlowService, NetworkMap, Store, Vault } from "@stateset/flow";
import type { FastifyInstance } from "fastify";
import { registerAttachmentRoutes } from "./attachment-routes.ts";
import { registerFlowRoutes } from "./flow-routes.ts";
import { type NodeDescription, registerNodeRoutes } from "./node-routes.ts";
import { registerPrivateRoutes } from "./private-routes.ts";
import { registerTransactionRoutes } from "./transaction-routes.ts";
import { registerVaultRoutes } from "./vault-routes.ts";

export type CompanyRoutesOptions = {
  flows: FlowService;
  store: Pick<Store, "transactions" | "attachments" | "contentKeys" | "commit">;
  vault: Vault;
  map: NetworkMap;
  node: NodeDescription;
  encryptionKeys: EncryptionKeys;
};

/** All that a company's node offers over HTTP, besides health and metrics. */
export function registerCompanyRoutes(
  server: FastifyInstance,
  options: CompanyRoutesOptions,
): void {
  const versions = new Map(options.node.apps.map(({ hash, version }) => [hash, version]));
  registerFlowRoutes(server, {
    flows: options.flows,
    appVersion: (bundle) => versions.get(bundle),
  });
  registerVaultRoutes(server, options);
  registerTransactionRoutes(server, options);
  registerPrivateRoutes(server, options);
  registerAttachmentRoutes(server, options);
  registerNodeRoutes(server, options);
}
