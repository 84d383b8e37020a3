import type { StateDefinitions } from "@stateset/ledger/contract";
import type { FlowDefinition, ResponderDefinition } from "../flow-context.ts";
import type { StateTable } from "../ports/vault.ts";

/** A business agreement as a node installs it; the default export of its `src/index.ts`. */
export type App = {
  /** Lower case; also the first part of its flows' names. */
  name: string;
  version: number;
  description: string;
  /** Contracts of its own, built from `src/contract`. */
  contract: { readonly name: string; readonly version: number; readonly states: StateDefinitions };
  flows: readonly FlowDefinition[];
  responders: readonly ResponderDefinition[];
  tables: readonly StateTable[];
};

export function defineApp(app: App): App {
  return app;
}
