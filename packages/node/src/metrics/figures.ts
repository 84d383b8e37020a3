import type { FlowEngine } from "@stateset/flow";
import type { OpenVault } from "@stateset/vault";
import type { Registry } from "prom-client";
import { addFigure } from "./node-metrics.ts";

export function addEngineFigures(registry: Registry, flows: Pick<FlowEngine, "stats">): void {
  addFigure(registry, {
    name: "flows_started_total",
    help: "Flows started here since the node started, responders included",
    kind: "counter",
    read: () => flows.stats().started,
  });
  addFigure(registry, {
    name: "flows_ended_total",
    help: "Flows that ended since the node started",
    kind: "counter",
    read: () => flows.stats().ended,
  });
  addFigure(registry, {
    name: "flows_unfinished",
    help: "Flows that have not ended: running, waiting or held",
    kind: "gauge",
    read: () => flows.stats().running,
  });
  addFigure(registry, {
    name: "flow_sessions",
    help: "Sessions with other nodes' flows",
    kind: "gauge",
    read: () => flows.stats().sessions,
  });
}

export function addVaultFigures(registry: Registry, stats: OpenVault["stats"]): void {
  const figures = {
    commits: ["vault_commits_total", "Commits that were durable"],
    batches: ["vault_batches_total", "Statements that carried them, each one write to disk"],
    writes: ["vault_writes_total", "Single writes in those commits"],
    bytes: ["vault_bytes_total", "Bytes sent to the database with them"],
  } as const;
  for (const [key, [name, help]] of Object.entries(figures))
    addFigure(registry, {
      name,
      help,
      kind: "counter",
      read: () => stats()[key as keyof typeof figures],
    });
  addFigure(registry, {
    name: "vault_commit_wait_seconds_total",
    help: "Time that batches took to become durable, summed",
    kind: "counter",
    read: () => stats().waitMs / 1000,
  });
}
