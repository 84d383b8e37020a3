import type { AttachedBundle, BundleFile } from "@stateset/ledger";
import type { App } from "./app.ts";

/** An app whose signature was checked and whose code is loaded. */
export type InstalledApp = {
  hash: string;
  app: App;
  contracts: readonly AttachedBundle[];
  /** The same as they travel, with all their signatures. */
  contractFiles: readonly BundleFile[];
};
