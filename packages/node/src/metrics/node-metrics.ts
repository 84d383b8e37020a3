import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** A figure that a part of the node keeps, read when somebody asks. */
export type Figure = {
  /** Snake case, with the unit last, as Prometheus wants it. */
  name: string;
  help: string;
  kind: "counter" | "gauge";
  /** One value, or one for each value of `label`. */
  read(): number | ReadonlyMap<string, number>;
  label?: string;
};

/** The registry of a node's metrics, with those of the process: event loop, memory, CPU. */
export function createMetrics(node: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ node });
  collectDefaultMetrics({ register: registry });
  return registry;
}

export function addFigure(registry: Registry, { name, help, kind, read, label }: Figure): void {
  const shared = {
    name: `stateset_${name}`,
    help,
    registers: [registry],
    labelNames: label === undefined ? [] : [label],
  };
  if (kind === "gauge") {
    const gauge: Gauge = new Gauge({
      ...shared,
      collect() {
        gauge.reset();
        each(read(), label, (labels, value) => gauge.set(labels, value));
      },
    });
    return;
  }
  const counter: Counter = new Counter({
    ...shared,
    collect() {
      // The part counts; what Prometheus is told is its count, not what was added here.
      counter.reset();
      each(read(), label, (labels, value) => counter.inc(labels, value));
    },
  });
}

function each(
  found: number | ReadonlyMap<string, number>,
  label: string | undefined,
  tell: (labels: Record<string, string>, value: number) => void,
): void {
  if (typeof found === "number") tell({}, found);
  else for (const [key, value] of found) tell({ [label ?? "key"]: key }, value);
}
